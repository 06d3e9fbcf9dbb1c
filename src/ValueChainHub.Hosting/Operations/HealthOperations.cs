using ValueChainHub.Core.Storage;
using ValueChainHub.Hosting.Http;
using ValueChainHub.Hosting.Jobs;

namespace ValueChainHub.Hosting.Operations;

/// <summary>Is the process alive, and can it do its work? Reasons hold no secrets.</summary>
internal sealed class HealthOperations(IHubStore store, JobRunner jobs)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly HubReply Alive = HubReply.Json(new("ok"), HubWire.Json.HealthReply);

    public static Task<HubReply> LiveAsync(HubRequest request, CancellationToken cancellationToken) => Task.FromResult(Alive);

    public async Task<HubReply> ReadyAsync(HubRequest request, CancellationToken cancellationToken)
    {
        List<string> reasons = [.. jobs.Stuck()];
        if (!await StoreAnswersAsync(cancellationToken))
            reasons.Add("The store does not answer.");
        if (request.Stopping.IsCancellationRequested)
            reasons.Add("The hub is stopping.");
        return reasons.Count == 0 ? Alive : HubReply.Json(new("unavailable", reasons), HubWire.Json.HealthReply, status: 503);
    }

    private async Task<bool> StoreAnswersAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Patience);
        try
        {
            await store.ReadAsync(HubContainers.Ledger, "health", "probe", timeout.Token).AsTask().WaitAsync(timeout.Token);
            return true;
        }
        catch (Exception fault) when (fault is StoreUnavailableException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }
}
