using System.Text.Json;
using System.Text.Json.Nodes;
using ValueChainHub.CosmosWire.Wire;

namespace ValueChainHub.CosmosWire.Store;

/// <summary>A container's definition as it was sent, and what this server reads in it; the rest is echoed.</summary>
internal sealed record ContainerDefinition(string Id, string PartitionProperty, int? DefaultTimeToLive, JsonObject Json)
{
    public static ContainerDefinition Parse(ReadOnlyMemory<byte> body)
    {
        var json = JsonNode.Parse(body.Span) as JsonObject ?? throw WireRefusal.BadRequest("A container's definition must be an object.");
        if ((string?)json["id"] is not { } id)
            throw WireRefusal.BadRequest("A container needs an id.");
        RefuseWhatIsNotDone(json);
        // The version fixes the hash that the SDK uses for bulk and for ranges of a feed.
        json["partitionKey"]!["version"] ??= 2;
        return new(id, PartitionPropertyOf(json), (int?)json["defaultTtl"], json);
    }

    /// <summary>The definition with the properties that the service adds.</summary>
    public ReadOnlyMemory<byte> Stamped(string rid, string databaseRid, string etag, long seconds)
    {
        var json = (JsonObject)Json.DeepClone();
        foreach (var name in new[] { "_rid", "_self", "_etag", "_ts", "_docs", "_sprocs", "_triggers", "_udfs", "_conflicts" })
            json.Remove(name);
        json["_rid"] = rid;
        json["_self"] = $"dbs/{databaseRid}/colls/{rid}/";
        json["_etag"] = etag;
        json["_ts"] = seconds;
        (json["_docs"], json["_sprocs"], json["_triggers"], json["_udfs"], json["_conflicts"]) = ("docs/", "sprocs/", "triggers/", "udfs/", "conflicts/");
        return JsonSerializer.SerializeToUtf8Bytes(json);
    }

    private static string PartitionPropertyOf(JsonObject json)
    {
        var key = json["partitionKey"] ?? throw WireRefusal.BadRequest("A container needs a partition key.");
        if ((string?)key["kind"] is not (null or "Hash") || key["paths"] is not JsonArray { Count: 1 } paths || (int?)key["version"] is not (null or 2))
            throw WireRefusal.Unsupported("a partition key other than one path, hash version 2");
        var property = ((string?)paths[0])?.Trim('/') ?? "";
        return property.Length > 0 && !property.Contains('/') ? property : throw WireRefusal.Unsupported("a partition key below the top of the item");
    }

    private static void RefuseWhatIsNotDone(JsonObject json)
    {
        if (json["uniqueKeyPolicy"]?["uniqueKeys"] is JsonArray { Count: > 0 })
            throw WireRefusal.Unsupported("unique keys");
        if ((int?)json["changeFeedPolicy"]?["retentionDuration"] > 0)
            throw WireRefusal.Unsupported("a feed of all versions and deletes");
        if (json["computedProperties"] is JsonArray { Count: > 0 })
            throw WireRefusal.Unsupported("computed properties");
    }
}
