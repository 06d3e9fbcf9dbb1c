using System.Buffers;
using System.Globalization;
using System.Text;
using ValueChainHub.CosmosWire.Queries;
using ValueChainHub.CosmosWire.Store;
using ValueChainHub.CosmosWire.Wire;

namespace ValueChainHub.CosmosWire.Feeds;

/// <summary>Pages of the change feed: the latest versions of items, of one range or of one partition.</summary>
internal static class FeedAnswers
{
    private const string Incremental = "Incremental Feed";

    public static WireAnswer Answer(WireContainer container, WireRequest request)
    {
        request.Refuse("x-ms-start-epk", "x-ms-end-epk", "x-ms-cosmos-changefeed-wire-format-version");
        if (request.Header("A-IM") is var kind && kind != Incremental)
            throw WireRefusal.Unsupported($"a feed of the kind {kind}");
        var partition = request.Header("x-ms-documentdb-partitionkey") is { } key ? ItemAnswers.PartitionOf(key) : null;
        var range = partition is not null ? container.RangeOf(partition) : RangeOf(container, request);
        var changes = range.ChangesAfter(Start(range, request), partition, QueryAnswers.PageSize(request));
        return Page(container, range, changes);
    }

    private static PartitionRange RangeOf(WireContainer container, WireRequest request) =>
        container.Range(request.Header("x-ms-documentdb-partitionkeyrangeid") ?? throw WireRefusal.Unsupported("a feed of neither a partition nor a range"));

    /// <summary>Read on from a page, from now, from a time, or from the beginning.</summary>
    private static long Start(PartitionRange range, WireRequest request) => (request.Header("If-None-Match"), request.Header("If-Modified-Since")) switch
    {
        ("*", _) => range.Now,
        ({ } etag, _) => Continuation(etag),
        (null, { } time) => range.Before(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)),
        _ => 0,
    };

    private static long Continuation(string etag) =>
        long.TryParse(etag.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var lsn)
            ? lsn
            : throw WireRefusal.BadRequest("The continuation is not one of a change feed.");

    private static WireAnswer Page(WireContainer container, PartitionRange range, Changes changes) =>
        new WireAnswer(changes.Items.Count == 0 ? 304 : 200, changes.Items.Count == 0 ? default : Body(container.Rid, changes.Items))
        {
            ETag = $"\"{changes.Reached.ToString(CultureInfo.InvariantCulture)}\"",
            ItemCount = changes.Items.Count,
            Session = range.Session(),
        }.BilledByRead(changes.Items);

    /// <summary>Each item with its number: the last brace of its text gives way to one property more.</summary>
    private static ReadOnlyMemory<byte> Body(string rid, IReadOnlyList<WireItem> items)
    {
        var body = new ArrayBufferWriter<byte>();
        body.Write(Encoding.UTF8.GetBytes($$"""{"_rid":"{{rid}}","Documents":["""));
        for (var index = 0; index < items.Count; index++)
        {
            if (index > 0)
                body.Write(","u8);
            body.Write(items[index].Body.Span[..^1]);
            body.Write(Encoding.UTF8.GetBytes($$""","_lsn":{{items[index].Lsn.ToString(CultureInfo.InvariantCulture)}}}"""));
        }

        body.Write(Encoding.UTF8.GetBytes($$"""],"_count":{{items.Count.ToString(CultureInfo.InvariantCulture)}}}"""));
        return body.WrittenMemory;
    }
}
