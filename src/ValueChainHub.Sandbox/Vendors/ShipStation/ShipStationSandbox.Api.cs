using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ValueChainHub.Sandbox.Books;

namespace ValueChainHub.Sandbox.Vendors.ShipStation;

public sealed partial class ShipStationSandbox
{
    private const int DefaultPageSize = 25;

    /// <summary>What the API answers, and what whoever reads it knows.</summary>
    private sealed record Answer(JsonObject Body, IReadOnlyList<Fact> Tells);

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/jwks", context => WriteAsync(context, StatusCodes.Status200OK, _keys.Published())).WithMetadata(new NeverDisturbed());
        MapResource(api, "shipments", () => _shipments, one => one.Id, one => new(ShipStationBodies.Shipment(one), []));
        MapResource(api, "labels", () => _parcels.Where(one => one.LabelId is not null), one => one.LabelId, one => new(ShipStationBodies.Label(one), []));
        MapResource(api, "fulfillments", () => _parcels.Where(one => one.FulfillmentId is not null), one => one.FulfillmentId, one => new(ShipStationBodies.Fulfillment(one), one.ToldOfDelivery()));
        MapAnswer(api, "/v2/labels/{id}/track", context =>
            _parcels.Find(one => one.LabelId is { } id && id == IdOf(context)) is { } parcel ? new(ShipStationBodies.Tracking(parcel), parcel.Told()) : null);
    }

    /// <summary>One by its id, and all by pages.</summary>
    private void MapResource<T>(IEndpointRouteBuilder api, string name, Func<IEnumerable<T>> all, Func<T, string?> id, Func<T, Answer> answer)
        where T : class
    {
        MapAnswer(api, $"/v2/{name}/{{id}}", context => all().FirstOrDefault(one => id(one) == IdOf(context)) is { } found ? answer(found) : null);
        MapAnswer(api, $"/v2/{name}", context => Page(context, name, [.. all().Select(answer)]));
    }

    private void MapAnswer(IEndpointRouteBuilder api, string route, Func<HttpContext, Answer?> read) => api.MapGet(route, context => AnswerAsync(context, read));

    private async Task AnswerAsync(HttpContext context, Func<HttpContext, Answer?> read)
    {
        if (context.Request.Headers["api-key"] != _apiKey)
        {
            await WriteAsync(context, StatusCodes.Status401Unauthorized, ShipStationBodies.Error("security", "unauthorized", "The API key is invalid."));
            return;
        }
        if (_allowance.Take() is { Left: < 0, Until: var until })
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(until.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await WriteAsync(context, StatusCodes.Status429TooManyRequests, ShipStationBodies.Error("business_rules", "rate_limit_exceeded", "Too many requests."));
            return;
        }
        Answer? answer;
        lock (_gate)
        {
            answer = read(context);
            if (answer is not null)
                books.Answered(Name, (context.Request.Path.Value + context.Request.QueryString.Value).TrimStart('/'), answer.Tells);
        }
        await (answer is null
            ? WriteAsync(context, StatusCodes.Status404NotFound, ShipStationBodies.Error("validation", "not_found", "There is no such resource."))
            : WriteAsync(context, StatusCodes.Status200OK, answer.Body));
    }

    private static Answer Page(HttpContext context, string name, IReadOnlyList<Answer> all)
    {
        var (size, page) = (Math.Clamp(NumberOf(context, "page_size") ?? DefaultPageSize, 1, 500), Math.Max(NumberOf(context, "page") ?? 1, 1));
        var pages = Math.Max(1, (all.Count + size - 1) / size);
        var shown = all.Skip((page - 1) * size).Take(size).ToList();
        JsonObject Link(int to) => to < 1 || to > pages ? [] : new() { ["href"] = $"{ShipStationBodies.Host}v2/{name}?page={to}&page_size={size}" };
        var body = new JsonObject
        {
            [name] = new JsonArray([.. shown.Select(one => one.Body)]),
            ["total"] = all.Count,
            ["page"] = page,
            ["pages"] = pages,
            ["links"] = new JsonObject { ["first"] = Link(1), ["last"] = Link(pages), ["prev"] = Link(page - 1), ["next"] = Link(page + 1) },
        };
        return new(body, [.. shown.SelectMany(one => one.Tells)]);
    }

    private static string IdOf(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static int? NumberOf(HttpContext context, string name) => int.TryParse(context.Request.Query[name], CultureInfo.InvariantCulture, out var number) ? number : null;

    private static async Task WriteAsync(HttpContext context, int status, JsonObject body)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, "application/json");
        await context.Response.Body.WriteAsync(body.Bytes(), context.RequestAborted);
    }
}
