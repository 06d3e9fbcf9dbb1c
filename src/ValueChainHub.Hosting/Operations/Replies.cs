using System.Text.Json;
using System.Text.Json.Serialization;
using ValueChainHub.Core;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Drift;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Reconciliation;
using ValueChainHub.Core.Storage;
using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Hosting.Operations;

/// <summary>A page of a list. The cursor is always written: null ends the list.</summary>
internal sealed record PageReply<T>(IReadOnlyList<T> Items, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Cursor)
{
    public static PageReply<T> Of(Page<T> page) => new(page.Items, page.Cursor);
}

/// <summary>The answer to a webhook. <paramref name="Status"/>: accepted, duplicate, quarantined.</summary>
internal sealed record WebhookReply(string Status, string DeliveryId);

/// <summary>The answer of the health operations; <paramref name="Reasons"/> say what keeps the hub from being ready.</summary>
internal sealed record HealthReply(string Status, IReadOnlyList<string>? Reasons = null);

/// <summary>Two customers are one person.</summary>
internal sealed record MergeRequest(IReadOnlyList<string>? Ids, string? Reason);

/// <summary>A profile of the customer is somebody else.</summary>
internal sealed record SplitRequest(string? Profile, string? Reason);

/// <summary>Why a delivery is given up.</summary>
internal sealed record DiscardRequest(string? Reason);

/// <summary>Where a delivery is after an operator's act.</summary>
internal sealed record DeliveryActReply(string State, string? Reason);

/// <summary>The ledger (DESIGN 5): deliveries by connector, the events in them, what waits to be published, what goes to destinations.</summary>
internal sealed record LedgerReply(
    IReadOnlyDictionary<string, ConnectorLedger> Connectors,
    IReadOnlyDictionary<string, LedgerCounts> Items,
    OutboxCounts Outbox,
    IReadOnlyDictionary<string, DeliveryCounts> Deliveries);

/// <summary>The deliveries of a connector by state; their sum is <paramref name="Received"/>. <paramref name="Rejected"/> is outside the sum.</summary>
internal sealed record ConnectorLedger(
    long Received, long Applied, long Duplicate, long Quarantined, long DeadLettered, long Suppressed, long Pending, IReadOnlyDictionary<string, long> Rejected)
{
    public static ConnectorLedger Of(LedgerCounts counts, IReadOnlyDictionary<string, long> rejected) =>
        new(counts.Received, counts.Applied, counts.Duplicate, counts.Quarantined, counts.DeadLettered, counts.Suppressed, counts.Pending, rejected);
}

internal sealed record OutboxCounts(long Pending);

/// <summary>Something that waits for a person.</summary>
/// <param name="Stage"><c>intake</c>: a vendor's delivery, retried under /deliveries, or a fetch that was given up; <c>delivery</c>: what a vendor was to be told.</param>
/// <param name="Id">What retry and discard take.</param>
/// <param name="Connector">The connector.</param>
/// <param name="Kind">The kind of delivery, or of what was to be told; <c>fetch</c> for what was to be fetched.</param>
/// <param name="Target">The customer or the event that was to be told, or the resource that was to be fetched; null where it could name a person or a parcel.</param>
/// <param name="Reason">Why it could not be done.</param>
/// <param name="Attempts">How often it was tried; null where that is not counted.</param>
/// <param name="At">Since when it waits.</param>
/// <param name="Answer">The vendor's answer, without its words.</param>
internal sealed record DeadLetterReply(string Stage, string Id, string Connector, string Kind, string? Target, string? Reason, int? Attempts, DateTimeOffset? At, VendorAnswer? Answer);

/// <summary>What is set apart from the default routes; members left out stay as they are by default.</summary>
internal sealed record RouteChangesRequest(IReadOnlyList<RouteChange>? Items);

/// <summary>A configured connector and how it is doing: what it took and turned away, the line to its vendor with breaker and rate limit, what waits to be fetched, where its polls stand, how far it had drifted at the last count, what its last reconciliation found.</summary>
internal sealed record ConnectorReply(
    string Name, string Vendor, string Link, IReadOnlyList<string> Capabilities, long Received, DateTimeOffset? LastDeliveryAt, long Unenriched,
    IReadOnlyDictionary<string, Rejection> Rejected, LineState? Line, FetchCounts? Fetches, IReadOnlyList<PollState>? Polls, DriftStanding? Drift, LastWalk? Reconciliation);

/// <summary>What the work of this process has cost.</summary>
/// <param name="Since">When the process started.</param>
/// <param name="Deliveries">The deliveries it made durable, doubles among them.</param>
/// <param name="Total">Everything since then: deliveries, reads, timers and waiting.</param>
/// <param name="PerDelivery">The total divided by the deliveries; none before the first.</param>
/// <param name="Items">What the store charged, by operation and container, dearest first.</param>
internal sealed record CostReply(DateTimeOffset Since, long Deliveries, CostFigures Total, CostFigures? PerDelivery, IReadOnlyList<BillItem> Items);

/// <summary>What something cost.</summary>
/// <param name="RequestUnits">As the store charged them; none for a store that charges nothing.</param>
/// <param name="Messages">Messages handed to the bus.</param>
/// <param name="Executions">Requests answered and runs of jobs: what Azure Functions bills by.</param>
internal sealed record CostFigures(double? RequestUnits, double Messages, double Executions)
{
    public CostFigures DividedBy(long deliveries) => new(Round(RequestUnits / deliveries), Math.Round(Messages / deliveries, 2), Math.Round(Executions / deliveries, 2));

    private static double? Round(double? units) => units is { } known ? Math.Round(known, 2) : null;
}

/// <summary>Pages whose items are JSON already.</summary>
internal static class RawPage
{
    public static HubReply Of(IReadOnlyList<ReadOnlyMemory<byte>> items, string? cursor)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("items"u8);
            foreach (var item in items)
                writer.WriteRawValue(item.Span, skipInputValidation: true);
            writer.WriteEndArray();
            writer.WriteString("cursor"u8, cursor);
            writer.WriteEndObject();
        }
        return HubReply.Json(buffer.ToArray());
    }
}
