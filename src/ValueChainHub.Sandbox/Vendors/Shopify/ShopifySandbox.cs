using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.Shopify.GraphQl;
using ValueChainHub.Sandbox.Vendors.State;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Vendors.Shopify;

/// <summary>A Shopify shop: customers, orders, what becomes of them; signed webhooks of the whole resource; GraphQL for what webhooks only hint at.</summary>
/// <param name="name">The connector's name; the shop takes the acts of the shoppers who buy there.</param>
/// <param name="books">Who is told of what the API answers.</param>
/// <param name="pointsPerSecond">How many points of GraphQL come back in a second: 100 on the Standard plan (FACTS 1).</param>
/// <param name="seed">The customers and orders from before the story; null for none.</param>
/// <param name="time">What points are counted by, and writes dated by.</param>
public sealed partial class ShopifySandbox(string name, SandboxBooks books, int pointsPerSecond = 100, ShopSeed? seed = null, TimeProvider? time = null) : ISandboxVendor
{
    private readonly Lock _gate = new();
    private readonly PointBucket _points = new(pointsPerSecond, time ?? TimeProvider.System);
    private readonly ShopifyBodies _bodies = new(name);
    private readonly ShopifyAnswers _answers = new(name);
    private readonly ShopShelves _shop = new(name, seed);
    private readonly Dictionary<long, int> _echoes = [];
    private readonly string _accessToken = "shpat_" + Bodies.Hex(32, name, "token");
    private int _webhooks, _subscribed;

    public string Name => name;

    public VendorDesk Desk { get; } = new(name, ShopifyTopicNames.All.Select((topic, index) => (Bodies.Number(1_300_000_000_000 + index), (IReadOnlyList<string>)[topic])), time);

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

    /// <summary>What an app is told by its configuration alone, no subscription has.</summary>
    public bool Sends(string topic) => ShopifyTopicNames.IsCompliance(topic) || Desk.Subscriptions.Wants(topic);

    private string Secret(SigningSecret which) => Bodies.Hex(64, name, "secret", which.ToString());

    private Webhook Make(string topic, string about, JsonObject body, IEnumerable<Fact> tells, params ReadOnlySpan<string> pointsAt) =>
        new(Bodies.Guid(name, (++_webhooks).ToString(CultureInfo.InvariantCulture)), topic, body.Bytes(), [.. tells], [.. pointsAt]) { About = [about] };

    private ShopCustomer? CustomerOf(Shopper shopper) => _shop.Customers.Find(ShopCustomer.FirstId + shopper.Number);

    private ShopOrder OrderOf(Purchase purchase) => _shop.Orders.Find(ShopOrder.FirstId + purchase.Number) ?? throw new InvalidOperationException($"There is no order {purchase.Number}.");
}
