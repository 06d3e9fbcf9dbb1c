using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Klaviyo;

/// <summary>Webhooks as Klaviyo keeps them.</summary>
internal static class KlaviyoWebhooks
{
    public static VendorSubscription Read(JsonElement webhook)
    {
        var attributes = webhook.Object("attributes"u8);
        var topics = webhook.Object("relationships"u8)?.Object("webhook-topics"u8)?.Objects("data"u8).Select(topic => topic.Text("id"u8)).OfType<string>().ToList() ?? [];
        var trouble = attributes is { } known && known.Has("enabled"u8) && !known.Flag("enabled"u8) ? "is there, but switched off. Enable it in Klaviyo" : null;
        return new(webhook.Text("id"u8) ?? "", topics, attributes?.Text("endpoint_url"u8) ?? "", trouble);
    }

    public static KlaviyoBody<KlaviyoWebhook> Body(IReadOnlyList<string> topics, Uri address, string secret) =>
        new(new("webhook", new("ValueChainHub", address.AbsoluteUri, secret))
        {
            Relationships = new() { WebhookTopics = new([.. topics.Select(topic => new KlaviyoReference("webhook-topic", topic))]) },
        });
}
