using Refit;
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

    /// <summary>Half of the smallest limit among the calls that are made (metrics: 150 a minute).</summary>
    private static readonly CallLimit Share = CallLimit.PerMinute(75);

    public string Name => VendorName;

    public IConnector Create(ConnectorSettings settings)
    {
        var apiKey = settings.Optional("ApiKey");
        var onlyPolls = apiKey is not null && settings.Optional("WebhookSecret") is null && settings.Optional("PreviousWebhookSecret") is null;
        var secrets = onlyPolls ? [] : WebhookSecrets.Of(settings);
        var baseUrl = settings.Url("BaseUrl", DefaultBaseUrl);
        return new KlaviyoConnector(settings.Name, secrets, apiKey is null ? null : new(Api(settings, baseUrl), apiKey, new(Share, time), time), time);
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

    private IKlaviyoApi Api(ConnectorSettings settings, Uri baseUrl) =>
        RestService.For<IKlaviyoApi>(
            new HttpClient(wire?.Invoke() ?? VendorWire.Guarded(settings.AllowLoopback)) { BaseAddress = baseUrl },
            new RefitSettings(new SystemTextJsonContentSerializer()));
}
