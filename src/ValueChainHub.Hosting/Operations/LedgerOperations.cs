using ValueChainHub.Connectors.Gladly;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Reconciliation;
using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Hosting.Operations;

/// <summary>Where everything is, whether the counts are true, and how each link is doing.</summary>
internal sealed class LedgerOperations(ReadLedger ledger, VerifyLedger verify, ReadConnectors calls, ConnectorCatalog connectors, DeadDeliveries destinations, StartReconciliations reconciliations)
{
    public async Task<HubReply> ReadAsync(HubRequest request, CancellationToken cancellationToken)
    {
        var read = await ledger.HandleAsync(cancellationToken);
        var counts = read.Connectors.ToDictionary(one => one.Key, one => ConnectorLedger.Of(one.Value, Reasons(read, one.Key)), StringComparer.Ordinal);
        return HubReply.Json(new(counts, read.Items, new(read.OutboxPending), await destinations.CountAsync(cancellationToken)), HubWire.Json.LedgerReply);
    }

    public async Task<HubReply> VerifyAsync(HubRequest request, CancellationToken cancellationToken) =>
        HubReply.Json(await verify.HandleAsync(cancellationToken), HubWire.Json.LedgerVerdict);

    public async Task<HubReply> ConnectorsAsync(HubRequest request, CancellationToken cancellationToken)
    {
        var read = await ledger.HandleAsync(cancellationToken);
        var items = new List<ConnectorReply>();
        foreach (var connector in connectors.All.OrderBy(connector => connector.Name, StringComparer.Ordinal))
            items.Add(Describe(connector, read, await calls.HandleAsync(connector, cancellationToken), await reconciliations.LastAsync(connector.Name, cancellationToken)));
        return HubReply.Json(new(items, null), HubWire.Json.PageReplyConnectorReply);
    }

    private static Dictionary<string, long> Reasons(Ledger read, string connector) =>
        read.Rejected.TryGetValue(connector, out var reasons) ? reasons.ToDictionary(one => one.Key, one => one.Value.Count, StringComparer.Ordinal) : [];

    private ConnectorReply Describe(IConnector connector, Ledger read, ConnectorCalls calls, LastWalk? reconciliation) => new(
        connector.Name,
        connector.Vendor,
        connector.Link.ToString().ToLowerInvariant(),
        [.. CapabilitiesOf(connector)],
        read.Connectors.GetValueOrDefault(connector.Name)?.Received ?? 0,
        read.LastDeliveryAt.GetValueOrDefault(connector.Name),
        read.Unenriched.GetValueOrDefault(connector.Name),
        read.Rejected.GetValueOrDefault(connector.Name) ?? new Dictionary<string, Rejection>(StringComparer.Ordinal),
        calls.Line,
        calls.Fetches,
        calls.Polls,
        reconciliation);

    private IEnumerable<string> CapabilitiesOf(IConnector connector)
    {
        if (connector.TakesWebhooks)
            yield return "webhooks";
        if (connector is IFetchConnector { CanFetch: true })
            yield return "fetch";
        if (connector is IPollConnector { CanPoll: true })
            yield return "poll";
        if (connector is IWalkConnector { CanWalk: true })
            yield return "reconcile";
        if (connectors.IsDestination(connector.Name))
            yield return "write";
        if (connector is GladlyConnector { AnswersLookups: true })
            yield return "lookup";
    }
}
