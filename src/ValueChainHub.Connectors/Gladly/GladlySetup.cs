using System.Text.Json;
using System.Text.Json.Nodes;
using Refit;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Gladly;

/// <summary>Gladly's API as far as it is needed to set an organisation up.</summary>
[Headers("Accept: application/json")]
internal interface IGladlySetupApi
{
    [Get("/api/v1/webhooks")]
    Task<HttpResponseMessage> WebhooksAsync([Header("Authorization")] string authorization, CancellationToken cancellationToken);

    [Post("/api/v1/webhooks")]
    Task<HttpResponseMessage> CreateAsync([Body] JsonObject webhook, [Header("Authorization")] string authorization, CancellationToken cancellationToken);

    [Patch("/api/v1/webhooks/{id}")]
    Task<HttpResponseMessage> ChangeAsync(string id, [Body] JsonObject webhook, [Header("Authorization")] string authorization, CancellationToken cancellationToken);
}

/// <summary>The credentials that a webhook of Gladly's shall send; at least one of them.</summary>
internal sealed class GladlyWebhookCredentials(string? user, string? password, string? headerName, string? headerValue)
{
    public bool IsEmpty => password is null && headerValue is null;

    public void Write(JsonObject webhook)
    {
        if (user is not null && password is not null)
            webhook["credentials"] = new JsonObject { ["username"] = user, ["password"] = password };
        if (headerName is not null && headerValue is not null)
            webhook["headers"] = new JsonObject { [headerName] = headerValue };
    }
}

/// <summary>Sets an organisation up: the token, and one webhook with all types, because an address may stand in one webhook only.</summary>
internal sealed class GladlySetup(string prefix, IGladlySetupApi? api, string? authorization, GladlyWebhookCredentials credentials, SetupCalls? calls) : IVendorSetup
{
    /// <summary>What Gladly has no webhook of, or sends by itself.</summary>
    private static readonly string[] NotSubscribed = [GladlyTopics.Ping, GladlyTopics.None, "CUSTOMER_PROFILE/MERGED"];

    public IReadOnlyList<string> Topics { get; } = [.. GladlyTopics.Webhooks.Keys.Except(NotSubscribed, StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    public string TestDelivery => "Gladly sends a PING when a webhook is made or changed, and makes none whose PING is not answered: the hub must be running at its public address.";

    public async Task<SetupLook> LookAsync(CancellationToken cancellationToken)
    {
        if (api is null)
            return SetupLook.Blind(SetupNote.Fault($"{prefix}ApiKey is not set. Set {prefix}ApiUser to an agent's e-mail address, {prefix}ApiKey to that agent's API token and {prefix}BaseUrl to https://<organisation>.gladly.com; or make the webhook by hand."));
        var answer = await calls!.AskAsync("the organisation's webhooks", limit => api.WebhooksAsync(authorization!, limit), cancellationToken);
        if (answer.Fault is not null)
            return SetupLook.Blind(SetupNote.Fault(answer.Fault));
        try
        {
            return SetupLook.Seen([SetupNote.Good("the API token is accepted"), SetupNote.Hint("the lookup adapter is switched on in Gladly's settings by hand: <public address>/api/lookup/gladly")], [.. Read(answer.Body)]);
        }
        catch (UnreadableBodyException)
        {
            return SetupLook.Blind(SetupNote.Fault($"Gladly's answer is not a list of webhooks. Check {prefix}BaseUrl."));
        }
    }

    public async Task<IReadOnlyDictionary<string, string>> SubscribeAsync(IReadOnlyList<string> topics, Uri address, SetupLook look, CancellationToken cancellationToken)
    {
        if (credentials.IsEmpty)
            return All(topics, $"{prefix}WebhookPassword is not set. Set {prefix}WebhookUser and {prefix}WebhookPassword to a credential of your own; the webhook then sends it.");
        var present = look.Subscriptions!.FirstOrDefault(one => one.GoesTo(address));
        var answer = present is null
            ? await calls!.AskAsync("a webhook", limit => api!.CreateAsync(Webhook(topics, address), authorization!, limit), cancellationToken)
            : await calls!.AskAsync("a change of the webhook", limit => api!.ChangeAsync(present.Id, Types([.. present.Topics, .. topics]), authorization!, limit), cancellationToken);
        if (answer.Fault is null)
            return new Dictionary<string, string>(StringComparer.Ordinal);
        var isPing = answer.Status == System.Net.HttpStatusCode.BadRequest;
        return All(topics, isPing ? $"{answer.Fault} Is the hub running at {address.GetLeftPart(UriPartial.Authority)}, with these credentials, so that it answers Gladly's PING?" : answer.Fault);
    }

    private JsonObject Webhook(IReadOnlyList<string> topics, Uri address)
    {
        var webhook = Types(topics);
        (webhook["name"], webhook["url"], webhook["enabled"]) = ("ValueChainHub", address.AbsoluteUri, true);
        credentials.Write(webhook);
        return webhook;
    }

    private static JsonObject Types(IReadOnlyList<string> topics) => new() { ["events"] = new JsonArray([.. topics.Select(topic => JsonValue.Create(topic))]) };

    private static Dictionary<string, string> All(IReadOnlyList<string> topics, string why) => topics.ToDictionary(topic => topic, _ => why, StringComparer.Ordinal);

    private static IEnumerable<VendorSubscription> Read(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Array)
            throw new UnreadableBodyException("the answer is not a list");
        foreach (var webhook in answer.EnumerateArray())
        {
            if (webhook.ValueKind != JsonValueKind.Object)
                throw new UnreadableBodyException("the answer is not a list of webhooks");
            yield return new(webhook.Text("id"u8) ?? "", [.. webhook.Texts("events"u8).OfType<string>()], webhook.Text("url"u8) ?? "", TroubleOf(webhook));
        }
    }

    private static string? TroubleOf(JsonElement webhook)
    {
        if (webhook.Text("disabledAtDueToRetryLimit"u8) is not null)
            return "was switched off by Gladly because it was not answered. Enable it again in Gladly once the hub runs";
        return webhook.Has("enabled"u8) && !webhook.Flag("enabled"u8) ? "is there, but switched off. Enable it in Gladly" : null;
    }
}
