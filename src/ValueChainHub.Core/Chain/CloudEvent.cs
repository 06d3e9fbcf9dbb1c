using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace ValueChainHub.Core.Chain;

/// <summary>A chain event in the form it is stored, published and answered: CloudEvents 1.0, JSON format, written once and never rewritten.</summary>
public static class CloudEvent
{
    public const string SpecVersion = "1.0";

    /// <summary>The extension of an event by which a vendor only repeats what the hub wrote there.</summary>
    public const string EchoAttribute = "echo";

    /// <summary>What the hub adds to a draft when it emits it.</summary>
    /// <param name="Id">The derived id.</param>
    /// <param name="Connector">The connector it came through.</param>
    /// <param name="Profile">The profile it belongs to, if known.</param>
    /// <param name="Customer">The customer as known at emission.</param>
    /// <param name="Delivery">The delivery it came with.</param>
    /// <param name="Cause">The replay that caused it, if one did.</param>
    /// <param name="Origin"><c>live</c>, <c>reconciled</c>, <c>backfill</c>, <c>replayed</c>.</param>
    /// <param name="ReceivedAt">When the hub received it; stands in for the time when the vendor gave none, and says so.</param>
    /// <param name="Trace">The W3C trace of the delivery: the extension <c>traceparent</c>.</param>
    /// <param name="IsEcho">The vendor repeats what the hub wrote there: the extension <c>echo</c>, <c>true</c>.</param>
    public sealed record Envelope(
        string Id, string Connector, string? Profile, string? Customer, string? Delivery, string? Cause, string Origin, DateTimeOffset ReceivedAt,
        string? Trace = null, bool IsEcho = false);

    public static ReadOnlyMemory<byte> Write(ChainEventDraft draft, Envelope envelope)
    {
        var buffer = new ArrayBufferWriter<byte>(512 + draft.Data.Length);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("specversion"u8, SpecVersion);
        writer.WriteString("id"u8, envelope.Id);
        writer.WriteString("source"u8, "/connectors/" + envelope.Connector);
        writer.WriteString("type"u8, draft.Type);
        writer.WriteString("subject"u8, draft.Subject.ToString());
        writer.WriteString("time"u8, (draft.Time ?? envelope.ReceivedAt).UtcDateTime);
        if (draft.Time is null)
            writer.WriteString("timesource"u8, "received");
        writer.WriteString("dataschema"u8, SchemaOf(draft.Type));
        writer.WriteString("datacontenttype"u8, "application/json");
        writer.WriteString("chainlink"u8, draft.Type.AsSpan(ChainPrefix.Length, draft.Type.IndexOf('.', ChainPrefix.Length) - ChainPrefix.Length));
        WriteOptional(writer, "profileid", envelope.Profile);
        WriteOptional(writer, "customerid", envelope.Customer);
        WriteOptional(writer, "deliveryid", envelope.Delivery);
        WriteOptional(writer, "causationid", envelope.Cause);
        WriteOptional(writer, "traceparent", envelope.Trace);
        writer.WriteString("origin"u8, envelope.Origin);
        WriteOptional(writer, EchoAttribute, envelope.IsEcho ? "true" : null);
        writer.WriteString("receivedat"u8, envelope.ReceivedAt.UtcDateTime);
        writer.WritePropertyName("data"u8);
        writer.WriteRawValue(draft.Data, skipInputValidation: true);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>An event as a broker carries it (binary mode): every attribute as text, and the data as it is written.</summary>
    public static EventHead ReadHead(ReadOnlyMemory<byte> json)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        var data = ReadOnlyMemory<byte>.Empty;
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (name == "data")
                data = RawValue(ref reader, json);
            else if (reader.TokenType == JsonTokenType.String)
                attributes[name] = reader.GetString()!;
            else
                reader.Skip();
        }
        return new(attributes["id"], attributes["type"], attributes.GetValueOrDefault("profileid"), attributes, data);
    }

    /// <summary>When the hub received what the event tells of.</summary>
    public static DateTimeOffset ReceivedAt(ReadOnlyMemory<byte> json) =>
        ReceivedAt(ReadHead(json));

    /// <summary>When the hub received what the event tells of.</summary>
    public static DateTimeOffset ReceivedAt(EventHead head) =>
        DateTimeOffset.Parse(head.Attributes["receivedat"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>The same event with one more attribute: the line for people.</summary>
    public static ReadOnlyMemory<byte> WithSummary(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var summary = EventCatalogue.Find(document.RootElement.GetProperty("type"u8).GetString()!)?.Summarize(document.RootElement.GetProperty("data"u8));
        var buffer = new ArrayBufferWriter<byte>(json.Length + 128);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        foreach (var attribute in document.RootElement.EnumerateObject())
        {
            if (attribute.NameEquals("data"u8) && summary is not null)
                writer.WriteString("summary"u8, summary);
            attribute.WriteTo(writer);
        }
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>The schema of a type's data: <c>/api/events/catalogue#{type}</c>, with the version of the published schema.</summary>
    public static string SchemaOf(string type) => $"/api/events/catalogue#{type}.v1";

    private const string ChainPrefix = "valuechain.";

    private static ReadOnlyMemory<byte> RawValue(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }
}

/// <summary>An event taken apart: what a broker routes by, all attributes, and the data.</summary>
public sealed record EventHead(string Id, string Type, string? Profile, IReadOnlyDictionary<string, string> Attributes, ReadOnlyMemory<byte> Data);
