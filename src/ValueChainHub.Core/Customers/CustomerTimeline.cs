using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>The events of a customer over all its profiles, newest first.</summary>
/// <remarks>Notices of whose an entity turned out to be are for consumers of the chain, who re-key by them. To a person they say nothing: every refund names nobody, so every refunded order would have one.</remarks>
internal sealed class CustomerTimeline(IHubStore store, DerivedIds ids, ParcelEvents parcels)
{
    public async ValueTask<Page<ReadOnlyMemory<byte>>> ReadAsync(Customer customer, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var events = new List<ReadOnlyMemory<byte>>();
        while (true)
        {
            var page = await PageAsync(customer, limit, cursor, cancellationToken);
            foreach (var (key, (profileId, item)) in page)
            {
                cursor = key;
                if (await BelongsAsync(customer, profileId, item, cancellationToken))
                    events.Add(CloudEvent.WithSummary(EventItems.EventOf(item.Body)));
                if (events.Count == limit)
                    return new(events, cursor);
            }
            if (page.Count < limit)
                return new(events, null);
        }
    }

    /// <summary>The next keys (time and id) over all profiles, own events and copies together; the same event in both counts once.</summary>
    private async ValueTask<List<KeyValuePair<string, (string Profile, StoredItem Item)>>> PageAsync(Customer customer, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var found = new SortedDictionary<string, (string, StoredItem)>(StringComparer.Ordinal);
        foreach (var profileId in customer.Profiles.Keys)
        {
            foreach (var prefix in new[] { ItemIds.EventPrefix, ItemIds.CopyPrefix })
            {
                var range = IdRange.StartingWith(prefix);
                foreach (var item in await store.ReadRangeAsync(HubContainers.Profiles, profileId, cursor is null ? range : range.After(prefix + cursor), limit, cancellationToken))
                    found.TryAdd(item.Id[prefix.Length..], (profileId, item));
            }
        }
        return [.. found.Take(limit)];
    }

    /// <summary>Where entities have changed hands, an event is shown to whoever its entity belongs to now: the customer, by whichever of its profiles.</summary>
    private async ValueTask<bool> BelongsAsync(Customer customer, string profileId, StoredItem item, CancellationToken cancellationToken)
    {
        var isCopy = item.Id.StartsWith(ItemIds.CopyPrefix, StringComparison.Ordinal);
        var head = CloudEvent.ReadHead(item.Body);
        if (head.Type == EventCatalogue.CustomerLinked)
            return false;
        if (!isCopy && customer.Profiles[profileId].Away == 0)
            return true;
        var subject = head.Attributes["subject"];
        if (subject.StartsWith("hub/", StringComparison.Ordinal))
            return true;
        var (key, home) = (EntityKey.Parse(subject), profileId);
        if (isCopy && ParcelTracking.IsParcel(key))
            return await parcels.BelongsAsync(customer, key, head, cancellationToken);
        if (isCopy)
        {
            if (await store.ReadAsync(HubContainers.Profiles, profileId, ItemIds.Mirror(key), cancellationToken) is not { } mirrored)
                return false;
            var mirror = Documents.ReadMirror(mirrored.Body);
            if (mirror.Owned)
                return true;
            home = mirror.Partition;
        }
        var entity = await EntityItems.FindAsync(store, home, key, customer.Profiles.GetValueOrDefault(home), cancellationToken);
        return entity?.Owner is { } owner ? customer.Profiles.ContainsKey(ids.Of(owner)) : !isCopy;
    }
}
