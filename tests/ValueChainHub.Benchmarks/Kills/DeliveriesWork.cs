using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Benchmarks.Kills;

/// <summary>A story comes in by webhooks and goes out as writes; each life hears a portion of it.</summary>
internal sealed class DeliveriesWork(KillStage stage, int kills) : KilledWork(stage)
{
    private static readonly TimeSpan PatienceForAWrite = TimeSpan.FromSeconds(15);

    private int told;

    /// <summary>Webhooks are doubled and overtake each other; none is lost, so that every vendor's word must be there at the end.</summary>
    public static Faults Disorder { get; } = Faults.Only(Fault.Duplicate, Fault.Twin, Fault.Reorder);

    private IReadOnlyList<Act> Acts => Stage.Vendors.Story.Acts;

    /// <summary>Tells a portion, and returns when a vendor accepted a write in this life: what is cut off then is work in both directions.</summary>
    public override async Task GoOnAsync(CancellationToken cancellationToken)
    {
        var before = Stage.WriteCount;
        Tell(told + (Acts.Count / (kills + 1)), cancellationToken);
        for (var waited = System.Diagnostics.Stopwatch.StartNew(); Stage.WriteCount == before && waited.Elapsed < PatienceForAWrite;)
            await Task.Delay(20, cancellationToken);
    }

    public override Task<bool> IsGoingOnAsync(CancellationToken cancellationToken) => Stage.IsBusyAsync(cancellationToken);

    public override async Task<bool> IsOverAsync(CancellationToken cancellationToken) => told == Acts.Count && !await Stage.IsBusyAsync(cancellationToken);

    public override async Task FinishAsync(KillVerdict verdict, CancellationToken cancellationToken)
    {
        Tell(Acts.Count, cancellationToken);
        await Stage.Vendors.DrainAsync();
        await RestAsync(verdict, cancellationToken);
        await KillDemands.UntilMetAsync(Stage, verdict, KillDemands.OfTheStoryAsync, cancellationToken);
    }

    private void Tell(int until, CancellationToken cancellationToken)
    {
        for (; told < Math.Min(until, Acts.Count); told++)
            Stage.Vendors.Send(Stage.Vendors.Do(Acts[told]), cancellationToken);
    }
}
