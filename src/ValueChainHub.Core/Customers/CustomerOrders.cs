using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>The orders of a customer over all its profiles, by the vendors' numbers, newest first.</summary>
internal sealed class CustomerOrders(IHubStore store)
{
    public async ValueTask<Page<OrderSummary>> ReadAsync(Customer customer, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var found = new SortedDictionary<string, (string Profile, StoredItem Item)>(Comparer<string>.Create((left, right) => string.CompareOrdinal(right, left)));
        foreach (var profileId in customer.Profiles.Keys)
        {
            foreach (var range in new[] { ItemIds.Entities(EntityTypes.Order, descending: true), ItemIds.Mirrors(EntityTypes.Order, descending: true) })
                await CollectAsync(found, profileId, range, limit, cursor, cancellationToken);
        }
        var page = found.Take(limit).ToList();
        var orders = new List<OrderSummary>();
        // An order that changed hands between two profiles of the customer lies in both: whose it is now is the entity's to say.
        var anchors = customer.Profiles.Values.Select(profile => profile.Anchor).ToHashSet();
        foreach (var (_, item) in page)
        {
            if (await EntityAsync(item.Item, cancellationToken) is { Owner: { } owner } entity && anchors.Contains(owner))
                orders.Add(new OrderView(entity.Key.ToString(), entity.Facets.Values).Summary());
        }
        return new(orders, found.Count > limit || page.Count == limit ? page[^1].Key : null);
    }

    /// <summary>Keys without their first word, so that entities and mirrors of all profiles sort together.</summary>
    private async ValueTask CollectAsync(
        SortedDictionary<string, (string, StoredItem)> found, string profileId, IdRange range, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var word = range.From![..2];
        var rest = cursor is null ? range : range with { To = string.CompareOrdinal(word + cursor, range.To) < 0 ? word + cursor : range.To };
        if (string.CompareOrdinal(rest.From, rest.To) >= 0)
            return;
        foreach (var item in await store.ReadRangeAsync(HubContainers.Profiles, profileId, rest, limit + 1, cancellationToken))
        {
            if (word == "e|" || Documents.ReadMirror(item.Body).Owned)
                found[item.Id[2..]] = (profileId, item);
        }
    }

    private async ValueTask<Entity?> EntityAsync(StoredItem item, CancellationToken cancellationToken)
    {
        if (item.Id.StartsWith("e|", StringComparison.Ordinal))
            return Documents.ReadEntity(item.Body);
        var mirror = Documents.ReadMirror(item.Body);
        var home = await store.ReadAsync(HubContainers.Profiles, mirror.Partition, ItemIds.Entity(EntityKey.Parse(mirror.Entity)), cancellationToken);
        return home is null ? null : Documents.ReadEntity(home.Body);
    }
}
