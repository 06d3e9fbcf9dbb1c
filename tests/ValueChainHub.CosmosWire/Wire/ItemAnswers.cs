using System.Text.Json;
using ValueChainHub.CosmosWire.Store;

namespace ValueChainHub.CosmosWire.Wire;

/// <summary>Single items.</summary>
internal static class ItemAnswers
{
    public static WireAnswer Read(WireContainer container, WireRequest request)
    {
        request.Refuse("If-None-Match");
        return Answer(container, request, new(ItemVerb.Read, request.Item!));
    }

    public static WireAnswer Write(WireContainer container, WireRequest request, ItemVerb verb)
    {
        request.Refuse("If-None-Match");
        var document = verb is ItemVerb.Delete ? null : Document(request.Body, container, PartitionOf(request));
        if (request.Item is { } id && document is not null && document.Id != id)
            throw WireRefusal.BadRequest("The id of an item cannot be changed.");
        return Answer(container, request, new(verb, document?.Id ?? request.Item!, document, request.Header("If-Match")) { WantsNoBody = request.WantsNoBody });
    }

    /// <summary>The body of a write, whose partition key must be the one that the request names.</summary>
    public static ItemDocument Document(ReadOnlyMemory<byte> body, WireContainer container, string partition)
    {
        var document = ItemDocument.Parse(body, container.Definition.PartitionProperty);
        return document.Partition == partition ? document
            : throw WireRefusal.BadRequest("PartitionKey extracted from document doesn't match the one specified in the header.", 1001);
    }

    /// <summary>The partition key of the header: a JSON array of one string; the hub has no other.</summary>
    public static string PartitionOf(WireRequest request)
    {
        var header = request.Header("x-ms-documentdb-partitionkey") ?? throw WireRefusal.Unsupported("an item without a partition key in the header");
        return PartitionOf(header);
    }

    public static string PartitionOf(string json)
    {
        var key = JsonDocument.Parse(json).RootElement;
        if (key.ValueKind != JsonValueKind.Array || key.GetArrayLength() != 1 || key[0].ValueKind != JsonValueKind.String)
            throw WireRefusal.Unsupported($"a partition key other than one string: {json}");
        var partition = key[0].GetString()!;
        ServiceLimits.CheckPartitionKey(partition);
        return partition;
    }

    private static WireAnswer Answer(WireContainer container, WireRequest request, ItemOperation operation)
    {
        var partition = PartitionOf(request);
        var range = container.RangeOf(partition);
        var result = range.Commit(partition, [operation])[0];
        return Answer(result) with { Session = range.Session() };
    }

    private static WireAnswer Answer(ItemResult result)
    {
        var answer = result.Status switch
        {
            404 => WireRefusal.NotFound().ToAnswer(),
            409 => WireRefusal.Conflict().ToAnswer(),
            412 => WireRefusal.PreconditionFailed().ToAnswer(),
            204 => new(204),
            _ => new(result.Status, result.Operation.WantsNoBody ? default : result.Item!.Body) { ETag = result.Item!.ETag },
        };
        return answer.Billed(result);
    }
}
