using ValueChainHub.Sandbox.Books;

namespace ValueChainHub.Sandbox.Audit;

/// <summary>Waits until the hub has done what it was told: fetched what it was pointed at, folded all it holds, published what came of it.</summary>
public static class Settling
{
    /// <summary>A fetched answer is on its way for a moment before it is a delivery; so long nothing may move.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromMilliseconds(700);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>False when the patience ended first.</summary>
    public static async Task<bool> WaitAsync(HubReader hub, SandboxBooks books, TimeSpan patience, CancellationToken cancellationToken)
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        var (calmSince, received) = (TimeSpan.Zero, -1L);
        while (waited.Elapsed < patience)
        {
            var ledger = await hub.LedgerAsync(cancellationToken);
            // An answer may have gone out and not come in: the books count it, and the hub asks again later.
            if (!ledger.IsSettled || books.Owed().Count > 0 || ledger.Sum().Received != received || await hub.WaitingFetchesAsync(cancellationToken) > 0)
                (calmSince, received) = (waited.Elapsed, ledger.Sum().Received);
            else if (waited.Elapsed - calmSince >= Calm)
                return true;
            await Task.Delay(Pause, cancellationToken);
        }
        return false;
    }
}
