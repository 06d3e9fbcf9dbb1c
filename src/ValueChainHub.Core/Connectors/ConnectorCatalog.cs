using ValueChainHub.Core.Delivery;

namespace ValueChainHub.Core.Connectors;

/// <summary>The configured connectors.</summary>
/// <param name="connectors">Each with a name of its own.</param>
/// <param name="writesBack">Whether the hub writes to vendors at all.</param>
public sealed class ConnectorCatalog(IEnumerable<IConnector> connectors, bool writesBack = true)
{
    private readonly Dictionary<string, IConnector> _byName = connectors.ToDictionary(connector => connector.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<IConnector> All => _byName.Values;

    /// <summary>Those that are written to, by name; none while the hub does not write back.</summary>
    public IEnumerable<IDestination> Destinations =>
        _byName.Values.OfType<IDestination>().Where(one => writesBack && one.CanWrite).OrderBy(one => one.Name, StringComparer.Ordinal);

    /// <summary>Whether a connector is written to.</summary>
    public bool IsDestination(string name) => writesBack && Find(name) is IDestination { CanWrite: true };

    public IConnector? Find(string name) => _byName.GetValueOrDefault(name);
}
