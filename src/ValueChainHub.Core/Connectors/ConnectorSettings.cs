namespace ValueChainHub.Core.Connectors;

/// <summary>The settings <c>Connectors__{name}__*</c> of one connector.</summary>
public sealed class ConnectorSettings(string name, IReadOnlyDictionary<string, string> values, bool allowLoopback)
{
    public string Name { get; } = name;

    /// <summary>Vendor URLs may be http and loopback (sandbox and tests).</summary>
    public bool AllowLoopback { get; } = allowLoopback;

    /// <summary>A setting, or null when it is unset or blank.</summary>
    public string? Optional(string key) => values.TryGetValue(key, out var value) && !string.IsNullOrWhiteSpace(value) ? value : null;

    /// <summary>A secret that must be there and be at least <paramref name="minimumLength"/> characters long.</summary>
    public string Secret(string key, int minimumLength)
    {
        var value = Optional(key) ?? throw Fault(key, "is missing. Set it to the secret that the vendor signs with");
        return value.Length >= minimumLength ? value : throw Fault(key, $"is shorter than {minimumLength} characters. Copy the whole secret from the vendor");
    }

    /// <summary>A URL of the vendor: https and not loopback unless allowed, without query or credentials.</summary>
    public Uri Url(string key, string defaultValue)
    {
        var text = Optional(key) ?? defaultValue;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.UserInfo.Length > 0 || url.Query.Length > 0)
            throw Fault(key, "is not an absolute URL without credentials and query");
        if (!AllowLoopback && (url.Scheme != Uri.UriSchemeHttps || url.IsLoopback))
            throw Fault(key, "must be a public https URL. For a sandbox on this machine set Hub__AllowLoopbackVendors=true");
        return url;
    }

    /// <summary>The error that stops the start, naming the setting.</summary>
    public ConnectorSettingsException Fault(string key, string what) => new($"Connectors__{Name}__{key} {what}.");
}

/// <summary>A connector's settings do not let it start. The message names the setting and never its value.</summary>
public sealed class ConnectorSettingsException(string message) : Exception(message);
