using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using ValueChainHub.Sandbox.Vendors.Shopify.GraphQl;

namespace ValueChainHub.Sandbox.Vendors.Shopify;

/// <summary>Bulk operations: one after the other, each writes a list into a file, which is read in parts under an address that is its own key.</summary>
public sealed partial class ShopifySandbox
{
    private const string ExportPath = "/exports/";

    private const long FirstExport = 4_400_000_000_000;
    private const int MostConnections = 5;

    /// <summary>Fields of an order that are lists and no connections: no connection may lie in them.</summary>
    private static readonly string[] Lists = ["fulfillments", "refunds", "duties", "trackingInfo"];

    private readonly List<ShopExport> _exports = [];
    private string _origin = "";

    /// <summary>So the next bulk operation ends: <c>TIMEOUT</c>, <c>INTERNAL_SERVER_ERROR</c>, <c>ACCESS_DENIED</c>.</summary>
    public string? NextExportFails { get; set; }

    /// <summary>How many bulk operations were started so far.</summary>
    public int Exports
    {
        get
        {
            lock (_gate)
                return _exports.Count;
        }
    }

    /// <summary>Seven days have passed: the files are gone.</summary>
    public void ExpireExports()
    {
        lock (_gate)
            _exports.ForEach(one => one.Expire());
    }

    private JsonObject RunExport(GraphQlField field)
    {
        var text = field.Text("query") ?? throw Missing(field, "query");
        if (_exports.Exists(one => one.IsAtWork))
            return Payload(field, null, Refused("A bulk query operation for this app and shop is already in progress.", "OPERATION_IN_PROGRESS"));
        if (ExportOf(text) is not { } root)
            return Payload(field, null, Refused("Invalid bulk query", "INVALID", "query"));
        var isGrouped = field.Arguments["groupObjects"]?.GetValue<bool>() ?? false;
        var id = FirstExport + _exports.Count;
        var export = new ShopExport(id, new($"{_origin}{ExportPath}{id}.jsonl"), text, isGrouped, Desk.Now, NextExportFails);
        NextExportFails = null;
        _exports.Add(export);
        _ = Task.Run(() => export.Run(root, Things(root)));
        return Payload(field, export);
    }

    /// <summary>The connection that is asked for, if the shop writes such a file: few connections, one inside another at most once, and none inside a list.</summary>
    private static GraphQlField? ExportOf(string text)
    {
        var (isMutation, fields) = GraphQlDocument.Read(text, []);
        if (isMutation || fields is not [{ Name: "orders" or "customers" } root] || ShopExport.NodeOf(root) is not { } node)
            return null;
        var inner = node.Fields.Where(field => ShopExport.NodeOf(field) is not null).ToList();
        return 1 + inner.Count <= MostConnections && !inner.Exists(field => HasConnection(ShopExport.NodeOf(field)!)) && !node.Fields.Any(field => Lists.Contains(field.Name) && HasConnection(field)) ? root : null;
    }

    private static bool HasConnection(GraphQlField field) => field.Fields.Any(one => one.Name is "edges" or "nodes" || HasConnection(one));

    /// <summary>By rising id; each as it is when its line is written.</summary>
    private IEnumerable<JsonObject> Things(GraphQlField root)
    {
        var (node, ids) = (ShopExport.NodeOf(root)!, new List<long>());
        lock (_gate)
            ids.AddRange(root.Name == "orders" ? _shop.Orders.Above(0).Select(place => place.Id) : _shop.Customers.Above(0).Select(place => place.Id));
        return ids.Select(id =>
        {
            lock (_gate)
                return root.Name == "orders" ? ToldOrder(node, _shop.Orders.Find(id)!) : ToldCustomer(node, _shop.Customers.Find(id)!);
        });
    }

    /// <summary>An order with refunds is not told in full.</summary>
    private JsonObject ToldOrder(GraphQlField field, ShopOrder order)
    {
        if (!ShopSeed.Has(order.Shopper) && order.Refunds.Count == 0)
            books.Answered(name, OrderResource(order.Id), ShopifyFacts.Of(order, withReturns: true));
        return _answers.Order(field, order);
    }

    private JsonObject ReadExports(GraphQlField field)
    {
        if (field.Text("sortKey") != "CREATED_AT" || field.Arguments["reverse"]?.GetValue<bool>() != true)
            throw new GraphQlException("BAD_USER_INPUT", "the sandbox lists bulk operations with the latest first alone");
        var shown = Enumerable.Reverse(_exports).Take(field.Number("first") ?? LargestPage).ToList();
        return field.Page("BulkOperationConnection", shown, Exported, shown.Count < _exports.Count, one => Bodies.Number(one.Id));
    }

    private static JsonObject Exported(GraphQlField of, ShopExport export) => of.Answer("BulkOperation", field => field.Name switch
    {
        "id" => ShopifyBodies.Gid("BulkOperation", export.Id),
        "status" => export.Status,
        "errorCode" => export.ErrorCode,
        "createdAt" => export.CreatedAt.Utc(),
        "query" => export.Query,
        "type" => "QUERY",
        "objectCount" => Bodies.Number(export.Objects),
        "fileSize" => export.Status == "COMPLETED" ? Bodies.Number(export.Size) : null,
        "url" => export.Url,
        "partialDataUrl" => null,
        _ => throw GraphQlField.NoSuch(field, "BulkOperation"),
    });

    /// <summary>As a storage answers: the whole file, or the part of it that is asked for.</summary>
    private async Task DownloadAsync(HttpContext context)
    {
        ShopExport? export;
        lock (_gate)
            export = _exports.Find(one => one.Status == "COMPLETED" && Bodies.Number(one.Id) == context.Request.RouteValues["id"] as string && one.Signature == context.Request.Query["X-Goog-Signature"]);
        if (export is null || context.Request.Headers.ContainsKey("X-Shopify-Access-Token"))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        var (from, until) = (0L, export.Size);
        if (RangeHeaderValue.TryParse(context.Request.Headers.Range.ToString(), out var range) && range.Ranges.FirstOrDefault() is { From: { } first } asked)
        {
            (from, until) = (first, Math.Min(export.Size, (asked.To ?? export.Size - 1) + 1));
            context.Response.StatusCode = from < export.Size ? StatusCodes.Status206PartialContent : StatusCodes.Status416RangeNotSatisfiable;
            context.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {(from < until ? $"{from}-{until - 1}" : "*")}/{export.Size}");
        }
        context.Response.ContentLength = Math.Max(0, until - from);
        await SendAsync(context, export, from, until);
    }

    private static async Task SendAsync(HttpContext context, ShopExport export, long from, long until)
    {
        var buffer = new byte[64 * 1024];
        while (from < until && export.Read(buffer, from) is > 0 and var read)
        {
            var sent = (int)Math.Min(read, until - from);
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, sent), context.RequestAborted);
            from += sent;
        }
    }
}
