using System.Text;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Gladly;

/// <summary>Gladly: makes connectors from <c>Connectors__{name}__*</c>.</summary>
/// <param name="time">What waits are counted from.</param>
/// <param name="wire">Makes what carries the calls instead of the guarded wire; each connector has its own.</param>
public sealed class GladlyVendor(TimeProvider time, Func<HttpMessageHandler>? wire = null) : ISavedBodyVendor, ISetupVendor
{
    internal const string VendorName = "gladly";

    private const int ShortestPassword = 8;
    private const int ShortestSigningKey = 12;

    /// <summary>Half of what Gladly grants an organisation: its other programs need the rest.</summary>
    private const int DefaultRequestsPerSecond = 5;

    /// <summary>The first of the errors. Whether answers name the request in this header, as its own calls do, was not seen [?].</summary>
    private static readonly RefusalFormat Refusals = new("Gladly-Correlation-Id", body => new(body.FirstObject("errors"u8)?.Text("code"u8), null));

    public string Name => VendorName;

    public IConnector Create(ConnectorSettings settings)
    {
        var lookup = Lookup(settings);
        var proofs = new[] { BasicProof(settings), HeaderProof(settings) }.OfType<GladlyProof>().ToList();
        if (proofs.Count == 0 && lookup is null)
            throw settings.Fault("WebhookPassword", "is missing. Set WebhookUser and WebhookPassword to the credential that the webhook in Gladly has");
        return new GladlyConnector(settings.Name, proofs, lookup, Api(settings));
    }

    public ISavedBodyReader Reader(string name) => new GladlyConnector(name, [], null, null);

    public IVendorSetup Setup(ConnectorSettings settings)
    {
        var prefix = $"Connectors__{settings.Name}__";
        var sent = new GladlyWebhookCredentials(
            settings.Optional("WebhookUser"), settings.Optional("WebhookPassword"), settings.Optional("WebhookHeaderName"), settings.Optional("WebhookHeaderValue"));
        if (settings.Optional("ApiKey") is not { } key || settings.Optional("ApiUser") is not { } user || settings.Optional("BaseUrl") is not { } baseUrl)
            return new GladlySetup(prefix, null, null, sent, null);
        var address = settings.Url("BaseUrl", baseUrl);
        var calls = new SetupCalls("Gladly", address, prefix + "BaseUrl", $"Set {prefix}ApiUser to the e-mail address of an agent with the permission API User, and {prefix}ApiKey to that agent's token.", time);
        return new GladlySetup(prefix, Rest(settings, address), SharedSecret.BasicHeader(user, key), sent, calls);
    }

    private static GladlyProof? BasicProof(ConnectorSettings settings)
    {
        if (settings.Optional("WebhookUser") is null && settings.Optional("WebhookPassword") is null)
            return null;
        var user = User(settings, "WebhookUser");
        var passwords = Secrets(settings, "WebhookPassword", ShortestPassword);
        return new("Authorization", passwords.ConvertAll(password => SharedSecret.Basic(user, password)));
    }

    private static GladlyProof? HeaderProof(ConnectorSettings settings)
    {
        if (settings.Optional("WebhookHeaderName") is null && settings.Optional("WebhookHeaderValue") is null)
            return null;
        var name = settings.Optional("WebhookHeaderName")?.Trim() ?? throw settings.Fault("WebhookHeaderName", "is missing. Set it to the name of the static header that the webhook in Gladly sends");
        return new(name, Secrets(settings, "WebhookHeaderValue", ShortestPassword).ConvertAll(value => new SharedSecret(value)));
    }

    private static GladlyLookupSettings? Lookup(ConnectorSettings settings)
    {
        if (settings.Optional("LookupSigningKey") is null)
            return null;
        var keys = Secrets(settings, "LookupSigningKey", ShortestSigningKey).ConvertAll(Encoding.UTF8.GetBytes);
        var hasBasic = settings.Optional("LookupUser") is not null || settings.Optional("LookupPassword") is not null;
        return new(keys, hasBasic ? SharedSecret.Basic(User(settings, "LookupUser"), Secret(settings, "LookupPassword", ShortestPassword)) : null);
    }

    private GladlyApi? Api(ConnectorSettings settings)
    {
        if (settings.Optional("ApiKey") is not { } key)
            return null;
        var user = settings.Optional("ApiUser") ?? throw settings.Fault("ApiUser", "is missing. An ApiKey belongs to an agent: set it to that agent's e-mail address");
        var address = settings.Optional("BaseUrl") ?? throw settings.Fault("BaseUrl", "is missing. An ApiKey needs to know its organisation: set it to https://<organisation>.gladly.com");
        var chosen = ChosenPace.Of(settings);
        var line = new VendorLine(CallLimit.PerSecond(chosen ?? DefaultRequestsPerSecond), time, settings.Name, learnsLimit: chosen is null, Refusals);
        return new(Rest(settings, settings.Url("BaseUrl", address)), SharedSecret.BasicHeader(user, key), line, settings.Optional("TaskInboxId"));
    }

    private IGladlyApi Rest(ConnectorSettings settings, Uri address) =>
        VendorClient.Of<IGladlyApi>(wire?.Invoke() ?? VendorWire.Guarded(settings.AllowLoopback), address, GladlyJson.Default);

    private static string User(ConnectorSettings settings, string key) =>
        settings.Optional(key) ?? throw settings.Fault(key, "is missing. A password needs its user: set it to the user name that Gladly sends");

    /// <summary>The present secret, then the one before it.</summary>
    private static List<string> Secrets(ConnectorSettings settings, string key, int shortest)
    {
        var secrets = new List<string> { Secret(settings, key, shortest) };
        if (settings.Optional("Previous" + key) is not null)
            secrets.Add(Secret(settings, "Previous" + key, shortest));
        return secrets;
    }

    private static string Secret(ConnectorSettings settings, string key, int shortest)
    {
        var secret = settings.Secret(key, shortest);
        return secret.Equals("changeme", StringComparison.OrdinalIgnoreCase) ? throw settings.Fault(key, "is a default. Set a secret of your own, here and in Gladly") : secret;
    }
}

/// <summary>A header that must hold one of these secrets.</summary>
internal sealed record GladlyProof(string Header, IReadOnlyList<SharedSecret> Secrets);

/// <summary>How lookups are proved. It never leaves the connector, and its text names nothing.</summary>
internal sealed class GladlyLookupSettings(IReadOnlyList<byte[]> signingKeys, SharedSecret? basic)
{
    public IReadOnlyList<byte[]> SigningKeys { get; } = signingKeys;

    public SharedSecret? Basic { get; } = basic;
}
