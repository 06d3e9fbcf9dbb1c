using System.Runtime.CompilerServices;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>Brings parcels and the orders that name them together, whichever came first.</summary>
/// <remarks>
/// An order leaves its address with its parcels before it asks them; a parcel is written before it asks who left an address. So whichever is later sees the other.
/// What is taken over are registers, so it does not matter how often, or that both do it at once. See ADR 11.
/// </remarks>
internal sealed class JoinParcels(IHubStore store, DerivedIds ids, PartitionFold fold)
{
    private const int CacheSize = 50_000;
    private const int PageSize = 100;

    /// <summary>Addresses are left once and never change.</summary>
    private readonly BoundedCache<(EntityKey Parcel, EntityKey Order), byte> _attached = new(CacheSize);

    /// <summary>An entity changed: if it is an order with tracking numbers, it takes over what is known of its parcels. Answers the entity as it is then.</summary>
    public async ValueTask<Entity> AskParcelsAsync(string home, Identifier? anchor, Entity order, FoldInput input, CancellationToken cancellationToken)
    {
        var known = new List<Facet>();
        foreach (var parcel in ParcelTracking.ParcelsOf(order))
        {
            var partition = ids.OfOwnHome(parcel);
            await AttachAsync(partition, parcel, Home.Of(home, order.Key, anchor), order.Key, cancellationToken);
            if (await store.ReadAsync(HubContainers.Profiles, partition, ItemIds.Entity(parcel), cancellationToken) is { } item)
                known.AddRange(ParcelTracking.ForOrder(Documents.ReadEntity(item.Body)));
        }
        return known.Count == 0 ? order : await TakeOverAsync(home, anchor, order.Key, known, input, cancellationToken);
    }

    /// <summary>A parcel changed: every order that names it takes that over. Answers those orders and where they live.</summary>
    public async IAsyncEnumerable<(string Home, Entity Order)> TellOrdersAsync(
        string partition, Entity parcel, FoldInput input, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (facets, range) = (ParcelTracking.ForOrder(parcel), IdRange.StartingWith(ItemIds.AttachmentPrefix));
        while (true)
        {
            var page = await store.ReadRangeAsync(HubContainers.Profiles, partition, range, PageSize, cancellationToken);
            foreach (var item in page)
            {
                var order = Documents.ReadHome(item.Body);
                yield return (order.Partition, await TakeOverAsync(order.Partition, order.Anchor, EntityKey.Parse(order.Entity), facets, input, cancellationToken));
            }
            if (page.Count < PageSize)
                yield break;
            range = range.After(page[^1].Id);
        }
    }

    private async ValueTask AttachAsync(string partition, EntityKey parcel, Home address, EntityKey order, CancellationToken cancellationToken)
    {
        if (_attached.TryGet((parcel, order), out _))
            return;
        await store.CommitAsync(HubContainers.Profiles, partition, [new WriteOperation.Create(ItemIds.Attachment(order), Documents.Write(address))], cancellationToken);
        _attached.Set((parcel, order), 0);
    }

    private async ValueTask<Entity> TakeOverAsync(
        string home, Identifier? anchor, EntityKey order, IReadOnlyList<Facet> facets, FoldInput input, CancellationToken cancellationToken)
    {
        var plan = new PartitionPlan(home, anchor) { TakesOver = true };
        plan.Entities.Add(new(order, Homing.Shopper, facets, []));
        return (await fold.CommitAsync(plan, input, cancellationToken)).Entities[0];
    }
}
