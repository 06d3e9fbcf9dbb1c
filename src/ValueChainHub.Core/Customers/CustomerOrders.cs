using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>The orders of a customer over all its profiles, by the vendors' numbers, newest first.</summary>
internal sealed class CustomerOrders(IHubStore store)
{
    public async ValueTask<Page<OrderDetails>> ReadAsync(Customer customer, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var found = new SortedDictionary<string, Place>(Comparer<string>.Create((left, right) => string.CompareOrdinal(right, left)));
        foreach (var (profileId, profile) in customer.Profiles)
        {
            CollectYoung(found, profileId, profile, cursor);
            foreach (var range in new[] { ItemIds.Entities(EntityTypes.Order, descending: true), ItemIds.Mirrors(EntityTypes.Order, descending: true) })
                await CollectAsync(found, profileId, range, limit, cursor, cancellationToken);
        }
        var page = found.Take(limit).ToList();
        var orders = new List<OrderDetails>();
        // An order that changed hands between two profiles of the customer lies in both: whose it is now is the entity's to say.
        var anchors = customer.Profiles.Values.Select(profile => profile.Anchor).ToHashSet();
        foreach (var (_, place) in page)
        {
            if (await EntityAsync(place, cancellationToken) is not { Owner: { } owner } entity || !anchors.Contains(owner))
                continue;
            var view = new OrderView(entity.Key.ToString(), entity.Facets.Values);
            orders.Add(new(view.Summary(), view.Items));
        }
        return new(orders, found.Count > limit || page.Count == limit ? page[^1].Key : null);
    }

    /// <summary>Keys without their first word, so that entities and mirrors of all profiles sort together.</summary>
    private async ValueTask CollectAsync(
        SortedDictionary<string, Place> found, string profileId, IdRange range, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var word = range.From![..2];
        var rest = cursor is null ? range : range with { To = string.CompareOrdinal(word + cursor, range.To) < 0 ? word + cursor : range.To };
        if (string.CompareOrdinal(rest.From, rest.To) >= 0)
            return;
        foreach (var item in await store.ReadRangeAsync(HubContainers.Profiles, profileId, rest, limit + 1, cancellationToken))
        {
            if (word == "e|" || Documents.ReadMirror(item.Body).Owned)
                found[item.Id[2..]] = new(profileId, item, null);
        }
    }

    /// <summary>Orders that are still inside their first event; an item of the order's own, read later, takes their place.</summary>
    private static void CollectYoung(SortedDictionary<string, Place> found, string profileId, Profile profile, string? cursor)
    {
        foreach (var (key, eventItem) in profile.Young.Where(young => young.Key.Type == EntityTypes.Order))
        {
            var sorted = ItemIds.Entity(key)[2..];
            if (cursor is null || string.CompareOrdinal(sorted, cursor) < 0)
                found[sorted] = new(profileId, null, eventItem);
        }
    }

    private async ValueTask<Entity?> EntityAsync(Place place, CancellationToken cancellationToken)
    {
        if (place.Item is not { } item)
            return await EntityItems.InEventAsync(store, place.Profile, place.EventItem!, cancellationToken);
        if (item.Id.StartsWith("e|", StringComparison.Ordinal))
            return Documents.ReadEntity(item.Body);
        var mirror = Documents.ReadMirror(item.Body);
        return await EntityItems.FindAsync(store, mirror.Partition, EntityKey.Parse(mirror.Entity), null, cancellationToken);
    }

    /// <summary>Where an order was found: in its own item or a mirror, or inside an event.</summary>
    private sealed record Place(string Profile, StoredItem? Item, string? EventItem);
}
