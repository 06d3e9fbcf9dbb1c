using System.Text.Encodings.Web;
using System.Text.Json;

namespace ValueChainHub.Benchmarks.Generator;

/// <summary>The order bodies, shaped as the storefront's REST order is. Every value that varies is a sentinel of the same width.</summary>
internal static class OrderBodies
{
    // Each sentinel is a text that stands nowhere else in a body.
    public const string OrderId = "811111111111111111";
    public const string OrderNumber = "62222222";
    public const string CustomerId = "711111111111111111";
    public const string CustomerDigits = "53535";
    public const string LinePrice = "111.11";
    public const string Subtotal = "222.22";
    public const string Total = "333.33";
    public const string Time = "2000-01-01T00:00:00-05:00";
    public const string FirstName = "Fffff";
    public const string LastName = "Llllll";

    // Constant and wrong on purpose: the hub counts shop money.
    private const string Presented = "918.27";

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(BodySize size, int shape) => JsonSerializer.Serialize(size == BodySize.Ten ? Full(shape) : Lean(shape), Json);

    private static Dictionary<string, object?> Lean(int shape)
    {
        var order = Core(shape);
        order["customer"] = Customer(shape, size: BodySize.Four);
        order["billing_address"] = Address();
        order["shipping_address"] = Address();
        order["line_items"] = new[] { Line(0, LinePrice, shape, full: false) };
        order["shipping_lines"] = new[] { new { id = 4400001, code = "STANDARD", title = "Standard", source = "shopify", price = "5.90", price_set = Money("5.90", shape) } };
        return order;
    }

