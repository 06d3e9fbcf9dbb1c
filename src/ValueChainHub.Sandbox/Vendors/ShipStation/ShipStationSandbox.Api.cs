using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Vendors.State;

namespace ValueChainHub.Sandbox.Vendors.ShipStation;

public sealed partial class ShipStationSandbox
{
    private const int DefaultPageSize = 25;

    /// <summary>What the API answers, and what whoever reads it knows.</summary>
    private sealed record Answer(JsonNode? Body, IReadOnlyList<Fact> Tells, int Status = StatusCodes.Status200OK);

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/jwks", context => WriteAsync(context, StatusCodes.Status200OK, _keys.Published())).WithMetadata(new NeverDisturbed());
        MapResource(api, "shipments", () => _shipments, one => one.Id, one => (one.CreatedAt, one.ModifiedAt), one => new(ShipStationBodies.Shipment(one), []));
        MapResource(api, "labels", () => _parcels.Where(one => one.LabelId is not null), one => one.LabelId, one => (one.CreatedAt, null), one => new(ShipStationBodies.Label(one), []));
        MapResource(api, "fulfillments", () => _parcels.Where(one => one.FulfillmentId is not null), one => one.FulfillmentId, one => (one.CreatedAt, null), one => new(ShipStationBodies.Fulfillment(one), one.ToldOfDelivery()));
        MapAnswer(api, "/v2/environment/webhooks", _ => new(new JsonArray([.. Desk.Subscriptions.All.Select(ShipStationBodies.Webhook)]), []));
        api.MapPost("/v2/environment/webhooks", MakeWebhookAsync);
        api.MapDelete("/v2/environment/webhooks/{id}", context => AnswerAsync(context, RemoveWebhook));
        MapAnswer(api, "/v2/labels/{id}/track", context =>
            _parcels.Find(one => one.LabelId is { } id && id == IdOf(context)) is { } parcel ? new(ShipStationBodies.Tracking(parcel), parcel.Told()) : null);
    }

    public async Task RefuseThrottledAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        await WriteAsync(context, StatusCodes.Status429TooManyRequests, ShipStationBodies.Error("business_rules", "rate_limit_exceeded", "Too many requests."));
    }

    /// <summary>One by its id, and all by pages, in a span of their times if asked.</summary>
    private void MapResource<T>(IEndpointRouteBuilder api, string name, Func<IEnumerable<T>> all, Func<T, string?> id, Func<T, (DateTimeOffset Created, DateTimeOffset? Modified)> times, Func<T, Answer> answer)
        where T : class
    {
        MapAnswer(api, $"/v2/{name}/{{id}}", context => all().FirstOrDefault(one => id(one) == IdOf(context)) is { } found ? answer(found) : null);
        MapAnswer(api, $"/v2/{name}", context => Page(context, name, Sorted(context, all(), times), answer));
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
            : WriteAsync(context, answer.Status, answer.Body));
    }

    /// <summary>Those of the span, in the order that is asked for: by the time of their making, or of their last change where the list has it.</summary>
    private static List<T> Sorted<T>(HttpContext context, IEnumerable<T> all, Func<T, (DateTimeOffset Created, DateTimeOffset? Modified)> times)
    {
        bool IsIn(string name, DateTimeOffset? at) => (TimeOf(context, name + "_start") is not { } from || at >= from) && (TimeOf(context, name + "_end") is not { } until || at <= until);
        var byChange = context.Request.Query["sort_by"] == "modified_at";
        var found = all.Where(one => IsIn("created_at", times(one).Created) && IsIn("modified_at", times(one).Modified));
        DateTimeOffset Key(T one) => byChange && times(one).Modified is { } modified ? modified : times(one).Created;
        return context.Request.Query["sort_dir"] == "desc" ? [.. found.OrderByDescending(Key)] : [.. found.OrderBy(Key)];
    }

    private async Task MakeWebhookAsync(HttpContext context)
    {
        var body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) as JsonObject;
        await AnswerAsync(context, _ => MakeWebhook(body ?? []));
    }

    private Answer MakeWebhook(JsonObject body)
    {
        var (topic, url) = (body["event"]?.GetValue<string>() ?? "", body["url"]?.GetValue<string>());
        if (!Events.Contains(topic, StringComparer.Ordinal) || !Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps)
            return new(ShipStationBodies.Error("validation", "invalid_field_value", "event and an https url are required."), [], StatusCodes.Status400BadRequest);
        if (Desk.Subscriptions.All.Any(one => one.Address == address.AbsoluteUri && one.Topics.Contains(topic)))
            return new(ShipStationBodies.Error("validation", "subscription_conflict", "There is such a webhook."), [], StatusCodes.Status409Conflict);
        var made = new Subscription(Bodies.Number(80_000 + ++_made), [topic], address.AbsoluteUri, Desk.Now);
        Desk.Subscriptions.Put(made);
        Desk.Writes.Accept("POST webhooks", topic, changed: true);
        return new(ShipStationBodies.Webhook(made), []);
    }

    private Answer? RemoveWebhook(HttpContext context)
    {
        if (!Desk.Subscriptions.Remove(IdOf(context)))
            return null;
        Desk.Writes.Accept("DELETE webhooks", IdOf(context), changed: true);
        return new(null, [], StatusCodes.Status204NoContent);
    }

    private static DateTimeOffset? TimeOf(HttpContext context, string name) =>
        DateTimeOffset.TryParse(context.Request.Query[name], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static Answer Page<T>(HttpContext context, string name, List<T> all, Func<T, Answer> answer)
    {
        var (size, page) = (Math.Clamp(NumberOf(context, "page_size") ?? DefaultPageSize, 1, 500), Math.Max(NumberOf(context, "page") ?? 1, 1));
        var pages = Math.Max(1, (all.Count + size - 1) / size);
        var shown = all.Skip((page - 1) * size).Take(size).Select(answer).ToList();
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

    private static async Task WriteAsync(HttpContext context, int status, JsonNode? body)
    {
        context.Response.StatusCode = status;
        if (body is null)
            return;
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(body.Bytes(), context.RequestAborted);
    }
}
