using System.Security.Cryptography;
using System.Text;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>A Shopify shop: its signed webhooks, and the orders they only point at.</summary>
public sealed partial class ShopifyConnector : IFetchConnector
{
    private const string SignatureHeader = "X-Shopify-Hmac-Sha256";
    private const string TopicHeader = "X-Shopify-Topic";
    private const string DeliveryHeader = "X-Shopify-Webhook-Id";
    private const string ShopHeader = "X-Shopify-Shop-Domain";
    private const int LongestDeliveryId = 128;

    /// <summary>What is kept with a delivery. None of them is under the signature; none carries a secret.</summary>
    private static readonly string[] KeptHeaders =
    [
        TopicHeader, ShopHeader, "X-Shopify-API-Version", "X-Shopify-Event-Id", "X-Shopify-Triggered-At", "X-Shopify-Sub-Topic", "X-Shopify-Name",
    ];

    private readonly ShopifySettings _settings;
    private readonly ShopifyAdmin? _admin;
    private readonly ShopifyExports? _exports;

    /// <param name="name">The configured name.</param>
    /// <param name="settings">How its webhooks are proved.</param>
    /// <param name="admin">The shop's API; null without a token.</param>
    /// <param name="exports">The shop's bulk operations; null without a token.</param>
    internal ShopifyConnector(string name, ShopifySettings settings, ShopifyAdmin? admin, ShopifyExports? exports = null) =>
        (Name, _settings, _admin, _exports) = (name, settings, admin, exports);

    public string Name { get; }

    public string Vendor => ShopifyVendor.VendorName;

    public ChainLink Link => ChainLink.Storefront;

    /// <summary>Base64 HMAC-SHA256 over the raw body, by the present or the previous secret. Shopify signs no time, so there is no window.</summary>
    public WebhookVerdict Verify(WebhookRequest request, DateTimeOffset now)
    {
        if (request.Header(SignatureHeader) is not { Length: > 0 } signature)
            return new WebhookVerdict.Refused(RejectionReason.Signature, $"{SignatureHeader} is missing");
        var body = request.Body.Span;
        var isGenuine = false;
        foreach (var secret in _settings.Secrets)
            isGenuine |= HmacSignature.IsBase64Of(signature, secret, body);
        if (!isGenuine)
            return new WebhookVerdict.Refused(RejectionReason.Signature, $"{SignatureHeader} does not match the body");

        if (request.Header(TopicHeader) is not { } topic || string.IsNullOrWhiteSpace(topic))
            return new WebhookVerdict.Refused(RejectionReason.Malformed, $"{TopicHeader} is missing");
        if (IsOfAnotherShop(request.Header(ShopHeader)))
            return new WebhookVerdict.Refused(RejectionReason.Malformed, $"{ShopHeader} is not the ShopDomain of this connector");
        var canonical = ShopifyTopics.Canonical(topic);
        return new WebhookVerdict.Genuine(DeliveryId(request.Header(DeliveryHeader), canonical, body), canonical, null, Kept(request));
    }

    /// <summary>Shopify has no handshake.</summary>
    public string? AnswerHandshake(WebhookRequest request) => null;

    public Translation Translate(DeliveryContent delivery)
    {
        var isWebhook = delivery.Kind == DeliveryKind.Webhook;
        var reader = isWebhook ? ShopifyTopics.Webhooks.GetValueOrDefault(ShopifyTopics.Canonical(delivery.Topic)) : ShopifyReads.Reader(delivery.Topic);
        if (reader is null)
            return new Translation.Suppressed("a topic that the hub does not handle");
        var draft = new TranslationDraft(Name, isWebhook ? SourceClass.Webhook : SourceClass.Read);
        return BodyTranslation.Of(delivery.Body, body =>
        {
            reader(body, draft);
            return draft.Build();
        });
    }

    /// <summary>Two shops whose webhook addresses were swapped must not mix; a domain of the brand's own cannot be compared, Shopify names the myshopify one.</summary>
    private bool IsOfAnotherShop(string? domain) =>
        domain is not null && _settings.ShopDomain is { } own && own.EndsWith(".myshopify.com", StringComparison.OrdinalIgnoreCase)
        && !own.Equals(domain.Trim(), StringComparison.OrdinalIgnoreCase);

    /// <summary>The vendor's id; without a usable one, what makes the delivery the same one: its topic and body.</summary>
    private static string DeliveryId(string? header, string topic, ReadOnlySpan<byte> body)
    {
        var id = header?.Trim();
        if (id is { Length: > 0 and <= LongestDeliveryId } && !id.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return id;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(topic + "\n"));
        hash.AppendData(body);
        return "sha256-" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static Dictionary<string, string> Kept(WebhookRequest request)
    {
        var kept = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in KeptHeaders)
        {
            if (request.Header(name) is { } value)
                kept[name] = value;
        }
        return kept;
    }
}
