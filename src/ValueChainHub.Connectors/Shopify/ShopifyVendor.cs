using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>Shopify: makes connectors from <c>Connectors__{name}__*</c>.</summary>
/// <param name="time">What a wait that Shopify asks for is counted from.</param>
/// <param name="wire">Makes what carries the calls instead of the guarded wire; each connector has its own.</param>
public sealed class ShopifyVendor(TimeProvider time, Func<HttpMessageHandler>? wire = null) : ISavedBodyVendor, ISetupVendor
{
    internal const string VendorName = "shopify";

    /// <summary>Shopify counts points: until its answers have told how many come back in a second, this keeps a burst small, and fewer it never are.</summary>
    internal const int CallsPerSecond = 4;

    private static readonly CallLimit Share = CallLimit.PerSecond(CallsPerSecond);

    /// <summary>GraphQL puts its codes into answers of 200; other statuses have only the id of the request [K].</summary>
    private static readonly RefusalFormat Refusals = new("X-Request-Id", _ => default);

    public string Name => VendorName;

    public IConnector Create(ConnectorSettings settings)
    {
        var secrets = WebhookSecrets.Of(settings);
        var shop = ShopDomain(settings);
        var apiKey = settings.Optional("ApiKey");
        var baseUrl = shop is null && settings.Optional("BaseUrl") is null ? null : settings.Url("BaseUrl", "https://" + shop);
        if (apiKey is not null && baseUrl is null)
            throw settings.Fault("ShopDomain", "is missing. An ApiKey needs to know its shop: set it to the shop's myshopify.com domain");
        var admin = apiKey is null || baseUrl is null ? null : new ShopifyAdmin(Api(settings, baseUrl), apiKey, new(Share, time, settings.Name, refusals: Refusals), time);
        var exports = admin is null ? null : new ShopifyExports(admin, new(new HttpClient(Wire(settings)), [baseUrl!.Authority], settings.AllowLoopback), time);
        return new ShopifyConnector(settings.Name, new(secrets, shop), admin, exports);
    }

    public ISavedBodyReader Reader(string name) => new ShopifyConnector(name, new([], null), null);

    public IVendorSetup Setup(ConnectorSettings settings)
    {
        var prefix = $"Connectors__{settings.Name}__";
        if (settings.Optional("ApiKey") is not { } token)
            return new ShopifySetup(prefix, null, null, null);
        if (ShopDomain(settings) is not { } shop && settings.Optional("BaseUrl") is null)
            throw settings.Fault("ShopDomain", "is missing. An ApiKey needs to know its shop: set it to the shop's myshopify.com domain");
        var address = settings.Url("BaseUrl", "https://" + ShopDomain(settings));
        var addressSetting = settings.Optional("BaseUrl") is null ? prefix + "ShopDomain" : prefix + "BaseUrl";
        var calls = new SetupCalls("Shopify", address, addressSetting, $"Set {prefix}ApiKey to the Admin API access token of the app that is installed in this shop.", time);
        return new ShopifySetup(prefix, Api(settings, address), token, calls);
    }

    private IShopifyAdminApi Api(ConnectorSettings settings, Uri address) =>
        VendorClient.Of<IShopifyAdminApi>(Wire(settings), address, ShopifyJson.Default);

    private HttpMessageHandler Wire(ConnectorSettings settings) => wire?.Invoke() ?? VendorWire.Guarded(settings.AllowLoopback);

    private static string? ShopDomain(ConnectorSettings settings)
    {
        if (settings.Optional("ShopDomain")?.Trim() is not { } domain)
            return null;
        var isHost = !domain.Contains('/', StringComparison.Ordinal) && Uri.TryCreate("https://" + domain, UriKind.Absolute, out var url) && url.PathAndQuery == "/" && url.UserInfo.Length == 0;
        return isHost ? domain : throw settings.Fault("ShopDomain", "is not a host name such as brand.myshopify.com");
    }
}

/// <summary>What a Shopify connector works with. It never leaves the connector, and its text names nothing.</summary>
internal sealed class ShopifySettings(IReadOnlyList<byte[]> secrets, string? shopDomain)
{
    /// <summary>The present secret, then the previous one: Shopify may sign with it for an hour after a change.</summary>
    public IReadOnlyList<byte[]> Secrets { get; } = secrets;

    public string? ShopDomain { get; } = shopDomain;
}
