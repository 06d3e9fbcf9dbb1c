using System.Globalization;
using Microsoft.Extensions.Configuration;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Reconciliation;
using ValueChainHub.Infrastructure.Cosmos;

namespace ValueChainHub.Hosting.Settings;

/// <summary>A setting does not let the hub start. The message is for people, names the setting and never its value.</summary>
public sealed class HubSettingsException(string message) : Exception(message);

/// <summary>The hub's settings, read and checked once at start (DESIGN 5).</summary>
public sealed record HubSettings
{
    public const string DefaultDataDirectory = ".hub";
    public const string DefaultUrls = "http://127.0.0.1:7071";

    /// <summary>The vendor of the connector that is made for the first steps.</summary>
    public const string TrialVendor = "shopify";

    /// <summary>Shorter keys can be guessed.</summary>
    public const int ShortestKey = 16;

    /// <summary>Null where the hub needs none: store and bus are services, and its keys are set.</summary>
    public required DataDirectory? Data { get; init; }

    public required string AdminKey { get; init; }

    /// <summary>The admin key was made in this start and must be shown to whoever started the hub.</summary>
    public bool AdminKeyIsNew { get; init; }

    /// <summary>The admin key lies in the data directory rather than in the settings.</summary>
    public bool AdminKeyIsStored { get; init; }
    public string? OperatorKey { get; init; }
    public string? ReaderKey { get; init; }

    /// <summary>Keys the derived ids. With another key everybody would get another id.</summary>
    public required string IdKey { get; init; }
    public Uri? PublicUrl { get; init; }
    public bool AllowLoopbackVendors { get; init; }

    /// <summary>The hub writes to the vendors it has credentials for. Off unless asked for: what it reads needs the same credentials.</summary>
    public bool WriteBack { get; init; }

    /// <summary>How vendors are compared with the hub.</summary>
    public WalkSettings Reconcile { get; init; } = new();

