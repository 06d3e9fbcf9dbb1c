using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Gladly;

/// <summary>The credentials that a webhook of Gladly's shall send; at least one of them.</summary>
internal sealed class GladlyWebhookCredentials(string? user, string? password, string? headerName, string? headerValue)
{
    public bool IsEmpty => password is null && headerValue is null;

    /// <summary>A webhook that sends them.</summary>
    public GladlyWebhook Webhook(IReadOnlyList<string> topics, Uri address) => new(topics)
    {
        Name = "ValueChainHub",
        Url = address.AbsoluteUri,
        Enabled = true,
        Credentials = user is not null && password is not null ? new(user, password) : null,
        Headers = headerName is not null && headerValue is not null ? new Dictionary<string, string> { [headerName] = headerValue } : null,
    };
}

/// <summary>Sets an organisation up: the token, and one webhook with all types, because an address may stand in one webhook only.</summary>
internal sealed class GladlySetup(string prefix, IGladlyApi? api, string? authorization, GladlyWebhookCredentials credentials, SetupCalls? calls) : IVendorSetup
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
            ? await calls!.AskAsync("a webhook", limit => api!.CreateWebhookAsync(credentials.Webhook(topics, address), authorization!, limit), cancellationToken)
            : await calls!.AskAsync("a change of the webhook", limit => api!.ChangeWebhookAsync(present.Id, new([.. present.Topics, .. topics]), authorization!, limit), cancellationToken);
        if (answer.Fault is null)
            return new Dictionary<string, string>(StringComparer.Ordinal);
        var isPing = answer.Status == System.Net.HttpStatusCode.BadRequest;
        return All(topics, isPing ? $"{answer.Fault} Is the hub running at {address.GetLeftPart(UriPartial.Authority)}, with these credentials, so that it answers Gladly's PING?" : answer.Fault);
    }

    /// <summary>Switches a webhook on again that Gladly switched off; Gladly sends a PING, which the hub must answer.</summary>
    public async Task<string?> ReviveAsync(VendorSubscription webhook, CancellationToken cancellationToken) =>
        (await calls!.AskAsync("a change of the webhook", limit => api!.ChangeWebhookAsync(webhook.Id, new(webhook.Topics) { Enabled = true }, authorization!, limit), cancellationToken)).Fault;

    private static Dictionary<string, string> All(IReadOnlyList<string> topics, string why) => topics.ToDictionary(topic => topic, _ => why, StringComparer.Ordinal);

    private static IEnumerable<VendorSubscription> Read(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Array)
            throw new UnreadableBodyException("the answer is not a list");
        return answer.EnumerateArray().Select(GladlyWebhooks.Read);
    }
}
