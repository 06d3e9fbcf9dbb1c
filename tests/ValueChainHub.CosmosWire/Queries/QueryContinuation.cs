using System.Text.Json;
using ValueChainHub.CosmosWire.Store;

namespace ValueChainHub.CosmosWire.Queries;

/// <summary>Where a query is read on: after an item, with so many left of its limit. Opaque to the SDK.</summary>
internal sealed record QueryContinuation(string Partition, string Id, int? Left)
{
    public static QueryContinuation? Parse(string? header) => string.IsNullOrEmpty(header) ? null : JsonSerializer.Deserialize<QueryContinuation>(header);

    public bool IsBefore(WireItem item, bool descending)
    {
        var partitions = string.CompareOrdinal(item.Partition, Partition);
        var order = partitions != 0 ? partitions : string.CompareOrdinal(item.Id, Id);
        return descending ? order < 0 : order > 0;
    }

    public override string ToString() => JsonSerializer.Serialize(this);
}
