using ValueChainHub.Core.Chain;

namespace ValueChainHub.Core.Intake;

/// <summary>Moves the two feeds on where nobody does, so that the hub is right even with every trigger switched off.</summary>
/// <remarks>
/// A trigger only wakes a job; how far the work has come is the job's own position, in the store. A feed is taken over when its oldest change is two minutes old and its
/// position stands still.
/// </remarks>
public sealed class CatchUp(ProcessInbox inbox, PublishEvents outbox, TimeProvider time)
{
    /// <summary>A feed whose position has not moved for so long has nobody who works at it. (Two who do would do everything twice.)</summary>
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(1);

    /// <summary>Works until both feeds keep up, or somebody else works at them.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await RunAsync(inbox.LateAtAsync, inbox.RunAsync, cancellationToken);
        await RunAsync(outbox.LateAtAsync, outbox.RunAsync, cancellationToken);
    }

    private async Task RunAsync(Func<TimeSpan, CancellationToken, ValueTask<string?>> lateAt, Func<CancellationToken, Task<bool>> run, CancellationToken cancellationToken)
    {
        if (await lateAt(Sweep.Patience, cancellationToken) is not { } position)
            return;
        await Task.Delay(Standstill, time, cancellationToken);
        while (await lateAt(Sweep.Patience, cancellationToken) == position && await run(cancellationToken))
        {
            if (await lateAt(Sweep.Patience, cancellationToken) is not { } next)
                return;
            position = next;
        }
    }
}
