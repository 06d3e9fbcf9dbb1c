using System.Text.Json;
using ValueChainHub.Connectors.Kit;

namespace ValueChainHub.Connectors.ShipStation;

/// <summary>What is done with each topic. A topic that is not here is stored and counted as suppressed.</summary>
internal static class ShipStationTopics
{
    /// <summary>The topic of a body that names none.</summary>
    public const string Unreadable = "UNREADABLE";

    /// <summary>The events to subscribe at ShipStation V2, as its API writes them.</summary>
    public static IReadOnlyList<string> Subscribed { get; } = ["batch_processed_v2", "fulfillment_shipped_v2", "label_created_v2", "shipment_created_v2", "track_event_v2"];

    /// <summary>The events to subscribe at ShipEngine.</summary>
    public static IReadOnlyList<string> SubscribedClassic { get; } = ["batch", "track"];

    /// <summary>Under which fetched answers are stored; never a webhook's.</summary>
    public const string FetchedPrefix = "fetched/";

    private const int LongestTopic = 100;

    /// <summary>Topics that point at a resource, by how they begin: the vendor adds kinds and versions (<c>LABEL_CREATED_V2</c>, <c>LABEL_VOIDED_V2</c>).</summary>
    private static readonly string[] Thin = ["LABEL_", "SHIPMENT_", "FULFILLMENT_", "BATCH", "API_BATCH"];

    public delegate void Reader(JsonElement body, ShipStationDraft draft);

    public static Reader? Webhook(string topic)
    {
        var canonical = Canonical(topic);
        if (canonical == Unreadable)
            return (_, _) => throw new UnreadableBodyException("resource_type is missing");
        if (canonical is "TRACK" or "API_TRACK" || canonical.StartsWith("TRACK_EVENT", StringComparison.Ordinal))
            return ShipStationTracking.Webhook;
        return Array.Exists(Thin, start => canonical.StartsWith(start, StringComparison.Ordinal)) ? ShipStationResource.Point : null;
    }

    public static Reader? Fetched(string topic) => topic switch
    {
        "fetched/tracking" => ShipStationTracking.Read,
        "fetched/label" => ShipStationLabels.Label,
        "fetched/labels" => ShipStationLabels.Labels,
        "fetched/shipment" => ShipStationLabels.Shipment,
        "fetched/shipments" => ShipStationLabels.Shipments,
        "fetched/fulfillment" => ShipStationLabels.Fulfillment,
        "fetched/fulfillments" => ShipStationLabels.Fulfillments,
        "fetched/batch" => ShipStationLabels.Batch,
        _ => null,
    };

    /// <summary>One spelling: bodies write topics in capitals, subscriptions in lower case.</summary>
    public static string Canonical(string topic) => topic.Trim() is { Length: <= LongestTopic } trimmed ? trimmed.ToUpperInvariant() : Unreadable;
}

/// <summary>What a reader writes to.</summary>
/// <param name="Facts">What the delivery says.</param>
/// <param name="Hosts">Whose resources are fetched.</param>
/// <param name="SignedAt">The time under the signature.</param>
internal sealed record ShipStationDraft(TranslationDraft Facts, IReadOnlyList<string> Hosts, DateTimeOffset? SignedAt);
