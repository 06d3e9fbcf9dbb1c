using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ValueChainHub.Sandbox.Vendors.Gladly;

public sealed partial class GladlySandbox
{
    private const int MostFound = 50;

    private sealed record Reply(int Status, JsonNode Body, string? Location = null)
    {
        public static Reply NotFound { get; } = new(StatusCodes.Status404NotFound, GladlyBodies.Error("not_exist", "entity does not exist"));
    }

    public void Map(IEndpointRouteBuilder api)
    {
        MapReply(api, "customer-profiles/{id}", context => Customer(IdOf(context)));
        MapReply(api, "customer-profiles", Find);
        MapReply(api, "conversations/{id}", context => Conversation(IdOf(context)));
        MapReply(api, "conversations/{id}/items", context => Items(IdOf(context)));
        MapReply(api, "webhooks", _ => Ok(new JsonArray(GladlyBodies.Subscription(Desk.Subscriptions.All is [{ IsActive: true }, ..]))));
    }

    private void MapReply(IEndpointRouteBuilder api, string route, Func<HttpContext, Reply> read) => api.MapGet("/api/v1/" + route, context => ReplyAsync(context, read));

    private async Task ReplyAsync(HttpContext context, Func<HttpContext, Reply> read)
    {
        var reply = context.Request.Headers.Authorization != Basic(ApiUser, _apiToken).ToString()
            ? new(StatusCodes.Status401Unauthorized, GladlyBodies.Error("unauthorized", "invalid credentials"))
            : Grant(context) ?? Read(context, read);
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = "application/json";
        if (reply.Location is { } location)
            context.Response.Headers.Location = location;
        await context.Response.Body.WriteAsync(reply.Body.Bytes(), context.RequestAborted);
    }

    /// <summary>Null for a call within the limit.</summary>
    private Reply? Grant(HttpContext context)
    {
        var (left, _) = _allowance.Take();
        context.Response.Headers["Ratelimit-Limit-Second"] = callsPerSecond.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["Ratelimit-Remaining-Second"] = Math.Max(left, 0).ToString(CultureInfo.InvariantCulture);
        return left < 0 ? new(StatusCodes.Status429TooManyRequests, GladlyBodies.Error("too_many_requests", "rate limit exceeded")) : null;
    }

    private Reply Read(HttpContext context, Func<HttpContext, Reply> read)
    {
        lock (_gate)
            return read(context);
    }

    private Reply Customer(string id)
    {
        if (_customers.Find(one => one.Id == id) is not { } customer)
            return Reply.NotFound;
        books.Answered(Name, CustomerResource(customer), customer.Told());
        if (customer.IsDeleted)
            return Reply.NotFound;
        return customer.MergedInto is { } kept
            ? new(StatusCodes.Status301MovedPermanently, GladlyBodies.Moved(customer, kept), "/api/v1/customer-profiles/" + kept.Id)
            : Ok(GladlyBodies.Customer(customer));
    }

    /// <summary>By exactly one of the three, the newest first.</summary>
    private Reply Find(HttpContext context)
    {
        var (email, phone, external) = (Asked(context, "email"), Asked(context, "phoneNumber"), Asked(context, "externalCustomerId"));
        if (new[] { email, phone, external }.Count(asked => asked is not null) != 1)
            return new(StatusCodes.Status400BadRequest, GladlyBodies.Error("invalid", "exactly one of email, phoneNumber, externalCustomerId"));
        var found = _customers
            .Where(one => one is { IsDeleted: false, MergedInto: null } && (email is not null ? string.Equals(one.Email, email.Trim(), StringComparison.OrdinalIgnoreCase) : phone is not null && one.Phone == phone))
            .OrderByDescending(one => one.UpdatedAt).Take(MostFound).ToList();
        foreach (var customer in found)
            books.Answered(Name, CustomerResource(customer), customer.Told());
        return Ok(new JsonArray([.. found.Select(GladlyBodies.Customer)]));
    }

    private Reply Conversation(string id)
    {
        if (ConversationOf(id) is not { } conversation)
            return Reply.NotFound;
        books.Answered(Name, ConversationResource(conversation), conversation.Told());
        return Ok(GladlyBodies.Conversation(conversation));
    }

    private Reply Items(string id) => ConversationOf(id) is { } conversation ? Ok(GladlyBodies.Items(conversation)) : Reply.NotFound;

    private GladlyConversation? ConversationOf(string id) => _conversations.Values.FirstOrDefault(one => one.Id == id);

    private static Reply Ok(JsonNode body) => new(StatusCodes.Status200OK, body);

    private static string IdOf(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static string? Asked(HttpContext context, string name) => context.Request.Query[name] is [{ Length: > 0 } value] ? value : null;
}
