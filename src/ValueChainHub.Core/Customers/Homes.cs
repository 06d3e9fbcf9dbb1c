using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>Where entities live. A home is created once and never changed, so that all that is ever said of an entity meets in one partition.</summary>
internal sealed class Homes(IHubStore store, DerivedIds ids)
{
    private const int CacheSize = 50_000;
    private readonly BoundedCache<EntityKey, Home> _known = new(CacheSize);

    /// <summary>Whether the entity is known to have a home.</summary>
    public bool Knows(EntityKey entity) => _known.TryGet(entity, out _);

    /// <summary>The entity's home; the first delivery about it decides: its anchor's profile, or a partition of the entity's own.</summary>
    /// <returns>The home, and whether this call made it: then nothing has been said of the entity before.</returns>
    public async ValueTask<(Home Home, bool IsNew)> FindOrCreateAsync(EntityKey entity, Identifier? anchor, CancellationToken cancellationToken)
    {
        if (_known.TryGet(entity, out var known))
            return (known, false);
        var partition = ids.OfEntity(entity);
        var home = Home.Of(anchor is { } person ? ids.Of(person) : ids.OfOwnHome(entity), entity, anchor);
        var result = await store.CommitAsync(HubContainers.Homes, partition, [new WriteOperation.Create(ItemIds.Home, Documents.Write(home))], cancellationToken);
        var isNew = result is CommitResult.Committed;
        if (!isNew)
            home = (await ReadAsync(partition, cancellationToken))!;
        _known.Set(entity, home);
        return (home, isNew);
    }

    /// <summary>The entity's home, or null when nothing was ever said of it.</summary>
    public ValueTask<Home?> FindAsync(EntityKey entity, CancellationToken cancellationToken) => ReadAsync(ids.OfEntity(entity), cancellationToken);

    private async ValueTask<Home?> ReadAsync(string partition, CancellationToken cancellationToken) =>
        await store.ReadAsync(HubContainers.Homes, partition, ItemIds.Home, cancellationToken) is { } item ? Documents.ReadHome(item.Body) : null;
}
