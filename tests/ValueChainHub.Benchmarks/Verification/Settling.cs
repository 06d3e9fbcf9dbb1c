using System.Diagnostics;

namespace ValueChainHub.Benchmarks.Verification;

/// <summary>Waits until the hub says that nothing is pending.</summary>
public static class Settling
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PatienceForTheMissing = TimeSpan.FromSeconds(10);

    /// <summary>True when the ledger was settled before the patience ended.</summary>
    /// <remarks>A ledger that says nothing is pending, yet received less than was answered, is given a while: then it is for the demands to name what it forgot.</remarks>
    public static async Task<bool> WaitAsync(HubApi hub, long received, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var (last, unchangedSince) = (default(Ledger), started);
        while (Stopwatch.GetElapsedTime(started) < patience)
        {
            var ledger = await hub.LedgerAsync(cancellationToken);
            if (ledger != last)
                (last, unchangedSince) = (ledger, Stopwatch.GetTimestamp());
            if (ledger.IsSettled && (ledger.Received >= received || Stopwatch.GetElapsedTime(unchangedSince) > PatienceForTheMissing))
                return true;
            await Task.Delay(Between, cancellationToken);
        }
        return false;
    }
}
