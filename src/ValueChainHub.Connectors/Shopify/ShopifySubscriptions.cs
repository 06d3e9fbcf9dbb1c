using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>Webhook subscriptions as the schema spells them.</summary>
internal static class ShopifySubscriptions
{
    public const string ApiVersion = "2026-07";

    public static Page<VendorSubscription> Read(JsonElement data)
    {
        var list = data.Object("webhookSubscriptions"u8) ?? throw new UnreadableBodyException("webhookSubscriptions is missing");
        var next = list.Object("pageInfo"u8) is { } page && page.Flag("hasNextPage"u8) ? page.Text("endCursor"u8) : null;
        return new([.. list.Objects("nodes"u8).Select(Subscription)], next);
    }

    /// <summary><c>orders/create</c> is <c>ORDERS_CREATE</c> in the schema.</summary>
    public static string EnumOf(string topic) => topic.ToUpperInvariant().Replace('/', '_').Replace('.', '_');

    private static VendorSubscription Subscription(JsonElement node)
    {
        var version = node.Object("apiVersion"u8)?.Text("handle"u8);
        var trouble = version is null or ApiVersion ? null : $"is sent in API version {version}. Set the app's webhook API version to {ApiVersion}";
        return new(node.Text("id"u8) ?? "", [TopicOf(node.Text("topic"u8) ?? "")], node.Text("uri"u8) ?? "", trouble);
    }

    private static string TopicOf(string name) => ShopifyTopics.Subscribed.FirstOrDefault(topic => EnumOf(topic) == name) ?? name;
}
