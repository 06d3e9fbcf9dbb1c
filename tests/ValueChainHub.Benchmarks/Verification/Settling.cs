using System.Diagnostics;

namespace ValueChainHub.Benchmarks.Verification;

/// <summary>Waits until the hub says that nothing is pending.</summary>
public static class Settling
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    /// <summary>True when the ledger was settled, with at least so many received, before the patience ended.</summary>
    public static async Task<bool> WaitAsync(HubApi hub, long received, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < patience)
        {
            var ledger = await hub.LedgerAsync(cancellationToken);
            if (ledger.IsSettled && ledger.Received >= received)
                return true;
            await Task.Delay(Between, cancellationToken);
        }
        return false;
    }
}
