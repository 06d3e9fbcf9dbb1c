using System.Buffers;
using System.Globalization;
using System.Text.Json;
using ValueChainHub.CosmosWire.Store;
using ValueChainHub.CosmosWire.Wire;

namespace ValueChainHub.CosmosWire.Queries;

/// <summary>Pages of a query.</summary>
internal static class QueryAnswers
{
    private const int LargestPage = 1000;

    public static WireAnswer Answer(WireContainer container, WireRequest request)
    {
        request.Refuse("x-ms-start-epk", "x-ms-end-epk");
        var query = RangeQuery.Parse(request.Body);
        if ((string?)container.Definition.Json["indexingPolicy"]?["indexingMode"] is "none" or "None")
            throw WireRefusal.Unsupported("a query of a container without an index");
        var after = QueryContinuation.Parse(request.Header("x-ms-continuation"));
        var left = after is null ? query.Limit : after.Left;
        var size = Math.Min(PageSize(request), left ?? int.MaxValue);
        var (range, found) = Find(container, request, query, after, size);
        var page = ServiceLimits.OnePage(found.Take(size)).ToList();
        return Page(container, range, query, page) with { Continuation = found.Count > page.Count && left != page.Count ? Next(page[^1], left - page.Count) : null };
    }

    /// <summary>-1 leaves it to the server, and the SDK asks for as many as an integer can hold when a query has an order.</summary>
    public static int PageSize(WireRequest request) =>
        request.Header("x-ms-max-item-count") is { } header && int.Parse(header, CultureInfo.InvariantCulture) is > 0 and < LargestPage and var size ? size : LargestPage;

    /// <summary>One item more than the page takes, so that the last page is known to be the last.</summary>
    private static (PartitionRange Range, List<WireItem> Items) Find(WireContainer container, WireRequest request, RangeQuery query, QueryContinuation? after, int size)
    {
        var descending = query.Order is QueryOrder.Descending;
        if (request.Header("x-ms-documentdb-partitionkey") is { } key)
        {
            var partition = ItemAnswers.PartitionOf(key);
            var ofPartition = container.RangeOf(partition);
            return (ofPartition, ofPartition.Select(partition, query.LowestId, descending, Accepts, size + 1));
        }

        if (query.Order is not null)
            throw WireRefusal.Unsupported("an order over several partitions");
        var range = container.Range(request.Header("x-ms-documentdb-partitionkeyrangeid") ?? throw WireRefusal.Unsupported("a query of neither a partition nor a range"));
        return (range, range.SelectAll(Accepts, size + 1));

        bool Accepts(WireItem item) => query.Accepts(item.Id) && after?.IsBefore(item, descending) != false;
    }

    private static WireAnswer Page(WireContainer container, PartitionRange range, RangeQuery query, List<WireItem> page) =>
        new WireAnswer(200, Body(container.Rid, query, page)) { ItemCount = page.Count, Session = range.Session() }.BilledByRead(page);

    private static string Next(WireItem last, int? left) => new QueryContinuation(last.Partition, last.Id, left).ToString();

    private static ReadOnlyMemory<byte> Body(string rid, RangeQuery query, List<WireItem> page)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("_rid", rid);
            writer.WriteStartArray("Documents");
            foreach (var item in page)
                Write(writer, query, item);
            writer.WriteEndArray();
            writer.WriteNumber("_count", page.Count);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter writer, RangeQuery query, WireItem item)
    {
        if (query.Columns.Count == 0)
        {
            writer.WriteRawValue(item.Body.Span, skipInputValidation: true);
            return;
        }

        using var document = JsonDocument.Parse(item.Body);
        writer.WriteStartObject();
        foreach (var column in query.Columns)
        {
            if (!document.RootElement.TryGetProperty(column.Property, out var value))
                continue;
            writer.WritePropertyName(column.Name);
            value.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}
