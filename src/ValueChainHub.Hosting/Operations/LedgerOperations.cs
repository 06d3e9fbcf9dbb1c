using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Intake;
using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Hosting.Operations;

/// <summary>Where everything is, and whether the counts are true.</summary>
internal sealed class LedgerOperations(ReadLedger ledger, VerifyLedger verify, DeadDeliveries destinations)
{
    public async Task<HubReply> ReadAsync(HubRequest request, CancellationToken cancellationToken)
    {
        var read = await ledger.HandleAsync(cancellationToken);
        var counts = read.Connectors.ToDictionary(one => one.Key, one => ConnectorLedger.Of(one.Value, Reasons(read, one.Key)), StringComparer.Ordinal);
        return HubReply.Json(new(counts, read.Items, new(read.OutboxPending), await destinations.CountAsync(cancellationToken)), HubWire.Json.LedgerReply);
    }

    public async Task<HubReply> VerifyAsync(HubRequest request, CancellationToken cancellationToken) =>
        HubReply.Json(await verify.HandleAsync(cancellationToken), HubWire.Json.LedgerVerdict);

    private static Dictionary<string, long> Reasons(Ledger read, string connector) =>
        read.Rejected.TryGetValue(connector, out var reasons) ? reasons.ToDictionary(one => one.Key, one => one.Value.Count, StringComparer.Ordinal) : [];
}
