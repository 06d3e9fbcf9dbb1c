using System.Text.Json.Nodes;
using ValueChainHub.Sandbox.Story;

namespace ValueChainHub.Sandbox.Vendors.Shopify;

/// <summary>Webhook bodies as Shopify writes them: REST resources of its Admin API, times with the shop's offset, money as text.</summary>
internal sealed class ShopifyBodies(string shop)
{
    private readonly string _currency = Shops.CurrencyOf(shop);

    /// <summary>The shop's offset in hours.</summary>
    public int Zone { get; } = shop == Shops.Home ? -5 : 1;

    public JsonObject Customer(ShopCustomer customer) => new()
    {
        ["id"] = customer.Id,
        ["email"] = customer.Shopper.Email,
        ["created_at"] = Time(customer.CreatedAt),
        ["updated_at"] = Time(customer.UpdatedAt),
        ["first_name"] = customer.Shopper.First,
        ["last_name"] = customer.Shopper.Last,
        ["orders_count"] = 0,
        ["state"] = "enabled",
        ["total_spent"] = "0.00",
        ["last_order_id"] = null,
        ["note"] = customer.Note,
        ["verified_email"] = true,
        ["multipass_identifier"] = null,
        ["tax_exempt"] = false,
        ["tags"] = string.Join(", ", customer.Tags),
        ["last_order_name"] = null,
        ["currency"] = _currency,
        ["phone"] = customer.Shopper.Phone,
        ["addresses"] = new JsonArray(),
        ["tax_exemptions"] = new JsonArray(),
        ["email_marketing_consent"] = Consent(customer, Channel.Email),
        ["sms_marketing_consent"] = customer.Shopper.Phone is null ? null : Consent(customer, Channel.Sms),
        ["admin_graphql_api_id"] = Gid("Customer", customer.Id),
    };

    public JsonObject EmailConsent(ShopCustomer customer) => new()
    {
        ["customer_id"] = customer.Id,
        ["email_address"] = customer.Shopper.Email,
        ["email_marketing_consent"] = Consent(customer, Channel.Email),
    };

    public JsonObject SmsConsent(ShopCustomer customer) => new()
    {
        ["id"] = customer.Id,
        ["phone"] = customer.Shopper.Phone,
        ["sms_marketing_consent"] = Consent(customer, Channel.Sms),
    };

    /// <summary><c>customer.tags_added</c> and <c>customer.tags_removed</c>: those that changed.</summary>
    public static JsonObject Tags(ShopCustomer customer, IEnumerable<string> changed) => new()
    {
        ["customerId"] = Gid("Customer", customer.Id),
        ["tags"] = new JsonArray([.. changed.Select(tag => (JsonNode)tag)]),
        ["occurredAt"] = customer.UpdatedAt.Utc(),
    };

    public JsonObject Checkout(Purchase purchase, Shopper shopper, ShopCustomer? customer, DateTimeOffset at) => new()
    {
        ["id"] = 9_100_000_000_000 + purchase.Number,
        ["token"] = Bodies.Hex(32, shop, "checkout", Bodies.Number(purchase.Id)),
        ["cart_token"] = Bodies.Hex(32, shop, "cart", Bodies.Number(purchase.Id)),
        ["email"] = shopper.Email,
        ["gateway"] = null,
        ["buyer_accepts_marketing"] = false,
        ["created_at"] = Time(at),
        ["updated_at"] = Time(at),
        ["currency"] = _currency,
        ["completed_at"] = null,
        ["closed_at"] = null,
        ["phone"] = null,
        ["customer_locale"] = shop == Shops.Home ? "en-US" : "de-DE",
        ["line_items"] = Lines(purchase.Lines),
        ["presentment_currency"] = _currency,
        ["source_name"] = "web",
        ["subtotal_price"] = purchase.Lines.Sum(line => line.Amount).Text(),
        ["total_price"] = purchase.Total.Text(),
        ["total_tax"] = "0.00",
        ["customer"] = customer is null ? null : Customer(customer),
    };

