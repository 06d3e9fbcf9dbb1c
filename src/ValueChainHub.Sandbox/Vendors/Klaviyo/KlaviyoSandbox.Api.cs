using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ValueChainHub.Sandbox.Vendors.Klaviyo;

public sealed partial class KlaviyoSandbox
{
    private const string Revision = "2026-07-15";

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api/metrics", (RequestDelegate)(context => AnswerAsync(context, _ => KlaviyoBodies.Metrics())));
        api.MapGet("/api/events", (RequestDelegate)(context => AnswerAsync(context, Events)));
    }

    /// <summary>Every call names its key and the revision it was written for.</summary>
    private async Task AnswerAsync(HttpContext context, Func<HttpRequest, JsonObject?> answer)
    {
        var isKnown = context.Request.Headers.Authorization == "Klaviyo-API-Key " + _apiKey;
        var body = isKnown && context.Request.Headers["revision"] == Revision ? answer(context.Request) : null;
        context.Response.StatusCode = !isKnown ? StatusCodes.Status401Unauthorized : body is null ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK;
        context.Response.ContentType = "application/vnd.api+json";
        await context.Response.Body.WriteAsync((body ?? new() { ["errors"] = new JsonArray() }).Bytes(), context.RequestAborted);
    }

    /// <summary>One metric's events of a span, oldest first, page by page. Null for a question it does not understand.</summary>
    private JsonObject? Events(HttpRequest request)
    {
        var filter = Filter().Match(request.Query["filter"].ToString());
        if (!filter.Success || request.Query["sort"] != "datetime" || !int.TryParse(request.Query["page[size]"], CultureInfo.InvariantCulture, out var size))
            return null;
        var (metric, since, until) = (filter.Groups["metric"].Value, Time(filter.Groups["since"].Value), Time(filter.Groups["until"].Value));
        _ = int.TryParse(request.Query["page[cursor]"], CultureInfo.InvariantCulture, out var skipped);
        lock (_gate)
        {
            var found = _events.Where(one => one.Metric.Id == metric && one.At >= since && one.At < until).OrderBy(one => one.At).ThenBy(one => one.Id, StringComparer.Ordinal).ToList();
            var page = found.Skip(skipped).Take(size).ToList();
            books.Answered(name, "events", page.SelectMany(KlaviyoFacts.Of));
            var next = skipped + page.Count < found.Count ? $"https://a.klaviyo.com/api/events?page%5Bcursor%5D={skipped + page.Count}" : null;
            return KlaviyoBodies.Page(page, next);
        }
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    [GeneratedRegex("^equals\\(metric_id,\"(?<metric>[A-Za-z0-9]+)\"\\),greater-or-equal\\(datetime,(?<since>[^)]+)\\),less-than\\(datetime,(?<until>[^)]+)\\)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Filter();
}
