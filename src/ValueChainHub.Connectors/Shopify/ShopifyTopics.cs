using System.Collections.Frozen;
using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>What is done with each topic. A topic that is not here is stored and counted as suppressed.</summary>
internal static class ShopifyTopics
{
    /// <summary>The topics under which fetched answers are stored; never a webhook's.</summary>
    public const string FetchedOrder = "graphql/order";

    public const string FetchedReturn = "graphql/return";

    public const string FetchedCustomer = "graphql/customer";

    public delegate void Reader(JsonElement body, TranslationDraft draft);

    public static FrozenDictionary<string, Reader> Webhooks { get; } = new Dictionary<string, Reader>(StringComparer.Ordinal)
    {
        ["orders/create"] = (body, draft) => ShopifyOrders.Read(body, draft, EventCatalogue.OrderPlaced),
        ["orders/updated"] = (body, draft) => ShopifyOrders.Read(body, draft, EventCatalogue.OrderUpdated),
        ["orders/paid"] = (body, draft) => ShopifyOrders.Read(body, draft, EventCatalogue.OrderPaid),
        ["orders/fulfilled"] = (body, draft) => ShopifyOrders.Read(body, draft, EventCatalogue.OrderFulfilled),
        ["orders/partially_fulfilled"] = (body, draft) => ShopifyOrders.Read(body, draft, EventCatalogue.OrderUpdated),
        ["orders/cancelled"] = (body, draft) => ShopifyOrders.Read(body, draft, EventCatalogue.OrderCancelled),
        ["orders/edited"] = ShopifyOrders.Edited,
        ["orders/delete"] = ShopifyOrders.Delete,
        ["refunds/create"] = ShopifyRefunds.Read,
        ["returns/request"] = (body, draft) => ShopifyEntities.Return(body, draft, "requested"),
        ["returns/approve"] = (body, draft) => ShopifyEntities.Return(body, draft, "open"),
        ["returns/reopen"] = (body, draft) => ShopifyEntities.Return(body, draft, "open"),
        ["returns/decline"] = (body, draft) => ShopifyEntities.Return(body, draft, "declined"),
        ["returns/cancel"] = (body, draft) => ShopifyEntities.Return(body, draft, "cancelled"),
        ["returns/close"] = (body, draft) => ShopifyEntities.Return(body, draft, "closed"),
        ["returns/process"] = (body, draft) => ShopifyEntities.Return(body, draft, null),
        ["returns/update"] = (body, draft) => ShopifyEntities.Return(body, draft, null),
        ["fulfillments/create"] = ShopifyParcels.Read,
        ["fulfillments/update"] = ShopifyParcels.Read,
        ["fulfillment_events/create"] = ShopifyParcels.Event,
        ["fulfillment_events/delete"] = ShopifyParcels.DeletedEvent,
        ["customers/create"] = (body, draft) => ShopifyCustomers.Read(body, draft, EventCatalogue.AccountCreated),
        ["customers/update"] = (body, draft) => ShopifyCustomers.Read(body, draft, EventCatalogue.AccountUpdated),
        ["customers/enable"] = (body, draft) => ShopifyCustomers.Read(body, draft, EventCatalogue.AccountUpdated),
        ["customers/disable"] = (body, draft) => ShopifyCustomers.Read(body, draft, EventCatalogue.AccountUpdated),
        ["customers/delete"] = ShopifyCustomers.Delete,
        ["customers/merge"] = ShopifyCustomers.Merge,
        ["customers/purchasing_summary"] = Suppressed("the hub counts a customer's orders itself"),
        ["customers_email_marketing_consent/update"] = ShopifyConsents.Email,
        ["customers_marketing_consent/update"] = ShopifyConsents.Sms,
        ["customers_whats_app_marketing_consent/update"] = ShopifyConsents.WhatsApp,
        ["customer.tags_added"] = (body, draft) => ShopifyCustomers.Tags(body, draft, isPresent: true),
        ["customer.tags_removed"] = (body, draft) => ShopifyCustomers.Tags(body, draft, isPresent: false),
        ["customer.joined_segment"] = Suppressed("membership of a segment has no time and is the shop's own filter over data the hub has"),
        ["customer.left_segment"] = Suppressed("membership of a segment has no time and is the shop's own filter over data the hub has"),
        ["customers/data_request"] = ShopifyPrivacy.Access,
        ["customers/redact"] = ShopifyPrivacy.Erase,
        ["shop/redact"] = ShopifyPrivacy.EraseShop,
        ["checkouts/create"] = (body, draft) => ShopifyCheckouts.Read(body, draft, EventCatalogue.CheckoutStarted),
        ["checkouts/update"] = (body, draft) => ShopifyCheckouts.Read(body, draft, EventCatalogue.CheckoutUpdated),
        ["checkouts/delete"] = ShopifyCheckouts.Delete,
        ["carts/create"] = ShopifyCheckouts.Cart,
        ["carts/update"] = ShopifyCheckouts.Cart,
        ["products/create"] = ShopifyEntities.Product,
        ["products/update"] = ShopifyEntities.Product,
        ["products/delete"] = ShopifyEntities.DeleteProduct,
        ["inventory_levels/connect"] = ShopifyEntities.Stock,
        ["inventory_levels/update"] = ShopifyEntities.Stock,
        ["inventory_levels/disconnect"] = Suppressed("says only that an item is not stocked at a place, without a time"),
        ["disputes/create"] = ShopifyEntities.Dispute,
        ["disputes/update"] = ShopifyEntities.Dispute,
        ["app/uninstalled"] = ShopifyEntities.Uninstalled,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Those of them worth subscribing through the API: not what is suppressed, nor what Shopify has only in an app's configuration.</summary>
    public static IReadOnlyList<string> Subscribed { get; } =
    [
        .. Webhooks.Keys.Except(
        [
            "customers/purchasing_summary", "customer.joined_segment", "customer.left_segment", "inventory_levels/disconnect",
            "customers/data_request", "customers/redact", "shop/redact",
        ], StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>One spelling for each topic: header, file names and configuration write a few of them differently.</summary>
    public static string Canonical(string topic)
    {
        var lower = topic.Trim().ToLowerInvariant();
        return lower switch
        {
            "customer_tags/added" or "customer_tags_added" => "customer.tags_added",
            "customer_tags/removed" or "customer_tags_removed" => "customer.tags_removed",
            "customer/joined_segment" or "customer_joined_segment" => "customer.joined_segment",
            "customer/left_segment" or "customer_left_segment" => "customer.left_segment",
            "orders/update" => "orders/updated",
            _ => lower,
        };
    }

    private static Reader Suppressed(string reason) => (_, draft) => draft.Suppress(reason);
}