    public JsonObject Order(ShopOrder order)
    {
        var (total, contact) = (order.Total, order.IsTill ? null : order.Shopper.Email);
        return new()
        {
            ["id"] = order.Id,
            ["admin_graphql_api_id"] = Gid("Order", order.Id),
            ["app_id"] = 580111,
            ["cancel_reason"] = order.CancelledAt is null ? null : "customer",
            ["cancelled_at"] = order.CancelledAt is { } cancelled ? Time(cancelled) : null,
            ["closed_at"] = null,
            ["confirmed"] = true,
            ["contact_email"] = contact,
            ["created_at"] = Time(order.PlacedAt),
            ["currency"] = _currency,
            ["current_total_price"] = (total - order.Refunds.Sum(refund => refund.Amount)).Text(),
            ["customer_locale"] = shop == Shops.Home ? "en-US" : "de-DE",
            ["email"] = contact,
            ["financial_status"] = order.FinancialStatus,
            ["fulfillment_status"] = order.IsAllSent ? "fulfilled" : order.Fulfillments.Count > 0 ? "partial" : null,
            ["name"] = order.Number,
            ["note"] = null,
            ["order_number"] = order.Purchase.Number,
            ["payment_gateway_names"] = new JsonArray("shopify_payments"),
            ["phone"] = order.Customer is null && !order.IsTill ? order.Shopper.Phone : null,
            ["presentment_currency"] = _currency,
            ["processed_at"] = Time(order.PlacedAt),
            ["source_name"] = order.IsTill ? "pos" : "web",
            ["subtotal_price"] = (total - order.Purchase.Shipping).Text(),
            ["subtotal_price_set"] = Set(total - order.Purchase.Shipping),
            ["tags"] = "",
            ["taxes_included"] = shop != Shops.Home,
            ["test"] = order.IsTest,
            ["total_discounts"] = "0.00",
            ["total_price"] = total.Text(),
            ["total_price_set"] = Set(total),
            ["total_shipping_price_set"] = Set(order.Purchase.Shipping),
            ["total_tax"] = "0.00",
            ["updated_at"] = Time(order.UpdatedAt),
            ["billing_address"] = order.IsTill ? null : Address(order.Shopper),
            ["shipping_address"] = order.IsTill ? null : Address(order.Shopper),
            ["customer"] = order.Customer is null ? null : Customer(order.Customer),
            ["fulfillments"] = new JsonArray([.. order.Fulfillments.Select(fulfillment => Fulfillment(order, fulfillment))]),
            ["line_items"] = Lines(order.Lines),
            ["refunds"] = new JsonArray([.. order.Refunds.Select(refund => Refund(order, refund))]),
            ["shipping_lines"] = new JsonArray(),
        };
    }

    public JsonObject Edit(ShopOrder order, Line added, DateTimeOffset at) => new()
    {
        ["order_edit"] = new JsonObject
        {
            ["id"] = 2_200_000_000_000 + order.Purchase.Number,
            ["app_id"] = null,
            ["created_at"] = Time(at),
            ["notify_customer"] = false,
            ["order_id"] = order.Id,
            ["staff_note"] = "",
            ["user_id"] = null,
            ["line_items"] = new JsonObject { ["additions"] = new JsonArray(new JsonObject { ["id"] = LineId(added), ["delta"] = added.Quantity }), ["removals"] = new JsonArray() },
            ["discounts"] = new JsonObject { ["line_item"] = new JsonObject { ["additions"] = new JsonArray(), ["removals"] = new JsonArray() } },
            ["shipping_lines"] = new JsonObject { ["additions"] = new JsonArray(), ["removals"] = new JsonArray() },
        },
    };

