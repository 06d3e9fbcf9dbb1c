namespace ValueChainHub.Sandbox.Vendors.Shopify;

/// <summary>The topics of the 2026-07 schema that a shop of goods offers, as its webhooks spell them.</summary>
internal static class ShopifyTopicNames
{
    public static IReadOnlyList<string> All { get; } =
    [
        "app/uninstalled", "carts/create", "carts/update", "checkouts/create", "checkouts/delete", "checkouts/update",
        "customer.joined_segment", "customer.left_segment", "customer.tags_added", "customer.tags_removed",
        "customers/create", "customers/delete", "customers/disable", "customers/enable", "customers/merge", "customers/purchasing_summary", "customers/update",
        "customers_email_marketing_consent/update", "customers_marketing_consent/update", "customers_whats_app_marketing_consent/update",
        "disputes/create", "disputes/update", "fulfillment_events/create", "fulfillment_events/delete", "fulfillments/create", "fulfillments/update",
        "inventory_levels/connect", "inventory_levels/disconnect", "inventory_levels/update",
        "orders/cancelled", "orders/create", "orders/delete", "orders/edited", "orders/fulfilled", "orders/paid", "orders/partially_fulfilled", "orders/updated",
        "products/create", "products/delete", "products/update", "refunds/create",
        "returns/approve", "returns/cancel", "returns/close", "returns/decline", "returns/process", "returns/reopen", "returns/request", "returns/update",
    ];

    /// <summary>In the configuration of an app, always, and nowhere else (FACTS 1).</summary>
    public static bool IsCompliance(string topic) => topic is "customers/redact" or "customers/data_request" or "shop/redact";

    /// <summary><c>orders/create</c> is <c>ORDERS_CREATE</c> in the schema.</summary>
    public static string EnumOf(string topic) => topic.ToUpperInvariant().Replace('/', '_').Replace('.', '_');

    public static string? Find(string? word) => All.FirstOrDefault(topic => EnumOf(topic) == word);
}
