using System.Globalization;
using System.Text;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Messaging;

namespace ValueChainHub.Core.Delivery;

/// <summary>What delivery reads of a chain event, as the bus brings it: attributes as properties, the data as the body.</summary>
/// <param name="Id">The event's id.</param>
/// <param name="Type">Its type.</param>
/// <param name="Connector">The connector it came through.</param>
/// <param name="CustomerId">The customer as known when it was emitted; null when it was nobody's.</param>
/// <param name="Time">The vendor's time.</param>
/// <param name="Origin">Live, reconciled, backfill or replayed.</param>
/// <param name="IsEcho">A vendor only repeats what the hub wrote there.</param>
/// <param name="Data">The canonical record; null where it was larger than the broker takes.</param>
internal sealed record RoutedEvent(string Id, string Type, string Connector, string? CustomerId, DateTimeOffset Time, string Origin, bool IsEcho, string? Data)
{
    public static RoutedEvent Of(BusMessage message) => Of(message.Id, message.Type, message.Properties, message.Body);

    /// <summary>An event as it is kept.</summary>
    public static RoutedEvent Of(EventHead head) => Of(head.Id, head.Type, head.Attributes, head.Data);

    private static RoutedEvent Of(string id, string type, IReadOnlyDictionary<string, string> attributes, ReadOnlyMemory<byte> data) =>
        new(
            id,
            type,
            attributes.GetValueOrDefault("source", "").Split('/')[^1],
            attributes.GetValueOrDefault("customerid") ?? attributes.GetValueOrDefault("profileid"),
            DateTimeOffset.TryParse(attributes.GetValueOrDefault("time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : DateTimeOffset.MinValue,
            attributes.GetValueOrDefault("origin", ""),
            attributes.ContainsKey(CloudEvent.EchoAttribute),
            data.IsEmpty || attributes.ContainsKey("dataref") ? null : Encoding.UTF8.GetString(data.Span));

    /// <summary>Worth telling as having happened: live, or found by reconciliation while it is still young. A backfill and a replay only bring states up to date (SEMANTICS 6).</summary>
    public bool IsNews(Route route, DateTimeOffset now) => Origin == "live" || (Origin == "reconciled" && now - Time < route.MaxAge);
}
