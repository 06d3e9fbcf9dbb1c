using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>Reads single entities as the hub holds them.</summary>
internal sealed class HeldEntities(IHubStore store, DerivedIds ids)
{
    private readonly Homes _homes = new(store, ids);

    /// <summary>The entity, or null when nothing was ever said of it.</summary>
    public async ValueTask<Entity?> FindAsync(EntityKey key, Homing homing, CancellationToken cancellationToken) => homing switch
    {
        Homing.Account => await AccountAsync(key, cancellationToken),
        Homing.Own => await EntityItems.FindAsync(store, ids.OfOwnHome(key), key, null, cancellationToken),
        _ => await _homes.FindAsync(key, cancellationToken) is { } home ? await EntityItems.FindAsync(store, home.Partition, key, null, cancellationToken) : null,
    };

    private async ValueTask<Entity?> AccountAsync(EntityKey key, CancellationToken cancellationToken)
    {
        var profile = ids.Of(Identifier.Account(key.Connector, key.Id));
        return await store.ReadAsync(HubContainers.Profiles, profile, ItemIds.State, cancellationToken) is { } state ? Documents.ReadProfile(state.Body).Account : null;
    }
}