    private static Dictionary<string, object?> Full(int shape)
    {
        var order = Core(shape);
        foreach (var name in new[] { "app_id", "browser_ip", "cart_token", "checkout_id", "closed_at", "device_id", "landing_site", "landing_site_ref", "location_id", "note", "po_number", "reference", "referring_site", "source_identifier", "source_url", "user_id", "payment_terms" })
            order[name] = null;
        order["client_details"] = new { accept_language = "en-US", browser_height = 900, browser_width = 1440, session_hash = (string?)null, user_agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" };
        order["total_tax_set"] = Money("0.00", shape);
        order["total_line_items_price_set"] = Money(Subtotal, shape);
        order["current_total_tax_set"] = Money("0.00", shape);
        order["note_attributes"] = new[] { new { name = "gift", value = "no" }, new { name = "campaign", value = "spring-catalogue" } };
        order["customer"] = Customer(shape, BodySize.Ten);
        order["billing_address"] = Address();
        order["shipping_address"] = Address();
        order["line_items"] = Enumerable.Range(0, 1 + OrderPlan.ExtraLines(BodySize.Ten)).Select(line => Line(line, line == 0 ? LinePrice : "24.95", shape, full: line < 2)).ToArray();
        order["shipping_lines"] = new[] { new { id = 4400001, code = "STANDARD", title = "Standard", source = "shopify", price = "5.90", price_set = Money("5.90", shape), discounted_price = "5.90", tax_lines = Array.Empty<object>(), discount_allocations = Array.Empty<object>() } };
        return order;
    }

    private static Dictionary<string, object?> Core(int shape) => new()
    {
        ["id"] = long.Parse(OrderId, System.Globalization.CultureInfo.InvariantCulture),
        ["admin_graphql_api_id"] = "gid://shopify/Order/" + OrderId,
        ["buyer_accepts_marketing"] = false,
        ["cancel_reason"] = null,
        ["cancelled_at"] = null,
        ["checkout_token"] = "c0ffee" + OrderId,
        ["confirmed"] = true,
        ["contact_email"] = Email(),
        ["created_at"] = Time,
        ["currency"] = OrderPlan.CurrencyOf(shape),
        ["current_total_price"] = Total,
        ["current_total_price_set"] = Money(Total, shape),
        ["customer_locale"] = "en-US",
        ["discount_codes"] = Array.Empty<object>(),
        ["email"] = Email(),
        ["financial_status"] = OrderPlan.IsPaid(shape) ? "paid" : "pending",
        ["fulfillment_status"] = null,
        ["name"] = "#" + OrderNumber,
        ["order_number"] = int.Parse(OrderNumber, System.Globalization.CultureInfo.InvariantCulture),
        ["order_status_url"] = "https://load-test.myshopify.com/1/orders/c0ffee" + OrderId + "/authenticate?key=not-a-key",
        ["payment_gateway_names"] = new[] { "shopify_payments" },
        ["phone"] = null,
        ["presentment_currency"] = OrderPlan.PresentsOtherCurrency(shape) ? "CAD" : OrderPlan.CurrencyOf(shape),
        ["processed_at"] = Time,
        ["source_name"] = "web",
        ["current_subtotal_price"] = Subtotal,
        ["current_subtotal_price_set"] = Money(Subtotal, shape),
        ["subtotal_price"] = Subtotal,
        ["subtotal_price_set"] = Money(Subtotal, shape),
        ["tags"] = "",
        ["taxes_included"] = true,
        ["test"] = false,
        ["total_discounts"] = "0.00",
        ["total_discounts_set"] = Money("0.00", shape),
        ["total_line_items_price"] = Subtotal,
        ["total_price"] = Total,
        ["total_price_set"] = Money(Total, shape),
        ["total_shipping_price_set"] = Money("5.90", shape),
        ["total_tax"] = "0.00",
        ["total_weight"] = 420,
        ["updated_at"] = Time,
        ["fulfillments"] = Array.Empty<object>(),
        ["refunds"] = Array.Empty<object>(),
    };

    private static Dictionary<string, object?> Customer(int shape, BodySize size) => new()
    {
        ["id"] = long.Parse(CustomerId, System.Globalization.CultureInfo.InvariantCulture),
        ["email"] = Email(),
        ["created_at"] = "2025-06-01T09:00:00-05:00",
        ["updated_at"] = Time,
        ["first_name"] = FirstName,
        ["last_name"] = LastName,
        ["state"] = "enabled",
        ["note"] = null,
        ["verified_email"] = true,
        ["phone"] = OrderPlan.HasPhone(shape) ? "+141555" + CustomerDigits : null,
        ["email_marketing_consent"] = new { state = "subscribed", opt_in_level = "single_opt_in", consent_updated_at = "2025-06-01T09:00:00-05:00" },
        ["sms_marketing_consent"] = null,
        ["tags"] = "",
        ["currency"] = OrderPlan.CurrencyOf(shape),
        ["tax_exemptions"] = Array.Empty<string>(),
        ["admin_graphql_api_id"] = "gid://shopify/Customer/" + CustomerId,
        ["default_address"] = size == BodySize.Ten ? Address() : null,
    };

    private static object Address() => new
    {
        first_name = FirstName,
        last_name = LastName,
        name = FirstName + " " + LastName,
        company = (string?)null,
        address1 = "1" + CustomerDigits + " Harbor Street",
        address2 = (string?)null,
        city = "Portland",
        province = "Oregon",
        province_code = "OR",
        zip = "97201",
        country = "United States",
        country_code = "US",
        phone = (string?)null,
        latitude = 45.5,
        longitude = -122.7,
    };

    private static Dictionary<string, object?> Line(int line, string price, int shape, bool full)
    {
        var item = new Dictionary<string, object?>
        {
            ["id"] = long.Parse("4000000000000000" + line, System.Globalization.CultureInfo.InvariantCulture),
            ["admin_graphql_api_id"] = "gid://shopify/LineItem/4000000000000000" + line,
            ["fulfillable_quantity"] = 1,
            ["fulfillment_service"] = "manual",
            ["fulfillment_status"] = null,
            ["gift_card"] = false,
            ["grams"] = 420,
            ["name"] = "Trail bottle, size " + line,
            ["price"] = price,
            ["price_set"] = Money(price, shape),
            ["product_id"] = 7_600_000_000_000 + line,
            ["quantity"] = 1,
            ["requires_shipping"] = true,
            ["sku"] = "TRAIL-BOTTLE-" + line,
            ["taxable"] = true,
            ["title"] = "Trail bottle",
            ["total_discount"] = "0.00",
            ["total_discount_set"] = Money("0.00", shape),
            ["variant_id"] = 4_100_000_000_000 + line,
            ["variant_title"] = "size " + line,
            ["vendor"] = "Harbor Goods",
        };
        if (full)
        {
            item["properties"] = new[] { new { name = "engraving", value = "none" } };
            item["tax_lines"] = new[] { new { title = "State tax", rate = 0.0, price = "0.00", price_set = Money("0.00", shape), channel_liable = false } };
            item["duties"] = Array.Empty<object>();
            item["discount_allocations"] = Array.Empty<object>();
        }
        return item;
    }

    private static object Money(string amount, int shape) => new
    {
        shop_money = new { amount, currency_code = OrderPlan.CurrencyOf(shape) },
        presentment_money = OrderPlan.PresentsOtherCurrency(shape)
            ? new { amount = Presented, currency_code = "CAD" }
            : new { amount, currency_code = OrderPlan.CurrencyOf(shape) },
    };

    private static string Email() => "shopper" + CustomerDigits + "@example.com";
}
