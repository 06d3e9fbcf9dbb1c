using System.Text.Json;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Delivery;

/// <summary>What an operator has set apart from the default; unset members leave it.</summary>
public sealed record RouteChange
{
    public required string Name { get; init; }
    public bool? Enabled { get; init; }
    public IReadOnlyList<string>? Types { get; init; }
    public TimeSpan? MaxAge { get; init; }
    public bool? Creates { get; init; }
    public bool? DeniesAllAddresses { get; init; }
}

/// <summary>What is set apart from the defaults, as it is kept.</summary>
internal sealed record RouteSettings(IReadOnlyList<RouteChange> Changes);

/// <summary>The routes in force: the defaults, and over them what operators have set.</summary>
public sealed class Routes(IHubStore store, ConnectorCatalog connectors)
{
    private const string Partition = "routes";
    private const string Item = "changes";

    public async ValueTask<IReadOnlyList<Route>> ReadAsync(CancellationToken cancellationToken)
    {
        var changes = (await ChangesAsync(cancellationToken)).ToDictionary(change => change.Name, StringComparer.Ordinal);
        return [.. DefaultRoutes.For(connectors.Destinations).Select(route => changes.TryGetValue(route.Name, out var change) ? Apply(route, change) : route)];
    }

    /// <summary>Those to one destination that are on.</summary>
    internal static IEnumerable<Route> To(string destination, IEnumerable<Route> inForce) => inForce.Where(route => route.Destination == destination && route.Enabled);

    /// <summary>Replaces what is set apart from the defaults. Answers what is wrong with it, naming the route, or null when it holds from now on.</summary>
    public async ValueTask<string?> SetAsync(IReadOnlyList<RouteChange> changes, CancellationToken cancellationToken)
    {
        if (FaultOf(changes) is { } fault)
            return fault;
        var body = JsonSerializer.SerializeToUtf8Bytes(new RouteSettings(changes), DeliveryContext.Default.RouteSettings);
        await store.CommitAsync(HubContainers.Work, Partition, [new WriteOperation.Put(Item, body)], cancellationToken);
        return null;
    }

    private string? FaultOf(IReadOnlyList<RouteChange> changes)
    {
        var known = DefaultRoutes.For(connectors.Destinations).ToDictionary(route => route.Name, StringComparer.Ordinal);
        foreach (var change in changes)
        {
            if (!known.TryGetValue(change.Name, out var route))
                return $"There is no route {change.Name}.";
            if (change.Types?.FirstOrDefault(type => EventCatalogue.Find(type) is null) is { } type)
                return $"The route {change.Name} names {type}, which is no type of event.";
            if (change.MaxAge is { } age && (route.MaxAge is null || age <= TimeSpan.Zero))
                return $"The route {change.Name} has no maxAge, or it is not positive.";
            if (change.Creates is not null && route.Creates is null)
                return $"The route {change.Name} creates nobody.";
            if (change.DeniesAllAddresses is not null && route.DeniesAllAddresses is null)
                return $"The route {change.Name} tells no consent.";
        }
        return changes.DistinctBy(change => change.Name, StringComparer.Ordinal).Count() == changes.Count ? null : "A route is named twice.";
    }

    private async ValueTask<IReadOnlyList<RouteChange>> ChangesAsync(CancellationToken cancellationToken) =>
        await store.ReadAsync(HubContainers.Work, Partition, Item, cancellationToken) is { } item
            ? JsonSerializer.Deserialize(item.Body.Span, DeliveryContext.Default.RouteSettings)!.Changes
            : [];

    private static Route Apply(Route route, RouteChange change) => route with
    {
        Enabled = change.Enabled ?? route.Enabled,
        Types = change.Types ?? route.Types,
        MaxAge = change.MaxAge ?? route.MaxAge,
        Creates = change.Creates ?? route.Creates,
        DeniesAllAddresses = change.DeniesAllAddresses ?? route.DeniesAllAddresses,
    };
}
