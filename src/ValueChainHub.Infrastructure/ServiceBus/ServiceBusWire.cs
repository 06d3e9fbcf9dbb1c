using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Messaging.ServiceBus;
using ValueChainHub.Core.Messaging;

namespace ValueChainHub.Infrastructure.ServiceBus;

/// <summary>Messages as they look on the wire: CloudEvents over AMQP in binary mode. The body is the event's data; its attributes are application properties.</summary>
/// <remarks>
/// CloudEvents AMQP binding 1.0.2: names are prefixed with <c>cloudEvents_</c>, and <c>datacontenttype</c> is the message's content type.
/// The hub's own properties begin with <c>hub_</c> and are there only when they say something.
/// </remarks>
public static class ServiceBusWire
{
    /// <summary>The broker takes ids and keys of at most so many characters.</summary>
    private const int LongestName = 128;

    private const string AttributePrefix = "cloudEvents_";
    private const string ContentTypeAttribute = "datacontenttype";
    private const string DataReference = "dataref";

    private const string IdProperty = "hub_id";
    private const string KeyProperty = "hub_key";
    private const string DeliveriesProperty = "hub_deliveries";
    private const string DeadAtProperty = "hub_dead_at";

    /// <summary>A message for every subscription.</summary>
    internal static ServiceBusMessage Publication(BusMessage message) => Write(message, Short(message.Id), ChainTopic.Everyone);

    /// <summary>The message without its data, for a broker that takes no message of that size: <c>dataref</c> says where the event can be read.</summary>
    internal static ServiceBusMessage WithoutData(BusMessage message)
    {
        var bare = Publication(message with { Body = ReadOnlyMemory<byte>.Empty });
        bare.ApplicationProperties[AttributePrefix + DataReference] = "/api/events#" + message.Id;
        return bare;
    }

    /// <summary>The message for one subscription alone, again. <paramref name="turn"/> tells this repetition from others; sent twice it is the same one.</summary>
    internal static ServiceBusMessage Repetition(BusMessage message, string subscription, string turn, int deliveries)
    {
        // An id of its own: under the old one the broker would drop it as a duplicate.
        var again = Write(message, Short($"{message.Id}~{subscription}~{turn}"), subscription);
        again.ApplicationProperties[IdProperty] = message.Id;
        if (deliveries > 0)
            again.ApplicationProperties[DeliveriesProperty] = deliveries;
        return again;
    }

    /// <summary>What to write on a message that is given up: the broker keeps neither the time nor our count.</summary>
    internal static Dictionary<string, object> Epitaph(ReceivedMessage message, DateTimeOffset at) => new(StringComparer.Ordinal)
    {
        [DeliveriesProperty] = message.DeliveryCount,
        [DeadAtProperty] = at.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
    };

    /// <summary>A received message in the words of the port. It takes whatever somebody else may have sent to the topic: what is missing is empty.</summary>
    public static ReceivedMessage Received(ServiceBusReceivedMessage message, string subscription) =>
        new(Read(message), subscription, message.LockToken, Deliveries(message) + message.DeliveryCount);

    /// <summary>A message of the dead-letter queue. What the broker gave up by itself (too many deliveries, too old) has its reason and no epitaph of ours.</summary>
    internal static DeadLetter Dead(ServiceBusReceivedMessage message)
    {
        var ours = Text(message, DeadAtProperty);
        return new(
            Read(message),
            message.DeadLetterReason ?? "unknown",
            ours is null ? Deliveries(message) + message.DeliveryCount : Deliveries(message),
            ours is null ? message.EnqueuedTime : DateTimeOffset.Parse(ours, CultureInfo.InvariantCulture));
    }

    /// <summary>The event's id, whatever the message's own is.</summary>
    internal static string IdOf(ServiceBusReceivedMessage message) => Text(message, IdProperty) ?? message.MessageId ?? "";

    private static ServiceBusMessage Write(BusMessage message, string id, string to)
    {
        var written = new ServiceBusMessage(message.Body)
        {
            MessageId = id,
            PartitionKey = Short(message.PartitionKey),
            Subject = message.Type,
            To = to,
            ContentType = message.Properties.GetValueOrDefault(ContentTypeAttribute),
        };
        foreach (var (name, value) in message.Properties.Where(property => property.Key != ContentTypeAttribute))
            written.ApplicationProperties[AttributePrefix + name] = value;
        if (id != message.Id)
            written.ApplicationProperties[IdProperty] = message.Id;
        if (written.PartitionKey != message.PartitionKey)
            written.ApplicationProperties[KeyProperty] = message.PartitionKey;
        return written;
    }

    private static BusMessage Read(ServiceBusReceivedMessage message)
    {
        var attributes = message.ApplicationProperties
            .Where(property => property.Key.StartsWith(AttributePrefix, StringComparison.Ordinal))
            .ToDictionary(property => property.Key[AttributePrefix.Length..], property => property.Value as string ?? "", StringComparer.Ordinal);
        if (message.ContentType is { } contentType)
            attributes[ContentTypeAttribute] = contentType;
        return new(IdOf(message), Text(message, KeyProperty) ?? message.PartitionKey ?? "", message.Subject ?? "", message.Body.ToMemory(), attributes);
    }

    /// <summary>Deliveries before this message was written, which the broker's own count does not know of.</summary>
    private static int Deliveries(ServiceBusReceivedMessage message) => message.ApplicationProperties.GetValueOrDefault(DeliveriesProperty) is int count ? count : 0;

    private static string? Text(ServiceBusReceivedMessage message, string property) => message.ApplicationProperties.GetValueOrDefault(property) as string;

    /// <summary>The name itself where the broker takes it; otherwise its digest. Equal names stay equal and others different.</summary>
    private static string Short(string name) => name.Length <= LongestName ? name : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
