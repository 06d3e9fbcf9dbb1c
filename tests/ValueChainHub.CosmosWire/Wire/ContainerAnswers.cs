using System.Text.Json;
using ValueChainHub.CosmosWire.Store;

namespace ValueChainHub.CosmosWire.Wire;

/// <summary>Containers and their partition key ranges.</summary>
internal static class ContainerAnswers
{
    private const string RangesETag = "\"1\"";

    public static WireAnswer Create(WireDatabase database, WireRequest request) => Read(database.Create(ContainerDefinition.Parse(request.Body)), 201);

    public static WireAnswer Replace(WireAccount account, WireRequest request)
    {
        var container = account.Container(request.Database, request.Container);
        container.Replace(ContainerDefinition.Parse(request.Body));
        return Read(container, 200);
    }

    public static WireAnswer Delete(WireDatabase database, WireRequest request)
    {
        database.Delete(request.Container);
        return new(204);
    }

    public static WireAnswer Read(WireContainer container, int status) => new(status, container.Stamped()) { ETag = container.ETag };

    /// <summary>The SDK asks until it is told that nothing is new.</summary>
    public static WireAnswer Ranges(WireContainer container, WireRequest request) =>
        request.Header("If-None-Match") == RangesETag
            ? new(304) { ETag = RangesETag, ItemCount = 0 }
            : new(200, RangesOf(container)) { ETag = RangesETag, ItemCount = container.Ranges.Count };

    private static byte[] RangesOf(WireContainer container) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        _rid = container.Rid,
        PartitionKeyRanges = container.Ranges.Select((range, number) => new
        {
            id = range.Id,
            minInclusive = range.From,
            maxExclusive = range.Until,
            _rid = container.Rid,
            _self = $"{container.Path}/pkranges/{range.Id}/",
            _etag = RangesETag,
            _ts = 0,
            ridPrefix = number,
            throughputFraction = 1.0 / container.Ranges.Count,
            status = "online",
            parents = Array.Empty<string>(),
        }),
        _count = container.Ranges.Count,
    });
}
