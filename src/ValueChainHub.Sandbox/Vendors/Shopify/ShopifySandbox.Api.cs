using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ValueChainHub.Sandbox.Vendors.Shopify.GraphQl;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Vendors.Shopify;

public sealed partial class ShopifySandbox
{
    private const int MostPointsOfAQuery = 1_000;

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/admin/api/{version}/graphql.json", (RequestDelegate)QueryAsync);
        api.MapGet(ExportPath + "{id}.jsonl", (RequestDelegate)DownloadAsync);
    }

    /// <summary>Too many calls are HTTP 200 as well (FACTS 1).</summary>
    public Task RefuseThrottledAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status200OK, ErrorsOf(new("THROTTLED", "Throttled"), _points.Extensions(requested: 100, actual: null, isEmpty: true)));

    private async Task QueryAsync(HttpContext context)
    {
        if (context.Request.Headers["X-Shopify-Access-Token"] != _accessToken)
        {
            await WriteAsync(context, StatusCodes.Status401Unauthorized, new() { ["errors"] = "[API] Invalid API key or access token (unrecognized login or wrong password)" });
            return;
        }
        _origin = $"{context.Request.Scheme}://{context.Request.Host}";
        if (await QuestionAsync(context) is not var (text, variables))
            await WriteAsync(context, StatusCodes.Status400BadRequest, new() { ["errors"] = new JsonObject { ["query"] = "Required parameter missing or invalid" } });
        else
            await WriteAsync(context, StatusCodes.Status200OK, Answer(text, variables));
    }

    private static async Task<(string Text, JsonObject Variables)?> QuestionAsync(HttpContext context)
    {
        try
        {
            var question = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) as JsonObject;
            return question?["query"] is JsonValue value && value.TryGetValue<string>(out var text) ? (text, question["variables"]?.DeepClone() as JsonObject ?? []) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private JsonObject Answer(string text, JsonObject variables)
    {
        try
        {
            var (isMutation, fields) = GraphQlDocument.Read(text, variables);
            var cost = QueryCost.Of(isMutation, fields);
            if (cost > MostPointsOfAQuery)
                return ErrorsOf(new("MAX_COST_EXCEEDED", $"Query cost is {cost}, which exceeds the single query max cost limit ({MostPointsOfAQuery})."), _points.Extensions(cost, actual: null));
            return _points.Take(cost)
                ? new() { ["data"] = isMutation ? Change(fields) : Read(fields), ["extensions"] = _points.Extensions(cost, cost) }
                : ErrorsOf(new("THROTTLED", "Throttled"), _points.Extensions(cost, actual: null));
        }
        catch (GraphQlException refused)
        {
            return ErrorsOf(refused, extensions: null);
        }
    }

    private JsonObject Read(IReadOnlyList<GraphQlField> fields)
    {
        var data = new JsonObject();
        lock (_gate)
        {
            foreach (var field in fields)
                data[field.Alias] = Read(field);
        }
        return data;
    }

    /// <summary>One field after the other, as the specification has it; what there is to say of them is said when all are done.</summary>
    private JsonObject Change(IReadOnlyList<GraphQlField> fields)
    {
        var (data, outcomes) = (new JsonObject(), new List<Outcome>());
        lock (_gate)
        {
            foreach (var field in fields)
                data[field.Alias] = Change(field, outcomes);
        }
        foreach (var outcome in outcomes)
            Desk.Say(outcome);
        return data;
    }

    private static JsonObject ErrorsOf(GraphQlException refused, JsonObject? extensions)
    {
        var answer = new JsonObject { ["errors"] = new JsonArray(new JsonObject { ["message"] = refused.Message, ["extensions"] = new JsonObject { ["code"] = refused.Code } }) };
        if (extensions is not null)
            answer["extensions"] = extensions;
        return answer;
    }

    private static async Task WriteAsync(HttpContext context, int status, JsonObject body)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, "application/json; charset=utf-8");
        context.Response.Headers["X-Request-Id"] = Bodies.Guid("shopify", context.TraceIdentifier);
        await context.Response.Body.WriteAsync(body.Bytes(), context.RequestAborted);
    }
}
