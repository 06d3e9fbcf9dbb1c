using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Gladly;

/// <summary>What the hub asks and tells one organisation. The token never leaves this class.</summary>
/// <param name="rest">The client.</param>
/// <param name="authorization">The credential.</param>
/// <param name="line">What the calls go through.</param>
/// <param name="taskInboxId">The inbox that gets the hub's tasks, if one is set.</param>
internal sealed partial class GladlyApi(IGladlyApi rest, string authorization, VendorLine line, string? taskInboxId)
{
    /// <summary>A merge of merges; more are a circle.</summary>
    private const int MostMerges = 5;

    public VendorLine Line => line;

    public string? TaskInboxId => taskInboxId;

    /// <summary>The answer as it came: that a customer was merged or deleted is an answer too.</summary>
    public Task<VendorReply> ReadCustomerAsync(string id, CancellationToken cancellationToken) =>
        line.CallAsync(token => rest.CustomerAsync(id, authorization, token), cancellationToken);

    /// <inheritdoc cref="ReadCustomerAsync"/>
    public Task<VendorReply> ReadConversationAsync(string id, CancellationToken cancellationToken) =>
        line.CallAsync(token => rest.ConversationAsync(id, authorization, token), cancellationToken);

    /// <summary>A customer, or the one into whom it was merged.</summary>
    public async Task<Answer<VendorItem>> CustomerAsync(string id, CancellationToken cancellationToken)
    {
        for (var merges = 0; ; merges++)
        {
            var reply = await ReadCustomerAsync(id, cancellationToken);
            var read = GladlyReply.Read(reply);
            if (read.MovedTo is { } kept && kept != id && merges < MostMerges)
                id = kept;
            else if (reply.Failure is { } failure)
                return failure;
            else
                return read is { Body: { } body, Id: { } own } ? ItemOf(own, body) : CallFailure.Unreadable("a customer profile");
        }
    }

    /// <summary>The customers with this e-mail address or, without one, this number in E.164: at most 50, the last changed first.</summary>
    public async Task<Answer<IReadOnlyList<VendorItem>>> FindCustomersAsync(string? email, string? phone, CancellationToken cancellationToken)
    {
        var answer = await line.AskAsync("a list of customer profiles", GladlyJson.Default.JsonElementArray,
            token => rest.FindCustomersAsync(email, email is null ? phone : null, authorization, token), cancellationToken);
        return answer.Then<IReadOnlyList<VendorItem>>("a list of customer profiles", list => [.. list.Select(Item)]);
    }

    /// <summary>Makes a profile. One that was made before under its id is as good.</summary>
    public async Task<CallFailure?> CreateCustomerAsync(GladlyProfile profile, CancellationToken cancellationToken)
    {
        if (!IdLike().IsMatch(profile.Id))
            return NoId();
        var reply = await line.CallAsync(token => rest.CreateCustomerAsync(profile, authorization, token), cancellationToken);
        return IsTaken(reply, "id") ? null : reply.Failure;
    }

    /// <summary>The customer's last 100 conversations at most, oldest first.</summary>
    public async Task<Answer<IReadOnlyList<VendorItem>>> ConversationsAsync(string customerId, CancellationToken cancellationToken)
    {
        var answer = await line.AskAsync("a list of conversations", GladlyJson.Default.JsonElementArray,
            token => rest.ConversationsAsync(customerId, authorization, token), cancellationToken);
        return answer.Then<IReadOnlyList<VendorItem>>("a list of conversations", list => [.. list.Select(Item)]);
    }

    /// <summary>Puts something on a customer's timeline, once for an id. Gladly makes a profile for a contact that nobody has.</summary>
    public async Task<CallFailure?> AddItemAsync(GladlyItem item, CancellationToken cancellationToken)
    {
        if (!IdLike().IsMatch(item.Id))
            return NoId();
        var reply = await line.CallAsync(token => rest.CreateItemAsync(item, authorization, token), cancellationToken);
        return IsTaken(reply, null) ? null : reply.Failure;
    }

