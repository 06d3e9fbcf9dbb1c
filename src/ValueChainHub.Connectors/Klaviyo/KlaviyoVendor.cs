using Refit;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Klaviyo;

/// <summary>Klaviyo: makes connectors from <c>Connectors__{name}__*</c>.</summary>
/// <param name="time">What a wait that Klaviyo asks for is counted from, and up to when it is polled.</param>
/// <param name="wire">Makes what carries the calls; each connector has its own.</param>
public sealed class KlaviyoVendor(TimeProvider time, Func<HttpMessageHandler> wire) : ISavedBodyVendor, ISetupVendor
{
    internal const string VendorName = "klaviyo";

    private const string DefaultBaseUrl = "https://a.klaviyo.com";

    public KlaviyoVendor(TimeProvider time)
        : this(time, VendorCalls.Direct)
    {
    }

    public string Name => VendorName;

    public IConnector Create(ConnectorSettings settings)
    {
        var secrets = WebhookSecrets.Of(settings);
        var baseUrl = settings.Url("BaseUrl", DefaultBaseUrl);
        var apiKey = settings.Optional("ApiKey");
        return new KlaviyoConnector(settings.Name, secrets, apiKey is null ? null : new(Api(baseUrl), apiKey, time), time);
    }

    public ISavedBodyReader Reader(string name) => new KlaviyoConnector(name, [], null, time);

    public IVendorSetup Setup(ConnectorSettings settings)
    {
        var prefix = $"Connectors__{settings.Name}__";
        if (settings.Optional("ApiKey") is not { } key)
            return new KlaviyoSetup(prefix, null, null, null, null);
        var address = settings.Url("BaseUrl", DefaultBaseUrl);
        var calls = new SetupCalls("Klaviyo", address, prefix + "BaseUrl", $"Set {prefix}ApiKey to a private key of the account with the scopes of the connector's README.", time);
        var api = RestService.For<IKlaviyoSetupApi>(new HttpClient(VendorWire.Guarded(settings.AllowLoopback)) { BaseAddress = address });
        return new KlaviyoSetup(prefix, api, key, settings.Optional("WebhookSecret"), calls);
    }

    private IKlaviyoApi Api(Uri baseUrl) =>
        RestService.For<IKlaviyoApi>(
            new HttpClient(wire()) { BaseAddress = baseUrl },
            new RefitSettings(new SystemTextJsonContentSerializer()));
}
