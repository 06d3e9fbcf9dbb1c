using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Hosting.Operations;

/// <summary>What the work of this process has cost since it started, as its store and its platform count.</summary>
internal sealed class CostOperations(HubParts parts, Func<long> executions, TimeProvider time)
{
    private readonly DateTimeOffset _since = time.GetUtcNow();

    public Task<HubReply> ReadAsync(HubRequest request, CancellationToken cancellationToken)
    {
        var (deliveries, items) = (parts.ReceiveWebhook.Received, parts.Storage.Bill?.Read());
        var total = new CostFigures(items?.Sum(item => item.Units), parts.PublishEvents.Published, executions());
        var each = deliveries == 0 ? null : total.DividedBy(deliveries);
        return Task.FromResult(HubReply.Json(new(_since, deliveries, total, each, items ?? []), HubWire.Json.CostReply));
    }
}
