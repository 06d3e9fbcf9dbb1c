using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Vendors.Gladly;

public sealed partial class GladlySandbox
{
    private const int MostFound = 50, MostConversations = 100;

    private sealed record Reply(int Status, JsonNode? Body, string? Location = null)
    {
        /// <summary>Instead of a body: a JSON text a line.</summary>
        public string? Lines { get; init; }

        /// <summary>The hub must answer this before the reply holds.</summary>
        public Webhook? Pings { get; init; }

        public static Reply NotFound { get; } = new(StatusCodes.Status404NotFound, GladlyBodies.Error("not_exist", "entity does not exist"));
    }

    public void Map(IEndpointRouteBuilder api)
    {
        MapGet(api, "customer-profiles/{id}", (context, _) => Customer(IdOf(context)));
        MapGet(api, "customer-profiles", (context, _) => Find(context));
        MapGet(api, "conversations/{id}", (context, _) => Conversation(IdOf(context)));
        MapGet(api, "conversations/{id}/items", (context, _) => Items(IdOf(context)));
        MapGet(api, "customers/{id}/conversations", (context, _) => Conversations(IdOf(context)));
        MapGet(api, "webhooks", (_, _) => Ok(new JsonArray([.. Desk.Subscriptions.All.Select(Webhook)])));
        MapGet(api, "events", (context, _) => History(context));
        Map(api, "POST", "customer-profiles", (_, body) => Make(body));
        Map(api, "PATCH", "customer-profiles/{id}", (context, body) => Patch(IdOf(context), body));
        Map(api, "POST", "customers/{id}/tasks", (context, body) => OpenTask(IdOf(context), body));
        Map(api, "POST", "conversation-items", (_, body) => AddItem(body));
        Map(api, "POST", "webhooks", (_, body) => MakeWebhook(body));
        Map(api, "PATCH", "webhooks/{id}", (context, body) => ChangeWebhook(IdOf(context), body));
        Map(api, "DELETE", "webhooks/{id}", (context, _) => RemoveWebhook(IdOf(context)));
    }

    /// <inheritdoc/>
    public Task RefuseThrottledAsync(HttpContext context) => WriteAsync(context, TooMany);

    private static Reply TooMany { get; } = new(StatusCodes.Status429TooManyRequests, GladlyBodies.Error("too_many_requests", "rate limit exceeded"));

    private void MapGet(IEndpointRouteBuilder api, string route, Func<HttpContext, JsonObject, Reply> read) => Map(api, "GET", route, read);

    private void Map(IEndpointRouteBuilder api, string method, string route, Func<HttpContext, JsonObject, Reply> answer) =>
        api.MapMethods("/api/v1/" + route, [method], context => ReplyAsync(context, answer));

    private async Task ReplyAsync(HttpContext context, Func<HttpContext, JsonObject, Reply> answer)
    {
        var reply = context.Request.Headers.Authorization != Basic(ApiUser, _apiToken).ToString()
            ? new(StatusCodes.Status401Unauthorized, GladlyBodies.Error("unauthorized", "invalid credentials"))
            : Grant(context) ?? await AnswerAsync(context, answer);
        await WriteAsync(context, reply);
    }

    private async Task<Reply> AnswerAsync(HttpContext context, Func<HttpContext, JsonObject, Reply> answer)
    {
        Reply reply;
        var said = new List<Outcome>();
        try
        {
            var body = context.Request.ContentLength is 0 or null && context.Request.Headers.TransferEncoding.Count == 0 ? [] : await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) as JsonObject;
            lock (_gate)
            {
                _saying = said;
                reply = body is null ? Invalid("the body is no object", null) : answer(context, body);
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or FormatException)
        {
            return Invalid("the body is not what is expected", null);
        }
        said.ForEach(Desk.Say);
        return reply.Pings is not { } ping || await Desk.PingAsync(ping, context.RequestAborted) ? reply : Unanswered(ping);
    }

    private static async Task WriteAsync(HttpContext context, Reply reply)
    {
        context.Response.StatusCode = reply.Status;
        if (reply.Location is { } location)
            context.Response.Headers.Location = location;
        if (reply.Lines is { } lines)
        {
            context.Response.ContentType = "application/x-jsonlines";
            await context.Response.WriteAsync(lines, context.RequestAborted);
        }
        else if (reply.Body is { } body)
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(body.Bytes(), context.RequestAborted);
        }
    }

    /// <summary>Null for a call within the limit.</summary>
    private Reply? Grant(HttpContext context)
    {
        var (left, _) = _allowance.Take();
        context.Response.Headers["Ratelimit-Limit-Second"] = callsPerSecond.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["Ratelimit-Remaining-Second"] = Math.Max(left, 0).ToString(CultureInfo.InvariantCulture);
        return left < 0 ? TooMany : null;
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
            .Where(one => one is { IsDeleted: false, MergedInto: null } && (email is not null ? one.Emails.Contains(email.Trim(), StringComparer.OrdinalIgnoreCase) : phone is not null && one.Phones.Exists(known => known.Number == phone)))
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

    /// <summary>At most 100, the oldest first.</summary>
    private Reply Conversations(string id)
    {
        if (_customers.Find(one => one.Id == id) is null)
            return Reply.NotFound;
        var found = _conversations.Values.Where(one => one.Customer.Id == id).OrderBy(one => one.CreatedAt).TakeLast(MostConversations).ToList();
        foreach (var conversation in found)
            books.Answered(Name, ConversationResource(conversation), conversation.Told());
        return Ok(new JsonArray([.. found.Select(GladlyBodies.Conversation)]));
    }

    private Reply Items(string id) => ConversationOf(id) is { } conversation ? Ok(GladlyBodies.Items(conversation)) : Reply.NotFound;

    private GladlyConversation? ConversationOf(string id) => _conversations.Values.FirstOrDefault(one => one.Id == id);

    private static Reply Ok(JsonNode body) => new(StatusCodes.Status200OK, body);

    private static string IdOf(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static string? Asked(HttpContext context, string name) => context.Request.Query[name] is [{ Length: > 0 } value] ? value : null;
}
