using ValueChainHub.Connectors.Gladly;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Drift;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Reconciliation;
using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Hosting.Operations;

/// <summary>How each link is doing.</summary>
internal sealed class ConnectorOperations(ReadLedger ledger, ReadConnectors calls, ConnectorCatalog connectors, DriftRuns drift, StartReconciliations reconciliations)
{
    public async Task<HubReply> ListAsync(HubRequest request, CancellationToken cancellationToken)
    {
        var read = await ledger.HandleAsync(cancellationToken);
        var items = new List<ConnectorReply>();
        foreach (var connector in connectors.All.OrderBy(connector => connector.Name, StringComparer.Ordinal))
            items.Add(await DescribeAsync(connector, read, cancellationToken));
        return HubReply.Json(new(items, null), HubWire.Json.PageReplyConnectorReply);
    }

    private async ValueTask<ConnectorReply> DescribeAsync(IConnector connector, Ledger read, CancellationToken cancellationToken)
    {
        var its = await calls.HandleAsync(connector, cancellationToken);
        return new(
            connector.Name,
            connector.Vendor,
            connector.Link.ToString().ToLowerInvariant(),
            [.. CapabilitiesOf(connector)],
            read.Connectors.GetValueOrDefault(connector.Name)?.Received ?? 0,
            read.LastDeliveryAt.GetValueOrDefault(connector.Name),
            read.Unenriched.GetValueOrDefault(connector.Name),
            read.Rejected.GetValueOrDefault(connector.Name) ?? new Dictionary<string, Rejection>(StringComparer.Ordinal),
            its.Line,
            its.Fetches,
            its.Polls,
            await drift.StandingAsync(connector.Name, cancellationToken),
            await reconciliations.LastAsync(connector.Name, cancellationToken));
    }

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
