using ValueChainHub.Benchmarks.Verification;
using ValueChainHub.Sandbox;

namespace ValueChainHub.Benchmarks.Kills;

/// <summary>Work in the middle of which the hub is killed, on a stage of its own.</summary>
public abstract class KilledWork(KillStage stage)
{
    /// <summary>The vendors' lines let the hub make a handful of calls a second, so what many writes need takes its time.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    protected KillStage Stage { get; } = stage;

    protected StartedRuns Runs { get; } = new(stage.Api);

    /// <summary>What is there before the first kill.</summary>
    public virtual Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The hub is up: begins the work, or its next portion, if that does not go on by itself.</summary>
    public abstract Task GoOnAsync(CancellationToken cancellationToken);

    /// <summary>Whether a kill now would be one in the middle of the work.</summary>
    public virtual async Task<bool> IsGoingOnAsync(CancellationToken cancellationToken) => await Runs.ActiveAsync(cancellationToken) > 0;

    /// <summary>Nothing is left to be killed in; another stage is needed.</summary>
    public virtual Task<bool> IsOverAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    /// <summary>Nobody is killed any more: all that is left is done, and everything demanded that the work is about.</summary>
    public abstract Task FinishAsync(KillVerdict verdict, CancellationToken cancellationToken);

    /// <summary>How the vendors are to be played for the work of this name.</summary>
    public static SandboxOptions Options(string work, int seed, int shoppers) => work == KillDuringSettings.Backfill
        ? BackfillWork.Options(seed, shoppers)
        : new() { Seed = seed, Shoppers = shoppers, Faults = DeliveriesWork.Disorder, RetrySpeed = 120 };

    public static KilledWork Create(string work, KillStage stage, int kills) => work switch
    {
        KillDuringSettings.Deliveries => new DeliveriesWork(stage, kills),
        KillDuringSettings.Replay => new ReplayWork(stage),
        KillDuringSettings.Backfill => new BackfillWork(stage),
        KillDuringSettings.Reconciliation => new ReconciliationWork(stage),
        _ => throw new ArgumentException($"Nothing is known of {work}.", nameof(work)),
    };

    protected async Task RestAsync(KillVerdict verdict, CancellationToken cancellationToken)
    {
        if (!await Stage.RestAsync(Patience, cancellationToken))
            verdict.Findings.Add($"the hub did not come to rest within {Patience.TotalMinutes:0} minutes: {await Stage.Api.GetAsync("operations/ledger", cancellationToken)}");
    }
}

/// <summary>What was looked at, and what was not as it must be.</summary>
public sealed class KillVerdict
{
    private readonly List<string> looked = [];

    public Findings Findings { get; } = new();

    /// <summary>What was compared, with its number, in the order of the looks.</summary>
    public IReadOnlyList<string> Looked => looked;

    public void Saw(FormattableString what) => looked.Add(FormattableString.Invariant(what));

    internal void Add(KillVerdict other)
    {
        looked.AddRange(other.looked);
        other.Findings.CopyTo(Findings);
    }
}
