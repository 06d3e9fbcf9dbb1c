using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>Counts a profile's totals from its entities: what the running totals must equal.</summary>
internal static class TotalsRecount
{
    private const int PageSize = 200;

    /// <param name="store">The store.</param>
    /// <param name="partition">The profile's partition.</param>
    /// <param name="profile">The profile, which knows the entities that are still inside their events.</param>
    /// <param name="pending">Entities as they are about to be written, by item id; they stand in for the stored ones.</param>
    /// <param name="cancellationToken">Ends the count.</param>
    public static async ValueTask<Totals> OfAsync(
        IHubStore store, string partition, Profile profile, IReadOnlyDictionary<string, Entity> pending, CancellationToken cancellationToken)
    {
        var shares = pending.ToDictionary(entity => entity.Key, entity => entity.Value.ContributionTo(profile.Anchor), StringComparer.Ordinal);
        return await OfAsync(store, partition, profile, shares, cancellationToken);
    }

    /// <summary>The same with one mirror as it is about to be written.</summary>
    public static ValueTask<Totals> WithMirrorAsync(
        IHubStore store, string partition, Profile profile, string mirrorId, Totals share, CancellationToken cancellationToken) =>
        OfAsync(store, partition, profile, new Dictionary<string, Totals>(StringComparer.Ordinal) { [mirrorId] = share }, cancellationToken);

    private static async ValueTask<Totals> OfAsync(
        IHubStore store, string partition, Profile profile, Dictionary<string, Totals> pending, CancellationToken cancellationToken)
    {
        var totals = new Totals();
        foreach (var share in pending.Values)
            totals.Add(share);
        await foreach (var item in AllAsync(store, partition, IdRange.StartingWith("e|"), cancellationToken))
        {
            if (!pending.ContainsKey(item.Id))
                totals.Add(Documents.ReadEntity(item.Body).ContributionTo(profile.Anchor));
        }
        foreach (var (key, eventItem) in profile.Young.Where(young => !pending.ContainsKey(ItemIds.Entity(young.Key))))
            totals.Add((await EntityItems.InEventAsync(store, partition, eventItem, cancellationToken)).ContributionTo(profile.Anchor));
        await foreach (var item in AllAsync(store, partition, IdRange.StartingWith("m|"), cancellationToken))
        {
            if (!pending.ContainsKey(item.Id))
                totals.Add(Documents.ReadMirror(item.Body).Share);
        }
        return totals;
    }

    private static async IAsyncEnumerable<StoredItem> AllAsync(
        IHubStore store, string partition, IdRange range, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await store.ReadRangeAsync(HubContainers.Profiles, partition, range, PageSize, cancellationToken);
            foreach (var item in page)
                yield return item;
            if (page.Count < PageSize)
                yield break;
            range = range.After(page[^1].Id);
        }
    }
}
