using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>The events of a customer over all its profiles, newest first.</summary>
internal sealed class CustomerTimeline(IHubStore store, DerivedIds ids)
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
                if (await BelongsAsync(customer.Profiles[profileId], profileId, item, cancellationToken))
                    events.Add(CloudEvent.WithSummary(item.Body));
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

    /// <summary>Where entities have changed hands, an event is shown to whoever its entity belongs to now.</summary>
    private async ValueTask<bool> BelongsAsync(Profile profile, string profileId, StoredItem item, CancellationToken cancellationToken)
    {
        var isCopy = item.Id.StartsWith(ItemIds.CopyPrefix, StringComparison.Ordinal);
        if (!isCopy && profile.Away == 0)
            return true;
        var subject = CloudEvent.ReadHead(item.Body).Attributes["subject"];
        if (subject.StartsWith("hub/", StringComparison.Ordinal))
            return true;
        var key = EntityKey.Parse(subject);
        if (isCopy)
            return await store.ReadAsync(HubContainers.Profiles, profileId, ItemIds.Mirror(key), cancellationToken) is { } mirror && Documents.ReadMirror(mirror.Body).Owned;
        var entity = await store.ReadAsync(HubContainers.Profiles, profileId, ItemIds.Entity(key), cancellationToken);
        return entity is null || Documents.ReadEntity(entity.Body).Owner is not { } owner || ids.Of(owner) == profileId;
    }
}
