using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ValueChainHub.Benchmarks.Lookup;

/// <summary>Shoppers of one shop: each with an account and orders that were shipped; the parcels of every tenth tracked by ShipStation.</summary>
internal sealed class Shoppers(int count)
{
    private const int RegularsEvery = 25;
    private const int OrdersOfARegular = 6;
    private const int TrackedEvery = 10;
    private static readonly byte[] ShopSecret = Encoding.UTF8.GetBytes(ServerProcess.WebhookSecret);

    public int Count => count;

    public static int OrdersOf(int shopper) => shopper % RegularsEvery == 0 ? OrdersOfARegular : 1;

    public static bool IsTracked(int shopper) => shopper % TrackedEvery == 0;

    public static string Email(int shopper) => string.Create(CultureInfo.InvariantCulture, $"shopper-{shopper}@lookup.example");

    public static string OrderNumber(int shopper, int order) => string.Create(CultureInfo.InvariantCulture, $"#{OrderId(shopper, order)}");

    /// <summary>The webhooks of one shopper, in the order of what happened.</summary>
    public static IEnumerable<HttpRequestMessage> Webhooks(int shopper, ParcelCarrier carrier)
    {
        for (var order = 0; order < OrdersOf(shopper); order++)
        {
            yield return Shop("orders/create", Order(shopper, order));
            yield return Shop("fulfillments/create", Fulfillment(shopper, order));
            if (IsTracked(shopper))
                yield return carrier.Delivered(TrackingNumber(shopper, order));
        }
    }

    private static long OrderId(int shopper, int order) => 1_000_000L + ((long)shopper * OrdersOfARegular) + order;

    private static string TrackingNumber(int shopper, int order) => string.Create(CultureInfo.InvariantCulture, $"1Z999AA1{OrderId(shopper, order):D10}");

    private static string Order(int shopper, int order) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"id":{{OrderId(shopper, order)}},"name":"{{OrderNumber(shopper, order)}}","email":"{{Email(shopper)}}","financial_status":"paid","currency":"USD","total_price":"59.50",
         "created_at":"2026-02-10T14:30:00Z","updated_at":"2026-02-10T14:30:05Z",
         "customer":{"id":{{7_000_000 + shopper}},"email":"{{Email(shopper)}}","phone":"+1500{{5_000_000 + shopper:D7}}","first_name":"Shopper","last_name":"Number {{shopper}}"},
         "line_items":[{"title":"Rope Basket","sku":"RB-1","quantity":2,"price":"20.00"},{"title":"Soap","sku":"S-7","quantity":1,"price":"19.50"}]}
        """);

    private static string Fulfillment(int shopper, int order) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"id":{{OrderId(shopper, order) + 50_000_000}},"order_id":{{OrderId(shopper, order)}},"status":"success","tracking_company":"UPS","tracking_number":"{{TrackingNumber(shopper, order)}}",
         "tracking_url":"https://www.ups.example/track","created_at":"2026-02-11T08:00:00Z","updated_at":"2026-02-11T08:00:05Z"}
        """);

    private static HttpRequestMessage Shop(string topic, string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/webhooks/shopify") { Content = new ByteArrayContent(body) };
        request.Headers.Add("X-Shopify-Topic", topic);
        request.Headers.Add("X-Shopify-Shop-Domain", Generator.OrderRequests.ShopDomain);
        request.Headers.Add("X-Shopify-Webhook-Id", Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16)));
        request.Headers.TryAddWithoutValidation("X-Shopify-Hmac-Sha256", Convert.ToBase64String(HMACSHA256.HashData(ShopSecret, body)));
        return request;
    }
}
