using System.Globalization;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.ShipStation;

/// <summary>ShipStation V2 and ShipEngine: one vendor with one schema and two hosts, so two entries of the list. Makes connectors from <c>Connectors__{name}__*</c>.</summary>
public sealed class ShipStationVendor : ISavedBodyVendor, ISetupVendor
{
    private const string PublishedKeysUrl = "https://api.shipengine.com/jwks";
    private const int ShortestKey = 8;
    private const int MostRequestsPerMinute = 6_000;

    /// <summary>Half of what the vendor grants an account: the brand's other programs need the rest.</summary>
    private static readonly CallLimit Share = CallLimit.PerMinute(100);

    /// <summary>The first of the errors; its source tells whether the vendor or a carrier refused.</summary>
    private static readonly RefusalFormat Refusals = new(null, body => new(body.FirstObject("errors"u8)?.Text("error_code"u8), body.Text("request_id"u8)));

    private readonly string _host;
    private readonly string _version;
    private readonly IReadOnlyList<string> _events;
    private readonly TimeProvider _time;
    private readonly Func<ConnectorSettings, HttpMessageHandler> _wire;

    private ShipStationVendor(string name, string host, string version, IReadOnlyList<string> events, TimeProvider time, Func<ConnectorSettings, HttpMessageHandler>? wire) =>
        (Name, _host, _version, _events, _time, _wire) = (name, host, version, events, time, wire ?? (settings => VendorWire.Guarded(settings.AllowLoopback)));

    public string Name { get; }

    /// <param name="time">What waits that the vendor asks for, and the age of its keys, are counted by.</param>
    /// <param name="wire">What carries the calls instead of the guarded wire.</param>
    public static ShipStationVendor ShipStation(TimeProvider time, Func<ConnectorSettings, HttpMessageHandler>? wire = null) =>
        new("shipstation", "api.shipstation.com", "v2", ShipStationTopics.Subscribed, time, wire);

    /// <inheritdoc cref="ShipStation"/>
    public static ShipStationVendor ShipEngine(TimeProvider time, Func<ConnectorSettings, HttpMessageHandler>? wire = null) =>
        new("shipengine", "api.shipengine.com", "v1", ShipStationTopics.SubscribedClassic, time, wire);

    public IConnector Create(ConnectorSettings settings)
    {
        var baseUrl = settings.Url("BaseUrl", "https://" + _host);
        if (baseUrl.AbsolutePath != "/")
            throw settings.Fault("BaseUrl", "has a path. Set it to the host alone: resources name their own paths");
        var keysUrl = settings.Url("JwksUrl", PublishedKeysUrl);
        var apiKey = settings.Optional("ApiKey") is null ? null : ApiKey(settings);
        var keys = new PublishedKeys(new HttpClient(_wire(settings)), keysUrl, _time);
        var access = apiKey is null ? null : new ShipStationAccess(Api(settings, baseUrl), _version, apiKey, Line(settings));
        return new ShipStationConnector(settings.Name, Name, [baseUrl.Authority, _host], keys, _version, access);
    }

    public ISavedBodyReader Reader(string name) =>
        new ShipStationConnector(name, Name, [_host], new(new HttpClient(), new(PublishedKeysUrl), _time), _version, null);

    public IVendorSetup Setup(ConnectorSettings settings)
    {
        var prefix = $"Connectors__{settings.Name}__";
        if (settings.Optional("ApiKey") is not { } key)
            return new ShipStationSetup(prefix, _version, _events, null, null, null);
        var address = settings.Url("BaseUrl", "https://" + _host);
        var calls = new SetupCalls("The vendor", address, prefix + "BaseUrl", $"Set {prefix}ApiKey to an API key of the account, of this host and not of its sandbox.", _time);
        return new ShipStationSetup(prefix, _version, _events, Api(settings, address), key, calls);
    }

    private IShipStationApi Api(ConnectorSettings settings, Uri address) => VendorClient.Of<IShipStationApi>(_wire(settings), address, ShipStationJson.Default);

    /// <summary>An account may have been granted more than the usual; the setting says so.</summary>
    private VendorLine Line(ConnectorSettings settings)
    {
        if (settings.Optional("RequestsPerMinute") is not { } text)
            return new(Share, _time, settings.Name, refusals: Refusals);
        return int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostRequestsPerMinute
            ? new(CallLimit.PerMinute(number), _time, settings.Name, learnsLimit: false, Refusals)
            : throw settings.Fault("RequestsPerMinute", $"is not a whole number from 1 to {MostRequestsPerMinute}");
    }

    private static string ApiKey(ConnectorSettings settings)
    {
        var key = settings.Secret("ApiKey", ShortestKey);
        return key.Equals("changeme", StringComparison.OrdinalIgnoreCase) ? throw settings.Fault("ApiKey", "is a default. Set it to the account's API key") : key;
    }
}
