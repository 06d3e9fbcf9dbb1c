using System.Text.Json.Nodes;

namespace ValueChainHub.EndToEnd.Tests.Support;

/// <summary>Bodies of Shopify's webhooks with the fields that matter, everything else as a shop would leave it.</summary>
internal static class Shopify
{
    public const string Noon = "2026-03-01T12:00:00Z";
    public const string Later = "2026-03-02T12:00:00Z";
    public const string Latest = "2026-03-03T12:00:00Z";

    public static JsonObject Customer(long id, string? email = null, string? phone = null, string? at = Noon, string? first = "Ada", string? last = "Shopper") => new()
    {
        ["id"] = id,
        ["email"] = email,
        ["phone"] = phone,
        ["first_name"] = first,
        ["last_name"] = last,
        ["state"] = "enabled",
        ["created_at"] = "2026-01-01T00:00:00Z",
        ["updated_at"] = at,
    };

    /// <summary>A guest's order when there is no customer.</summary>
    public static JsonObject Order(long id, string total = "100.00", JsonObject? customer = null, string? email = null, string? phone = null, string status = "paid", string? at = Noon) => new()
    {
        ["id"] = id,
        ["name"] = "#" + id,
        ["order_number"] = id,
        ["email"] = email,
        ["contact_email"] = email,
        ["phone"] = phone,
        ["created_at"] = Noon,
        ["processed_at"] = Noon,
        ["updated_at"] = at,
        ["cancelled_at"] = null,
        ["financial_status"] = status,
        ["currency"] = "USD",
        ["total_price"] = total,
        ["total_price_set"] = Set(total, "USD"),
        ["test"] = false,
        ["source_name"] = "web",
        ["customer"] = customer,
        ["line_items"] = new JsonArray(),
        ["refunds"] = new JsonArray(),
        ["fulfillments"] = new JsonArray(),
    };

    /// <summary>An order in another shop currency.</summary>
    public static JsonObject In(this JsonObject order, string currency) => order.With("currency", currency).With("total_price_set", Set(order["total_price"]!.GetValue<string>(), currency));

    public static JsonObject Cancelled(this JsonObject order, string at) => order.With("cancelled_at", at).With("cancel_reason", "customer").With("updated_at", at);

    public static JsonObject With(this JsonObject body, string name, JsonNode? value)
    {
        body[name] = value;
        return body;
    }

    /// <summary>A refund of one line item.</summary>
    public static JsonObject Refund(long id, long orderId, string? subtotal = null, string tax = "0.00", string currency = "USD", string at = Later) => new()
    {
        ["id"] = id,
        ["order_id"] = orderId,
        ["created_at"] = at,
        ["processed_at"] = at,
        ["refund_line_items"] = subtotal is null
            ? new JsonArray()
            : [new JsonObject { ["id"] = id + 1, ["quantity"] = 1, ["subtotal_set"] = Set(subtotal, currency), ["total_tax_set"] = Set(tax, currency) }],
        ["order_adjustments"] = new JsonArray(),
        ["transactions"] = new JsonArray(),
        ["duties"] = new JsonArray(),
    };

    public static JsonObject Transaction(string amount, string currency = "USD", string status = "success") => new() { ["kind"] = "refund", ["status"] = status, ["amount"] = amount, ["currency"] = currency };

    public static JsonObject Fulfillment(long id, long orderId, string? tracking = null, string? at = Later, string status = "success", string? shipmentStatus = null) => new()
    {
        ["id"] = id,
        ["order_id"] = orderId,
        ["status"] = status,
        ["created_at"] = Later,
        ["updated_at"] = at,
        ["tracking_company"] = tracking is null ? null : "UPS",
        ["tracking_number"] = tracking,
        ["tracking_numbers"] = tracking is null ? new JsonArray() : [tracking],
        ["tracking_urls"] = new JsonArray(),
        ["shipment_status"] = shipmentStatus,
    };

    public static JsonObject FulfillmentEvent(long id, long fulfillmentId, long orderId, string status, string? at = Latest) => new()
    {
        ["id"] = id,
        ["fulfillment_id"] = fulfillmentId,
        ["order_id"] = orderId,
        ["status"] = status,
        ["happened_at"] = at,
        ["created_at"] = at,
    };

    public static JsonObject EmailConsent(long customerId, string? email, string state, string? at) => new()
    {
        ["customer_id"] = customerId,
        ["email_address"] = email,
        ["email_marketing_consent"] = new JsonObject { ["state"] = state, ["opt_in_level"] = "single_opt_in", ["consent_updated_at"] = at },
    };

    public static JsonObject SmsConsent(long customerId, string? phone, string state, string? at) => new()
    {
        ["id"] = customerId,
        ["phone"] = phone,
        ["sms_marketing_consent"] = new JsonObject { ["state"] = state, ["consent_updated_at"] = at },
    };

    public static JsonObject Merge(long kept, long deleted, string status = "completed") => new()
    {
        ["admin_graphql_api_customer_kept_id"] = "gid://shopify/Customer/" + kept,
        ["admin_graphql_api_customer_deleted_id"] = "gid://shopify/Customer/" + deleted,
        ["status"] = status,
    };

    public static JsonObject Tags(long customerId, string? at, params ReadOnlySpan<string> tags)
    {
        var names = new JsonArray();
        foreach (var tag in tags)
            names.Add(tag);
        return new() { ["customerId"] = "gid://shopify/Customer/" + customerId, ["tags"] = names, ["occurredAt"] = at };
    }

    public static JsonObject Deleted(long id) => new() { ["id"] = id };

    /// <summary>Money that the shop counts and the shopper saw.</summary>
    public static JsonObject Set(string amount, string currency, string? presented = null, string? presentedCurrency = null) => new()
    {
        ["shop_money"] = new JsonObject { ["amount"] = amount, ["currency_code"] = currency },
        ["presentment_money"] = new JsonObject { ["amount"] = presented ?? amount, ["currency_code"] = presentedCurrency ?? currency },
    };
}