    /// <summary>Gives support a task about an existing customer, once for an id.</summary>
    public async Task<CallFailure?> AddTaskAsync(string customerId, GladlyTask task, CancellationToken cancellationToken)
    {
        if (!IdLike().IsMatch(task.Id))
            return NoId();
        var reply = await line.CallAsync(token => rest.CreateTaskAsync(customerId, task, authorization, token), cancellationToken);
        return IsTaken(reply, null) ? null : reply.Failure;
    }

    public async Task<Answer<IReadOnlyList<VendorSubscription>>> SubscriptionsAsync(CancellationToken cancellationToken)
    {
        var answer = await line.AskAsync("a list of webhooks", GladlyJson.Default.JsonElementArray, token => rest.WebhooksAsync(authorization, token), cancellationToken);
        return answer.Then<IReadOnlyList<VendorSubscription>>("a list of webhooks", list => [.. list.Select(GladlyWebhooks.Read)]);
    }

    /// <summary>Makes a webhook; Gladly makes none whose PING is not answered.</summary>
    public Task<CallFailure?> SubscribeAsync(GladlyWebhook webhook, CancellationToken cancellationToken) =>
        line.TellAsync(token => rest.CreateWebhookAsync(webhook, authorization, token), cancellationToken);

    /// <summary>Changes a webhook, or switches it on again.</summary>
    public Task<CallFailure?> ChangeSubscriptionAsync(string id, GladlyWebhook webhook, CancellationToken cancellationToken) =>
        line.TellAsync(token => rest.ChangeWebhookAsync(id, webhook, authorization, token), cancellationToken);

    /// <summary>Removes a webhook, which must be switched off before.</summary>
    public Task<CallFailure?> UnsubscribeAsync(string id, CancellationToken cancellationToken) =>
        line.TellAsync(token => rest.DeleteWebhookAsync(id, authorization, token), cancellationToken);

    /// <summary>
    /// What happened in a span of the last 24 hours, in the shape of the webhooks; at most 15 seconds behind. An answer that ends in the middle of a line is none.
    /// </summary>
    public async Task<Answer<IReadOnlyList<VendorItem>>> EventsAsync(DateTimeOffset from, DateTimeOffset until, IReadOnlyList<string> entities, CancellationToken cancellationToken)
    {
        var reply = await line.CallAsync(token => rest.EventsAsync(Text(from), Text(until), entities, authorization, token), cancellationToken);
        if (reply.Failure is { } failure)
            return failure;
        var lines = JsonLines.Read(reply.Body);
        var answer = new Answer<IReadOnlyList<JsonElement>>(lines, lines is null ? CallFailure.Unreadable("a list of events") : null);
        return answer.Then<IReadOnlyList<VendorItem>>("a list of events", events => [.. events.Select(one => new VendorItem(IdOf(one), one.Time("timestamp"u8), one))]);
    }

    private static VendorItem Item(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
            throw new UnreadableBodyException("the list is not one of objects");
        return ItemOf(IdOf(body), body);
    }

    private static string IdOf(JsonElement body) => body.Text("id"u8) ?? throw new UnreadableBodyException("id is missing");

    private static VendorItem ItemOf(string id, JsonElement body) => new(id, body.Time("updatedAt"u8), body);

    /// <summary>Is the answer that our own id is taken, and so that the thing is there?</summary>
    private static bool IsTaken(VendorReply reply, string? field) =>
        reply.Status == HttpStatusCode.Conflict && GladlyReply.Read(reply) is { Code: "taken" } read && (field is null || read.Field == field);

    private static CallFailure NoId() => new(FailureKind.Refused, "an id that Gladly does not take", null);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    [GeneratedRegex("^[A-Za-z0-9_-]{1,49}$", RegexOptions.NonBacktracking)]
    private static partial Regex IdLike();
}
