using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ValueChainHub.Sandbox.Vendors.Shopify;

public sealed partial class ShopifySandbox
{
    public void Map(IEndpointRouteBuilder api) => api.MapPost("/admin/api/{version}/graphql.json", (RequestDelegate)QueryAsync);

    /// <summary>Not a GraphQL engine: it knows by their roots the queries for one order and for one return.</summary>
    private async Task QueryAsync(HttpContext context)
    {
        if (context.Request.Headers["X-Shopify-Access-Token"] != _accessToken)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        using var reader = new StreamReader(context.Request.Body);
        var question = JsonNode.Parse(await reader.ReadToEndAsync(context.RequestAborted))!;
        var (query, gid) = (Member(question, "query"), question["variables"]?["id"]?.GetValue<string>() ?? question["Variables"]?["Id"]?.GetValue<string>() ?? "");
        var id = long.TryParse(gid[(gid.LastIndexOf('/') + 1)..], CultureInfo.InvariantCulture, out var number) ? number : 0;
        var data = query.Contains("return(id:", StringComparison.Ordinal) ? AnswerReturn(id) : AnswerOrder(id);
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(new JsonObject { ["data"] = data }.Bytes(), context.RequestAborted);
    }

    private JsonObject AnswerOrder(long id)
    {
        lock (_gate)
        {
            if (!_orders.TryGetValue(id, out var order))
                return new() { ["order"] = null };
            books.Answered(name, OrderResource(id), ShopifyFacts.Of(order, withReturns: true));
            return new() { ["order"] = _answers.Order(order) };
        }
    }

    private JsonObject AnswerReturn(long id)
    {
        lock (_gate)
        {
            if (_orders.Values.FirstOrDefault(one => one.Return?.Id == id) is not { Return: { } found } order)
                return new() { ["return"] = null };
            books.Answered(name, $"return/{id}", [ShopifyFacts.Of(order, found)]);
            var answer = ShopifyAnswers.Return(found);
            answer["order"] = new JsonObject { ["id"] = ShopifyBodies.Gid("Order", order.Id), ["updatedAt"] = order.UpdatedAt.Utc() };
            return new() { ["return"] = answer };
        }
    }

    private static string Member(JsonNode question, string name) => (question[name] ?? question["Query"])?.GetValue<string>() ?? "";
}
