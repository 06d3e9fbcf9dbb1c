using System.Collections.Concurrent;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>Where entities live. A home is created once and never changed, so that all that is ever said of an entity meets in one partition.</summary>
internal sealed class Homes(IHubStore store, DerivedIds ids)
{
    private const int CacheSize = 200_000;
    private readonly ConcurrentDictionary<EntityKey, Home> _known = new();
    private readonly ConcurrentDictionary<string, byte> _referred = new(StringComparer.Ordinal);

    /// <summary>The entity's home; the first delivery about it decides: its anchor's profile, or a partition of the entity's own.</summary>
    public async ValueTask<Home> FindOrCreateAsync(EntityKey entity, Identifier? anchor, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(entity, out var known))
            return known;
        var partition = ids.OfEntity(entity);
        var home = await ReadAsync(partition, cancellationToken) ?? await CreateAsync(partition, entity, anchor, cancellationToken);
        if (_known.Count > CacheSize)
            _known.Clear();
        return _known[entity] = home;
    }

    /// <summary>The entity's home, or null when nothing was ever said of it.</summary>
    public ValueTask<Home?> FindAsync(EntityKey entity, CancellationToken cancellationToken) => ReadAsync(ids.OfEntity(entity), cancellationToken);

    /// <summary>Notes the names by which people look the entity up.</summary>
    public async ValueTask ReferAsync(EntityChange change, CancellationToken cancellationToken)
    {
        foreach (var reference in change.References)
        {
            var partition = ids.OfReference(reference.Kind, reference.Value);
            var id = ids.OfEntity(change.Key);
            if (!_referred.TryAdd(partition + id, 0))
                continue;
            await store.CommitAsync(HubContainers.Homes, partition, [new WriteOperation.Create(id, Quote(change.Key))], cancellationToken);
            if (_referred.Count > CacheSize)
                _referred.Clear();
        }
    }

    /// <summary>The entities that a reference names.</summary>
    public async ValueTask<IReadOnlyList<EntityKey>> ReferredAsync(string kind, string value, int limit, CancellationToken cancellationToken)
    {
        var items = await store.ReadRangeAsync(HubContainers.Homes, ids.OfReference(kind, value), new IdRange(null, null), limit, cancellationToken);
        return [.. items.Select(item => EntityKey.Parse(Unquote(item.Body)))];
    }

    private async ValueTask<Home> CreateAsync(string partition, EntityKey entity, Identifier? anchor, CancellationToken cancellationToken)
    {
        var home = Home.Of(anchor is { } person ? ids.Of(person) : ids.OfOwnHome(entity), entity, anchor);
        var result = await store.CommitAsync(HubContainers.Homes, partition, [new WriteOperation.Create(ItemIds.Home, Documents.Write(home))], cancellationToken);
        return result is CommitResult.Committed ? home : (await ReadAsync(partition, cancellationToken))!;
    }

    private async ValueTask<Home?> ReadAsync(string partition, CancellationToken cancellationToken) =>
        await store.ReadAsync(HubContainers.Homes, partition, ItemIds.Home, cancellationToken) is { } item ? Documents.ReadHome(item.Body) : null;

    private static ReadOnlyMemory<byte> Quote(EntityKey key) => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(key.ToString(), DocumentContext.Default.String);

    private static string Unquote(ReadOnlyMemory<byte> body) => System.Text.Json.JsonSerializer.Deserialize(body.Span, DocumentContext.Default.String)!;
}
