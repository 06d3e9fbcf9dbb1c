using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Vendors.Shopify;

/// <summary>A Shopify shop: customers, orders, what becomes of them; signed webhooks of the whole resource; GraphQL for what webhooks only hint at.</summary>
/// <param name="name">The connector's name; the shop takes the acts of the shoppers who buy there.</param>
/// <param name="books">Who is told of what the API answers.</param>
public sealed partial class ShopifySandbox(string name, SandboxBooks books) : ISandboxVendor
{
    private readonly Lock _gate = new();
    private readonly ShopifyBodies _bodies = new(name);
    private readonly ShopifyAnswers _answers = new(name);
    private readonly Dictionary<int, ShopCustomer> _customers = [];
    private readonly Dictionary<long, ShopOrder> _orders = [];
    private readonly string _accessToken = "shpat_" + Bodies.Hex(32, name, "token");
    private int _webhooks;

    public string Name => name;

    /// <summary>FACTS 0 and 1: 5 s for the answer, 8 tries more over 4 hours with growing gaps.</summary>
    public RetryPolicy Retries { get; } = new(TimeSpan.FromSeconds(5), [.. new[] { 1, 3, 6, 12, 25, 40, 60, 93 }.Select(minutes => TimeSpan.FromMinutes(minutes))]);

    public IReadOnlyDictionary<string, string> HubSettings(Uri api) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Vendor"] = "shopify",
        ["WebhookSecret"] = Secret(SigningSecret.Present),
        ["PreviousWebhookSecret"] = Secret(SigningSecret.Previous),
        ["ShopDomain"] = _bodies.Domain,
        ["ApiKey"] = _accessToken,
        ["BaseUrl"] = api.GetLeftPart(UriPartial.Authority),
    };

    public Outcome Apply(Act act)
    {
        if (act is not ShopAct || act.Shopper.Shop != name)
            return Outcome.Nothing;
        lock (_gate)
        {
            return act switch
            {
                AccountOpened one => Open(one),
                CheckoutStarted one => Checkout(one),
                OrderPlaced one => Place(one),
                OrderPaid one => Pay(one),
                OrderEdited one => Edit(one),
                OrderCancelled one => Cancel(one),
                PackageSent one => Send(one),
                PackageSeenByShop one => See(one),
                RefundMade one => Refund(one),
                ReturnRequested one => Return(one.At, one.Purchase, "requested", "returns/request"),
                ReturnClosed one => Return(one.At, one.Purchase, "closed", "returns/close"),
                ShopConsentChanged one => Consent(one),
                PrivacyAsked one => Privacy(one),
                _ => throw new NotSupportedException(act.GetType().Name),
            };
        }
    }

    public void Sign(HttpRequestMessage request, Webhook webhook, SigningSecret secret, DateTimeOffset now)
    {
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret(secret)), webhook.Body);
        request.Headers.Add("X-Shopify-Topic", webhook.Topic);
        request.Headers.Add("X-Shopify-Shop-Domain", _bodies.Domain);
        request.Headers.Add("X-Shopify-API-Version", "2026-07");
        request.Headers.Add("X-Shopify-Webhook-Id", webhook.Id);
        request.Headers.Add("X-Shopify-Event-Id", Bodies.Guid("event", webhook.Id));
        request.Headers.Add("X-Shopify-Triggered-At", now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));
        request.Headers.Add("X-Shopify-Hmac-Sha256", Convert.ToBase64String(signature));
    }

    private string Secret(SigningSecret which) => Bodies.Hex(64, name, "secret", which.ToString());

    private Webhook Make(string topic, JsonObject body, IEnumerable<Fact> tells, params ReadOnlySpan<string> pointsAt) =>
        new(Bodies.Guid(name, (++_webhooks).ToString(CultureInfo.InvariantCulture)), topic, body.Bytes(), [.. tells], [.. pointsAt]);

    private ShopCustomer? CustomerOf(Shopper shopper) => _customers.GetValueOrDefault(shopper.Number);

    private ShopOrder OrderOf(Purchase purchase) => _orders[5_500_000_000_000 + purchase.Number];
}
