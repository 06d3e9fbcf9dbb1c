using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ValueChainHub.CosmosWire.Wire;

/// <summary>One request as it came, and what it asks for.</summary>
internal sealed class WireRequest
{
    private readonly IHeaderDictionary _headers;
    private readonly string[] _segments;

    private WireRequest(string method, string[] segments, IHeaderDictionary headers, ReadOnlyMemory<byte> body)
    {
        (Method, _segments, _headers, Body) = (method, segments, headers, body);
        Operation = OperationOf(method, segments.Where((_, index) => index % 2 == 0).ToArray(), segments.Length);
    }

    public WireOperation Operation { get; }

    public string Method { get; }

    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The segments of the path, decoded one by one: an id may hold what a path may not.</summary>
    public IReadOnlyList<string> Segments => _segments;

    public string? Database => Segment(1);

    public string? Container => Segment(3);

    public string? Item => Segment(5);

    /// <summary>Of a write: the item itself is not wanted back.</summary>
    public bool WantsNoBody => Header("Prefer") == "return=minimal";

    public static async Task<WireRequest> ReadAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.Split('?')[0].Trim('/');
        var segments = path.Length == 0 ? [] : path.Split('/').Select(Uri.UnescapeDataString).ToArray();
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return new(context.Request.Method, segments, context.Request.Headers, body.ToArray());
    }

    public string? Header(string name) => _headers.TryGetValue(name, out var values) ? values.ToString() : null;

    public bool Says(string header) => string.Equals(Header(header), "True", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="WireRefusal">The request has a header that this server would have to heed and does not.</exception>
    public void Refuse(params ReadOnlySpan<string> headers)
    {
        foreach (var name in headers)
        {
            if (Header(name) is { } value)
                throw WireRefusal.Unsupported($"{name}: {value}");
        }
    }

    public override string ToString() => $"{Method} /{string.Join('/', _segments)} ({Operation})";

    private string? Segment(int index) => index < _segments.Length ? _segments[index] : null;

    private WireOperation OperationOf(string method, string[] types, int length) => (string.Join('/', types), length % 2 == 0, method) switch
    {
        ("", _, "GET") => WireOperation.ReadAccount,
        ("dbs", false, "POST") when !Says("x-ms-documentdb-isquery") => WireOperation.CreateDatabase,
        ("dbs", true, "GET") => WireOperation.ReadDatabase,
        ("dbs/colls", false, "POST") when !Says("x-ms-documentdb-isquery") => WireOperation.CreateContainer,
        ("dbs/colls", true, "GET") => WireOperation.ReadContainer,
        ("dbs/colls", true, "PUT") => WireOperation.ReplaceContainer,
        ("dbs/colls", true, "DELETE") => WireOperation.DeleteContainer,
        ("dbs/colls/pkranges", false, "GET") => WireOperation.ReadRanges,
        ("dbs/colls/docs", true, "GET") => WireOperation.ReadItem,
        ("dbs/colls/docs", true, "PUT") => WireOperation.ReplaceItem,
        ("dbs/colls/docs", true, "DELETE") => WireOperation.DeleteItem,
        ("dbs/colls/docs", false, "GET") when Header("A-IM") is not null => WireOperation.ChangeFeed,
        ("dbs/colls/docs", false, "POST") => OperationOfPost(),
        _ => WireOperation.Unknown,
    };

    private WireOperation OperationOfPost() =>
        Says("x-ms-cosmos-is-batch-request") ? Says("x-ms-cosmos-batch-atomic") ? WireOperation.Batch : WireOperation.Bulk
        : Says("x-ms-cosmos-is-query-plan-request") ? WireOperation.QueryPlan
        : Says("x-ms-documentdb-isquery") ? WireOperation.Query
        : Says("x-ms-documentdb-is-upsert") ? WireOperation.UpsertItem
        : WireOperation.CreateItem;
}
