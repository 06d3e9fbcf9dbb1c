using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.ShipStation;

/// <summary>Sets an account up: the key, and a webhook for each event.</summary>
/// <param name="prefix">How the connector's settings begin.</param>
/// <param name="version">The version in the paths of this host.</param>
/// <param name="topics">The events of this host.</param>
/// <param name="api">The client; null without a key.</param>
/// <param name="apiKey">The key.</param>
/// <param name="calls">What makes the calls; null without a key.</param>
internal sealed class ShipStationSetup(string prefix, string version, IReadOnlyList<string> topics, IShipStationApi? api, string? apiKey, SetupCalls? calls) : IVendorSetup
{
    public IReadOnlyList<string> Topics { get; } = topics;

    public string TestDelivery => "The vendor's API sends no test delivery: buy a label in the sandbox, and look at GET /api/connectors.";

    public async Task<SetupLook> LookAsync(CancellationToken cancellationToken)
    {
        if (api is null)
            return SetupLook.Blind(SetupNote.Fault($"{prefix}ApiKey is not set. Set it to the account's API key; or subscribe the events by hand."));
        var answer = await calls!.AskAsync("the account's webhooks", limit => api.WebhooksAsync(version, apiKey!, limit), cancellationToken);
        if (answer.Fault is not null)
            return SetupLook.Blind(SetupNote.Fault(answer.Fault));
        try
        {
            return SetupLook.Seen([SetupNote.Good("the API key is accepted; it has no scopes that could be missing")], [.. Read(answer.Body)]);
        }
        catch (UnreadableBodyException)
        {
            return SetupLook.Blind(SetupNote.Fault($"The answer is not a list of webhooks. Check {prefix}BaseUrl."));
        }
    }

    public async Task<IReadOnlyDictionary<string, string>> SubscribeAsync(IReadOnlyList<string> topics, Uri address, SetupLook look, CancellationToken cancellationToken)
    {
        var refused = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var topic in topics)
        {
            var webhook = ShipStationAccess.Webhook(topic, address);
            var answer = await calls!.AskAsync($"a webhook of {topic}", limit => api!.CreateWebhookAsync(version, webhook, apiKey!, limit), cancellationToken);
            if (answer.Fault is not null)
                refused[topic] = answer.Fault;
        }
        return refused;
    }

    private static IEnumerable<VendorSubscription> Read(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Array)
            throw new UnreadableBodyException("the answer is not a list");
        return answer.EnumerateArray().Select(ShipStationAccess.Subscription);
    }
}
