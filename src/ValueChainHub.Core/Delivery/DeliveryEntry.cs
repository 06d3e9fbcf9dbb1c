using System.Text.Json;
using System.Text.Json.Serialization;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Delivery;

/// <summary>Something that a destination is to be told, or was told: there is one for each destination and customer, event or task, for ever the same. So it is pushed and never multiplied.</summary>
internal sealed record DeliveryEntry
{
    public required string Kind { get; init; }

    /// <summary>The customer's id, the event's id, the task's key.</summary>
    public required string Target { get; init; }

    /// <summary>The id of the item that stands for it in the line of due work; null when nothing is to be done.</summary>
    public string? Due { get; init; }

    /// <summary>Rises with every push, so that what changes while it is being sent is sent again.</summary>
    public long Asked { get; init; }

    public int Attempts { get; init; }

    /// <summary>Why it was not delivered the last time.</summary>
    public string? Reason { get; init; }

    public VendorAnswer? Answer { get; init; }

    /// <summary>When it was last delivered: for an event or a task, that the destination has it.</summary>
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary>Since when it waits for a person.</summary>
    public DateTimeOffset? DeadAt { get; init; }

    /// <summary>For all but a customer: the event, until the destination has it.</summary>
    public RoutedEvent? Event { get; init; }

    /// <summary>What last had it told everything again.</summary>
    public string? Cause { get; init; }

    /// <summary>Digests of what the destination was last told of a customer, by what it was about.</summary>
    public IReadOnlyDictionary<string, string> Sent { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public static DeliveryEntry Read(ReadOnlyMemory<byte> body) => JsonSerializer.Deserialize(body.Span, DeliveryContext.Default.DeliveryEntry)!;

    public ReadOnlyMemory<byte> Write() => JsonSerializer.SerializeToUtf8Bytes(this, DeliveryContext.Default.DeliveryEntry);
}

/// <summary>The kinds of what is delivered.</summary>
internal static class DeliveryKinds
{
    /// <summary>The present state of a customer: the target is the customer.</summary>
    public const string Customer = "customer";

    /// <summary>An event, appended once: the target is the event.</summary>
    public const string Event = "event";

    /// <summary>A task, opened once: the target is what it is about.</summary>
    public const string Task = "task";

    /// <summary>An event that could not be read when it was routed: the target is the event. Tried again, it is routed again.</summary>
    public const string Message = "message";
}

/// <summary>An entry in a lane's hand: as it was when it was taken.</summary>
internal sealed record DeliveryClaim(string Destination, string Id, DeliveryEntry Entry);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.Unspecified,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeJsonConverter)])]
[JsonSerializable(typeof(DeliveryEntry))]
[JsonSerializable(typeof(DeliveryTally))]
[JsonSerializable(typeof(CustomerState))]
[JsonSerializable(typeof(CustomerContact))]
[JsonSerializable(typeof(ConsentToState))]
[JsonSerializable(typeof(TagsToSet))]
[JsonSerializable(typeof(EchoNote))]
[JsonSerializable(typeof(RouteSettings))]
internal sealed partial class DeliveryContext : JsonSerializerContext;

/// <summary>How much a share of a destination's entries has succeeded; written in the commit that says so.</summary>
internal sealed record DeliveryTally(long Succeeded)
{
    public static DeliveryTally Read(StoredItem? item) => item is null ? new(0) : JsonSerializer.Deserialize(item.Body.Span, DeliveryContext.Default.DeliveryTally)!;

    public ReadOnlyMemory<byte> Write() => JsonSerializer.SerializeToUtf8Bytes(this, DeliveryContext.Default.DeliveryTally);
}