    public JsonObject Fulfillment(ShopOrder order, ShopFulfillment fulfillment)
    {
        var (number, url) = (fulfillment.Package.Number, fulfillment.Package.Number is { } tracked ? Url(fulfillment.Package.Carrier, tracked) : null);
        return new()
        {
            ["id"] = fulfillment.Id,
            ["order_id"] = order.Id,
            ["status"] = "success",
            ["created_at"] = Time(fulfillment.CreatedAt),
            ["service"] = "manual",
            ["updated_at"] = Time(fulfillment.UpdatedAt),
            ["tracking_company"] = Company(fulfillment.Package.Carrier),
            ["shipment_status"] = fulfillment.Status is { } status ? Word(status) : null,
            ["location_id"] = 61_000_000_001,
            ["email"] = order.Shopper.Email,
            ["destination"] = Address(order.Shopper),
            ["line_items"] = new JsonArray(),
            ["tracking_number"] = number,
            ["tracking_numbers"] = number is null ? [] : new JsonArray(number),
            ["tracking_url"] = url,
            ["tracking_urls"] = url is null ? [] : new JsonArray(url),
            ["receipt"] = new JsonObject(),
            ["name"] = fulfillment.Name,
            ["admin_graphql_api_id"] = Gid("Fulfillment", fulfillment.Id),
        };
    }

    public JsonObject FulfillmentEvent(ShopOrder order, ShopFulfillment fulfillment, ScanStatus status, DateTimeOffset at)
    {
        var id = (fulfillment.Id * 10) + (int)status;
        return new()
        {
            ["id"] = id,
            ["fulfillment_id"] = fulfillment.Id,
            ["status"] = Word(status),
            ["message"] = null,
            ["happened_at"] = Time(at),
            ["city"] = null,
            ["province"] = null,
            ["country"] = shop == Shops.Home ? "US" : "DE",
            ["zip"] = null,
            ["address1"] = null,
            ["latitude"] = null,
            ["longitude"] = null,
            ["shop_id"] = 548_000_000 + shop.Length,
            ["created_at"] = Time(at),
            ["updated_at"] = Time(at),
            ["estimated_delivery_at"] = null,
            ["order_id"] = order.Id,
            ["admin_graphql_api_id"] = Gid("FulfillmentEvent", id),
        };
    }

    public JsonObject Refund(ShopOrder order, ShopRefund refund) => new()
    {
        ["id"] = refund.Id,
        ["order_id"] = order.Id,
        ["created_at"] = Time(refund.At),
        ["note"] = "",
        ["user_id"] = 101_000_001,
        ["processed_at"] = Time(refund.At),
        ["duties"] = new JsonArray(),
        ["total_duties_set"] = Set(0),
        ["return"] = null,
        ["admin_graphql_api_id"] = Gid("Refund", refund.Id),
        ["refund_line_items"] = new JsonArray(new JsonObject
        {
            ["id"] = refund.Id + 1,
            ["quantity"] = 1,
            ["line_item_id"] = LineId(order.Lines[0]),
            ["location_id"] = 61_000_000_001,
            ["restock_type"] = "return",
            ["subtotal"] = refund.Lines,
            ["total_tax"] = 0,
            ["subtotal_set"] = Set(refund.Lines),
            ["total_tax_set"] = Set(0),
        }),
        ["transactions"] = new JsonArray(new JsonObject
        {
            ["id"] = refund.Id + 2,
            ["order_id"] = order.Id,
            ["kind"] = "refund",
            ["gateway"] = "shopify_payments",
            ["status"] = "success",
            ["amount"] = refund.Amount.Text(),
            ["currency"] = _currency,
        }),
        ["order_adjustments"] = refund.Kept == 0 ? [] : new JsonArray(new JsonObject
        {
            ["id"] = refund.Id + 3,
            ["order_id"] = order.Id,
            ["refund_id"] = refund.Id,
            ["kind"] = "refund_discrepancy",
            ["reason"] = "Refund discrepancy",
            ["amount"] = refund.Kept.Text(),
            ["tax_amount"] = "0.00",
            ["amount_set"] = Set(refund.Kept),
            ["tax_amount_set"] = Set(0),
        }),
    };

