using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Shopify;

public sealed partial class ShopifyConnector : ISavedBodyReader
{
    private const string GlobalIds = "gid://shopify/";

    /// <summary>Topics in whose names the words of another one stand: they must not be taken for that one.</summary>
    private static readonly string[] Lookalikes = ["draft_orders/create", "draft_orders/delete", "fulfillment_orders/cancelled"];

    public string ExampleFile => "shopify/orders-create.json";

    /// <summary>A Shopify body never names its topic: the header that was kept does, or the path, or as a last resort the kind of its own global id.</summary>
    public string? TopicOf(SavedBody saved)
    {
        if (saved.Headers.TryGetValue(TopicHeader, out var header) && !string.IsNullOrWhiteSpace(header))
            return ShopifyTopics.Canonical(header);
        var globalId = saved.Body.TryGetProperty("admin_graphql_api_id"u8, out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
        var isOurs = saved.IsNamed || globalId?.StartsWith(GlobalIds, StringComparison.Ordinal) == true;
        return isOurs ? TopicHint.Find(saved.Hint, ShopifyTopics.Webhooks.Keys.Concat(Lookalikes)) ?? TopicOfKind(globalId) : null;
    }

    public IReadOnlyList<string> AddUp(string topic, JsonElement body) => topic.StartsWith("orders/", StringComparison.Ordinal) ? ShopifySums.Check(body) : [];

    private static string? TopicOfKind(string? globalId) => globalId?.Split('/') is [_, _, _, var kind, ..]
        ? kind switch
        {
            "Order" => "orders/updated",
            "Customer" => "customers/update",
            "Fulfillment" => "fulfillments/update",
            "FulfillmentEvent" => "fulfillment_events/create",
            "Refund" => "refunds/create",
            "Return" => "returns/update",
            "Product" => "products/update",
            _ => null,
        }
        : null;
}
