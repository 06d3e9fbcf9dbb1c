using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Runs;

/// <summary>Takes the next steps of all active runs, each in a lane of its own, so that a slow one holds none of the others.</summary>
/// <remarks>A step's result is kept under the etag that the run was read with: of two processes that take the same step one is kept, and what was cancelled meanwhile stays so. Cut off anywhere, the step is taken again.</remarks>
public sealed class RunDueRuns(RunRegister runs, IEnumerable<IRunKind> kinds, TimeProvider time)
{
    /// <summary>After this no step is begun, so that what was started meanwhile gets its lane.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, IRunKind> _kinds = kinds.ToDictionary(kind => kind.Kind, StringComparer.Ordinal);

    /// <summary>Whether there is more right away.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var (began, hasMore) = (time.GetTimestamp(), false);
        var active = await runs.ActiveAsync(cancellationToken);
        await new Lanes(time).RunAsync([.. active.Select(id => (Func<CancellationToken, Task<TimeSpan?>>)(token => TakeAsync(id, token)))], cancellationToken);
        return hasMore;

        async Task<TimeSpan?> TakeAsync(string id, CancellationToken token)
        {
            if (time.GetElapsedTime(began) < Turn)
                return await StepAsync(id, token) ? TimeSpan.Zero : null;
            hasMore = true;
            return null;
        }
    }

    /// <summary>Whether the run has another step right away. One that lost its step to somebody else gives way to them.</summary>
    private async ValueTask<bool> StepAsync(string id, CancellationToken cancellationToken)
    {
        if (await runs.FindAsync(id, cancellationToken) is not var (run, etag) || run.State != RunStates.Running || run.NotBefore > time.GetUtcNow())
            return false;
        var next = await NextAsync(run, cancellationToken);
        return await runs.SaveAsync(run, etag, next, cancellationToken) && next is { State: RunStates.Running, NotBefore: null };
    }

    private async ValueTask<Run> NextAsync(Run run, CancellationToken cancellationToken)
    {
        try
        {
            return _kinds.TryGetValue(run.Kind, out var kind)
                ? After(run with { Failures = 0, NotBefore = null, Reason = null }, await kind.StepAsync(run, cancellationToken))
                : Again(run, "Nothing here does runs of this kind.");
        }
        catch (Exception failure) when (failure is not OperationCanceledException and not StoreUnavailableException)
        {
            return Again(run, WorkQueue.ReasonOf(failure));
        }
    }

    private Run After(Run run, RunStep step) => step switch
    {
        RunStep.More more => run with { Position = more.Position, Report = more.Report },
        RunStep.Later later => run with { Position = later.Position, Report = later.Report, NotBefore = later.NotBefore, Reason = later.Reason },
        RunStep.Done done => run with { State = RunStates.Done, Report = done.Report, FinishedAt = time.GetUtcNow() },
        RunStep.Failed failed => run with { State = RunStates.Failed, Report = failed.Report, Reason = failed.Reason, FinishedAt = time.GetUtcNow() },
        _ => throw new InvalidOperationException("A step has one of four outcomes."),
    };

    /// <summary>The same step once more, after the schedule's next wait; when none is left the run has failed.</summary>
    private Run Again(Run run, string reason) => RetrySchedule.After(run.Failures, run.Id) is { } wait
        ? run with { Failures = run.Failures + 1, NotBefore = time.GetUtcNow() + wait, Reason = reason }
        : run with { State = RunStates.Failed, Reason = reason, FinishedAt = time.GetUtcNow() };
}