    public static JsonObject Return(ShopOrder order, ShopReturn one) => new()
    {
        ["id"] = one.Id,
        ["admin_graphql_api_id"] = Gid("Return", one.Id),
        ["status"] = one.Status,
        ["order"] = new JsonObject { ["id"] = order.Id, ["admin_graphql_api_id"] = Gid("Order", order.Id) },
        ["name"] = $"{order.Number}-R1",
        ["return_line_items"] = new JsonArray(),
    };

    public JsonObject Privacy(ShopCustomer customer, bool toErase, IEnumerable<long> orders)
    {
        var ids = new JsonArray([.. orders.Select(id => (JsonNode)id)]);
        var body = new JsonObject
        {
            ["shop_id"] = 548_000_000 + shop.Length,
            ["shop_domain"] = Domain,
            [toErase ? "orders_to_redact" : "orders_requested"] = ids,
            ["customer"] = new JsonObject { ["id"] = customer.Id, ["email"] = customer.Shopper.Email, ["phone"] = customer.Shopper.Phone },
        };
        if (!toErase)
            body["data_request"] = new JsonObject { ["id"] = 3_300_000_000_000 + customer.Shopper.Number };
        return body;
    }

    public string Domain => $"sandbox-{shop}.myshopify.com";

    public static string Gid(string type, long id) => $"gid://shopify/{type}/{id}";

    /// <summary>How shops write carriers.</summary>
    public static string Company(string carrier) => carrier switch { "ups" => "UPS", "usps" => "USPS", "dhl" => "DHL Express", _ => carrier };

    public static string Url(string carrier, string number) => $"https://tracking.example.com/{carrier}/{number}";

    public static string Word(ScanStatus status) => status switch
    {
        ScanStatus.InTransit => "in_transit",
        ScanStatus.OutForDelivery => "out_for_delivery",
        ScanStatus.Delivered => "delivered",
        _ => "attempted_delivery",
    };

    private JsonObject Consent(ShopCustomer customer, Channel channel)
    {
        var act = customer.Consents.GetValueOrDefault(channel);
        return new()
        {
            ["state"] = ShopConsent.WordOf(act),
            ["opt_in_level"] = act is null ? null : "single_opt_in",
            ["consent_updated_at"] = act is null ? null : Time(act.At),
        };
    }

    private JsonArray Lines(IEnumerable<Line> lines) =>
        [.. lines.Select(line => (JsonNode)new JsonObject
        {
            ["id"] = LineId(line),
            ["admin_graphql_api_id"] = Gid("LineItem", LineId(line)),
            ["fulfillable_quantity"] = line.Quantity,
            ["name"] = line.Title,
            ["price"] = line.Price.Text(),
            ["price_set"] = Set(line.Price),
            ["product_exists"] = true,
            ["quantity"] = line.Quantity,
            ["requires_shipping"] = true,
            ["sku"] = line.Sku,
            ["taxable"] = true,
            ["title"] = line.Title,
            ["total_discount"] = "0.00",
        })];

    private JsonObject Set(decimal amount) => new()
    {
        ["shop_money"] = new JsonObject { ["amount"] = amount.Text(), ["currency_code"] = _currency },
        ["presentment_money"] = new JsonObject { ["amount"] = amount.Text(), ["currency_code"] = _currency },
    };

    private JsonObject Address(Shopper shopper) => new()
    {
        ["first_name"] = shopper.First,
        ["last_name"] = shopper.Last,
        ["name"] = shopper.Name,
        ["address1"] = $"{shopper.Number} Sandbox Street",
        ["phone"] = null,
        ["city"] = shop == Shops.Home ? "Springfield" : "Berlin",
        ["zip"] = "00000",
        ["country"] = shop == Shops.Home ? "United States" : "Germany",
        ["country_code"] = shop == Shops.Home ? "US" : "DE",
    };

    public static long LineId(Line line) => 1_300_000_000_000 + Convert.ToInt64(Bodies.Hex(8, line.Sku), 16);

    private string Time(DateTimeOffset time) => time.InZone(Zone);
}
