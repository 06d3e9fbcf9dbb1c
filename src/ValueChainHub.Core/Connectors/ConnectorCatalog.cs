namespace ValueChainHub.Core.Connectors;

/// <summary>The configured connectors.</summary>
public sealed class ConnectorCatalog(IEnumerable<IConnector> connectors)
{
    private readonly Dictionary<string, IConnector> _byName = connectors.ToDictionary(connector => connector.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<IConnector> All => _byName.Values;

    public IConnector? Find(string name) => _byName.GetValueOrDefault(name);
}