    /// <summary>How often drift is measured at each destination; null leaves it to people.</summary>
    public TimeSpan? DriftEvery { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The account that keeps the record, when <c>Hub__Store</c> is <c>cosmos</c>; null for SQLite.</summary>
    public CosmosHubOptions? Cosmos { get; init; }

    /// <summary>Where the hub keeps things.</summary>
    public StorageSettings Storage { get; init; } = new();

    /// <summary>The connectors that have settings, by name.</summary>
    public required IReadOnlyList<ConnectorSettings> Connectors { get; init; }

    /// <summary>Destinations whose events a platform pushes, by the number of the trigger that does (<c>Hub__Destinations__1</c>, ...). All others are pulled.</summary>
    public IReadOnlyDictionary<int, string> Pushed { get; init; } = new Dictionary<int, string>();

    /// <summary>No connector had settings, so one was made for the first steps on this machine.</summary>
    public bool HasTrialConnector { get; init; }

    /// <summary>Reads the settings, makes the keys that are missing, or throws <see cref="HubSettingsException"/>.</summary>
    /// <param name="configuration">Where settings come from.</param>
    /// <param name="offerTrialConnector">Nothing beyond this machine reaches the hub, so a first connector may be made.</param>
    public static HubSettings Read(IConfiguration configuration, bool offerTrialConnector)
    {
        var hub = configuration.GetSection("Hub");
        var (adminKey, operatorKey, readerKey, idKey) = (Key(hub, "AdminKey"), Key(hub, "OperatorKey"), Key(hub, "ReaderKey"), Key(hub, "IdKey"));
        RefuseEqualKeys([("AdminKey", adminKey), ("OperatorKey", operatorKey), ("ReaderKey", readerKey), ("IdKey", idKey)]);
        var publicUrl = PublicUrlOf(hub);
        var allowLoopback = Flag(hub, "AllowLoopbackVendors");
        var connectors = ConnectorsOf(configuration, allowLoopback);
        var cosmos = CosmosSettings.Read(configuration);
        var storage = StorageSettings.Read(configuration);
        var reconcile = ReconcileSettings.Read(hub);
        var driftEvery = ReconcileSettings.DriftEvery(hub);
        if (cosmos is not null)
            DemandSharedKeys(("AdminKey", adminKey), ("IdKey", idKey));

        var directory = Text(hub, "DataDirectory") ?? DefaultDataDirectory;
        var data = cosmos is not null && storage.Bus == StorageSettings.ServiceBus ? null : DataDirectory.Open(directory);
        var storedAdmin = adminKey is null ? data!.Secret(DataDirectory.AdminKeyFile) : default;
        var trial = connectors.Count == 0 && offerTrialConnector && data is not null ? TrialConnector(data, allowLoopback) : null;
        return new()
        {
            Data = data,
            AdminKey = adminKey ?? storedAdmin.Value,
            AdminKeyIsNew = storedAdmin.IsNew,
            AdminKeyIsStored = adminKey is null,
            OperatorKey = operatorKey,
            ReaderKey = readerKey,
            IdKey = cosmos is not null ? idKey! : data!.IdKey(idKey),
            PublicUrl = publicUrl,
            AllowLoopbackVendors = allowLoopback,
            WriteBack = Flag(hub, "WriteBack"),
            Reconcile = reconcile,
            DriftEvery = driftEvery,
            Cosmos = cosmos,
            Storage = storage,
            Connectors = trial is null ? connectors : [trial],
            HasTrialConnector = trial is not null,
            Pushed = PushedOf(hub.GetSection("Destinations")),
        };
    }

    /// <summary>The connectors and the public address alone: makes no directory and no keys. Throws <see cref="HubSettingsException"/>.</summary>
    public static (IReadOnlyList<ConnectorSettings> Connectors, Uri? PublicUrl) ReadConnectors(IConfiguration configuration)
    {
        var hub = configuration.GetSection("Hub");
        return (ConnectorsOf(configuration, Flag(hub, "AllowLoopbackVendors")), PublicUrlOf(hub));
    }

    private static Dictionary<int, string> PushedOf(IConfigurationSection destinations)
    {
        var pushed = new Dictionary<int, string>();
        foreach (var one in destinations.GetChildren().Where(one => !string.IsNullOrWhiteSpace(one.Value)))
        {
            pushed[int.TryParse(one.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
                ? number
                : throw new HubSettingsException($"Hub__Destinations__{one.Key} is not the number of a trigger. Name destinations by Hub__Destinations__1 and so on.")] = ConnectorName(one.Value!.Trim());
        }
        return pushed;
    }

    private static ConnectorSettings TrialConnector(DataDirectory data, bool allowLoopback) =>
        new(TrialVendor, new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["WebhookSecret"] = data.Secret(DataDirectory.TrialSecretFile).Value }, allowLoopback);

    private static List<ConnectorSettings> ConnectorsOf(IConfiguration configuration, bool allowLoopback)
    {
        var connectors = new List<ConnectorSettings>();
        foreach (var section in configuration.GetSection("Connectors").GetChildren())
        {
            foreach (var setting in section.GetChildren())
                RefuseReference($"Connectors__{section.Key}__{setting.Key}", setting.Value);
            var values = section.GetChildren()
                .Where(setting => !string.IsNullOrWhiteSpace(setting.Value))
                .ToDictionary(setting => setting.Key, setting => setting.Value!, StringComparer.OrdinalIgnoreCase);
            if (values.Count > 0)
                connectors.Add(new(ConnectorName(section.Key), values, allowLoopback));
        }
        return connectors;
    }

    /// <summary>Names are part of identifiers and of URLs, so they are plain.</summary>
    private static string ConnectorName(string key)
    {
        var name = key.ToLowerInvariant();
        if (name == ParcelTracking.Connector)
            throw new HubSettingsException($"Connectors__{key}: the name {name} is taken by what the hub keeps of parcels. Rename it.");
        return name.Length is > 0 and <= 40 && name.All(letter => letter is >= 'a' and <= 'z' or >= '0' and <= '9' or '-')
            ? name
            : throw new HubSettingsException($"Connectors__{key}: a connector's name has at most 40 letters, digits and hyphens. Rename it.");
    }

    private static string? Key(IConfigurationSection hub, string name)
    {
        if (Text(hub, name) is not { } key)
            return null;
        RefuseReference($"Hub__{name}", key);
        if (key.Length < ShortestKey)
            throw new HubSettingsException($"Hub__{name} is shorter than {ShortestKey} characters. Make one with: openssl rand -base64 32");
        if (key.Distinct().Count() < 6 || key.Contains("changeme", StringComparison.OrdinalIgnoreCase) || key.Contains("change-me", StringComparison.OrdinalIgnoreCase))
            throw new HubSettingsException($"Hub__{name} is a placeholder. Make a key with: openssl rand -base64 32");
        return key;
    }

    /// <summary>A platform that cannot read a secret hands over the reference itself; anybody can guess that, so it must never pass for the secret.</summary>
    private static void RefuseReference(string setting, string? value)
    {
        if (value?.TrimStart().StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase) is true)
            throw new HubSettingsException($"{setting} is a reference that the vault did not answer. Put the secret into the vault, and give the hub's identity the right to read it.");
    }

    /// <summary>What one process makes for itself the next one does not know: with another id key it would give everybody another id.</summary>
    private static void DemandSharedKeys(params ReadOnlySpan<(string Name, string? Key)> keys)
    {
        foreach (var (name, key) in keys)
        {
            if (key is null)
                throw new HubSettingsException($"Hub__{name} is missing. With Hub__Store={StorageSettings.Cosmos} every process needs the same one: make it once with openssl rand -base64 32, and keep it.");
        }
    }

    private static void RefuseEqualKeys(ReadOnlySpan<(string Name, string? Key)> keys)
    {
        for (var one = 0; one < keys.Length; one++)
        {
            for (var other = one + 1; other < keys.Length; other++)
            {
                if (keys[one].Key is not null && keys[one].Key == keys[other].Key)
                    throw new HubSettingsException($"Hub__{keys[one].Name} and Hub__{keys[other].Name} are the same. Give each its own value.");
            }
        }
    }

    private static Uri? PublicUrlOf(IConfigurationSection hub)
    {
        if (Text(hub, "PublicUrl") is not { } text)
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0 && url.UserInfo.Length == 0
            ? url
            : throw new HubSettingsException("Hub__PublicUrl is not an absolute http(s) URL without credentials and query, such as https://hub.example.com.");
    }

    private static bool Flag(IConfigurationSection hub, string name)
    {
        if (Text(hub, name) is not { } text)
            return false;
        return text switch
        {
            "1" => true,
            "0" => false,
            _ => bool.TryParse(text, out var flag) ? flag : throw new HubSettingsException($"Hub__{name} must be true or false."),
        };
    }

    private static string? Text(IConfigurationSection hub, string name) => hub[name] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
}
