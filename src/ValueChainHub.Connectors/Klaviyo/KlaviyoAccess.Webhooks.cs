using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Klaviyo;

internal sealed partial class KlaviyoAccess
{
    /// <summary>The account's webhooks. An account without them answers 403 or 404.</summary>
    public async Task<Answer<IReadOnlyList<VendorSubscription>>> SubscriptionsAsync(CancellationToken cancellationToken)
    {
        var answer = await line.AskAsync("a list of webhooks", token => api.WebhooksAsync(_authorization, "webhook-topics", token), cancellationToken);
        return answer.Then<IReadOnlyList<VendorSubscription>>("a list of webhooks", read => [.. KlaviyoPage.Read(read.Root).Items.Select(KlaviyoWebhooks.Read)]);
    }

    /// <summary>Makes a webhook that is signed with the secret.</summary>
    public Task<CallFailure?> SubscribeAsync(IReadOnlyList<string> topics, Uri address, string secret, CancellationToken cancellationToken) =>
        line.TellAsync(token => api.CreateWebhookAsync(KlaviyoWebhooks.Body(topics, address, secret), _authorization, token), cancellationToken);

    public Task<CallFailure?> RemoveSubscriptionAsync(string id, CancellationToken cancellationToken) =>
        line.TellAsync(token => api.DeleteWebhookAsync(id, _authorization, token), cancellationToken);
}
