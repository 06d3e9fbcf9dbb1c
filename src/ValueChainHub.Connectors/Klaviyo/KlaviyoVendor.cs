using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Klaviyo;

/// <summary>Klaviyo: makes connectors from <c>Connectors__{name}__*</c>.</summary>
/// <param name="time">What a wait that Klaviyo asks for is counted from, and up to when it is polled.</param>
/// <param name="wire">Makes what carries the calls instead of the guarded wire; each connector has its own.</param>
public sealed class KlaviyoVendor(TimeProvider time, Func<HttpMessageHandler>? wire = null) : ISavedBodyVendor, ISetupVendor
{
    internal const string VendorName = "klaviyo";

    private const string DefaultBaseUrl = "https://a.klaviyo.com";

    /// <summary>
    /// Less than half of the smallest limit among the calls that are made often (profiles and their imports: 75 a second and 700 a minute). Lists of metrics (10 a second, 150 a minute) and of
    /// webhooks (1 a second, 15 a minute) are asked for so seldom that the vendor's own headers are enough.
    /// </summary>
    private static readonly CallLimit Share = CallLimit.PerSecond(5);

    /// <summary>The first of the errors, in JSON:API's words: its id is unique for the request.</summary>
    private static readonly RefusalFormat Refusals = new(null, body => new(body.FirstObject("errors"u8)?.Text("code"u8), body.FirstObject("errors"u8)?.Text("id"u8)));

    public string Name => VendorName;

    public IConnector Create(ConnectorSettings settings)
    {
        var apiKey = settings.Optional("ApiKey");
        var onlyPolls = apiKey is not null && settings.Optional("WebhookSecret") is null && settings.Optional("PreviousWebhookSecret") is null;
        var secrets = onlyPolls ? [] : WebhookSecrets.Of(settings);
        var address = settings.Url("BaseUrl", DefaultBaseUrl);
        return new KlaviyoConnector(settings.Name, secrets, apiKey is null ? null : Access(settings, address, apiKey), time);
    }

    private KlaviyoAccess Access(ConnectorSettings settings, Uri address, string apiKey)
    {
        var chosen = ChosenPace.Of(settings);
        var line = new VendorLine(chosen is { } calls ? CallLimit.PerSecond(calls) : Share, time, settings.Name, learnsLimit: chosen is null, Refusals);
        return new(Api(settings, address), apiKey, line, time);
    }

    public ISavedBodyReader Reader(string name) => new KlaviyoConnector(name, [], null, time);

    public IVendorSetup Setup(ConnectorSettings settings)
    {
        var prefix = $"Connectors__{settings.Name}__";
        if (settings.Optional("ApiKey") is not { } key)
            return new KlaviyoSetup(prefix, null, null, null, null);
        var address = settings.Url("BaseUrl", DefaultBaseUrl);
        var calls = new SetupCalls("Klaviyo", address, prefix + "BaseUrl", $"Set {prefix}ApiKey to a private key of the account with the scopes of the connector's README.", time);
        return new KlaviyoSetup(prefix, Api(settings, address), key, settings.Optional("WebhookSecret"), calls);
    }

    private IKlaviyoApi Api(ConnectorSettings settings, Uri address) =>
        VendorClient.Of<IKlaviyoApi>(wire?.Invoke() ?? VendorWire.Guarded(settings.AllowLoopback), address, KlaviyoJson.Default);
}
