using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ValueChainHub.Core.Chain.Records;

namespace ValueChainHub.Core.Chain;

/// <summary>Canonical JSON of the canonical records: members in declared order, nulls left out, times in UTC; equal values have equal text.</summary>
public static class ChainJson
{
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, (JsonTypeInfo<T>)ChainJsonContext.Default.GetTypeInfo(typeof(T))!);

    /// <summary>How a canonical record is written: what schemas are made from.</summary>
    public static JsonTypeInfo TypeInfo(Type type) => ChainJsonContext.Default.GetTypeInfo(type) ?? throw new ArgumentException("Not a canonical record.", nameof(type));

    public static T Read<T>(string json) => JsonSerializer.Deserialize(json, (JsonTypeInfo<T>)ChainJsonContext.Default.GetTypeInfo(typeof(T))!)!;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeJsonConverter)])]
[JsonSerializable(typeof(Account))]
[JsonSerializable(typeof(AccountTag))]
[JsonSerializable(typeof(AccountMerge))]
[JsonSerializable(typeof(Consent))]
[JsonSerializable(typeof(Message))]
[JsonSerializable(typeof(Deliverability))]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Refund))]
[JsonSerializable(typeof(Fulfillment))]
[JsonSerializable(typeof(ParcelMilestone))]
[JsonSerializable(typeof(ShippingLabel))]
[JsonSerializable(typeof(Shipment))]
[JsonSerializable(typeof(OrderReturn))]
[JsonSerializable(typeof(Dispute))]
[JsonSerializable(typeof(Checkout))]
[JsonSerializable(typeof(Product))]
[JsonSerializable(typeof(Stock))]
[JsonSerializable(typeof(Shop))]
[JsonSerializable(typeof(PrivacyRequest))]
[JsonSerializable(typeof(Deleted))]
[JsonSerializable(typeof(OrderEdit))]
[JsonSerializable(typeof(Conversation))]
[JsonSerializable(typeof(Contact))]
[JsonSerializable(typeof(ServiceTask))]
[JsonSerializable(typeof(ChangeHint))]
[JsonSerializable(typeof(IdentityChange))]
internal sealed partial class ChainJsonContext : JsonSerializerContext;

/// <summary>Times as UTC with <c>Z</c>, so that one instant has one text whatever offset the vendor used.</summary>
public sealed class UtcTimeJsonConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value.UtcDateTime);
}
