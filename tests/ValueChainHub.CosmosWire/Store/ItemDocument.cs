using System.Buffers;
using System.Text.Json;
using ValueChainHub.CosmosWire.Wire;

namespace ValueChainHub.CosmosWire.Store;

/// <summary>The body of a write, read as far as the service reads it.</summary>
internal sealed record ItemDocument(string Id, string? Partition, int? TimeToLive, JsonElement Root)
{
    private static readonly HashSet<string> SystemProperties = ["_rid", "_self", "_etag", "_attachments", "_ts", "_lsn"];

    /// <exception cref="WireRefusal">The service would not take it.</exception>
    public static ItemDocument Parse(ReadOnlyMemory<byte> body, string partitionProperty)
    {
        ServiceLimits.CheckItem(body.Length);
        var root = Json(body);
        if (Text(root, "id") is not { } id)
            throw WireRefusal.BadRequest("The input content is invalid because the required properties - 'id; ' - are missing");
        ServiceLimits.CheckId(id);
        return new(id, Text(root, partitionProperty), ReadTimeToLive(root), root);
    }

    /// <summary>The item with the properties that the service adds.</summary>
    public ReadOnlyMemory<byte> Stamped(string rid, string self, string etag, long seconds)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var property in Root.EnumerateObject().Where(property => !SystemProperties.Contains(property.Name)))
                property.WriteTo(writer);
            writer.WriteString("_rid", rid);
            writer.WriteString("_self", self);
            writer.WriteString("_etag", etag);
            writer.WriteString("_attachments", "attachments/");
            writer.WriteNumber("_ts", seconds);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static JsonElement Json(ReadOnlyMemory<byte> body)
    {
        try
        {
            var root = JsonDocument.Parse(body).RootElement;
            return root.ValueKind == JsonValueKind.Object ? root : throw WireRefusal.BadRequest("The document body must be an object.");
        }
        catch (JsonException)
        {
            throw WireRefusal.BadRequest("The document body must be specified, and must be valid JSON.");
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A positive number of seconds, or -1 for never; the service takes nothing else.</summary>
    private static int? ReadTimeToLive(JsonElement root)
    {
        if (!root.TryGetProperty("ttl", out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var seconds) && seconds is > 0 or -1)
            return seconds;
        throw WireRefusal.BadRequest("The input ttl is invalid. Ensure to provide a nonzero positive integer or -1.");
    }
}
