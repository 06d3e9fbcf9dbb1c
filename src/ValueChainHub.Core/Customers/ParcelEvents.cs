using System.Globalization;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>What carriers say of a parcel, in the timeline of whoever owns an order that names it; whichever came first (ADR 11).</summary>
/// <remarks>
/// A parcel's events live with the parcel. Copies are left with every owner that an order naming it ever had; whether one is shown is decided when the timeline is read,
/// from the orders as they are then. So the timeline is a function of the set of deliveries, and nothing has to be taken back.
/// </remarks>
internal sealed class ParcelEvents(IHubStore store, DerivedIds ids, CustomerDirectory directory)
{
    private const int CacheSize = 50_000;
    private const int PageSize = 100;
    private const int CopiesPerCommit = 40;

    /// <summary>Copies are left once and never change.</summary>
    private readonly BoundedCache<(string Profile, string Item), byte> _left = new(CacheSize);

    /// <summary>Leaves the parcel's events with the order's owner, and tells once if one of them was emitted without saying whose it is (SEMANTICS 6).</summary>
    public async ValueTask ShowAsync(EntityKey parcel, Entity order, FoldInput input, CancellationToken cancellationToken)
    {
        if (order.Owner is not { } owner)
            return;
        var (profileId, partition, range) = (ids.Of(owner), ids.OfOwnHome(parcel), IdRange.StartingWith(ItemIds.EventPrefix));
        while (true)
        {
            var page = await store.ReadRangeAsync(HubContainers.Profiles, partition, range, PageSize, cancellationToken);
            foreach (var items in page.Where(item => !_left.TryGet((profileId, item.Id), out _)).Chunk(CopiesPerCommit))
                await LeaveAsync(items, profileId, parcel, order, input, cancellationToken);
            if (page.Count < PageSize)
                return;
            range = range.After(page[^1].Id);
        }
    }

    /// <summary>Whose each event of a parcel is, as known now: nobody's when no order names the parcel, or orders of several people do.</summary>
    public async ValueTask<IReadOnlyDictionary<ChainEventDraft, EventOwner>> OwnersAsync(EntityKey parcel, IEnumerable<ChainEventDraft> drafts, CancellationToken cancellationToken)
    {
        var owners = new Dictionary<ChainEventDraft, EventOwner>(ReferenceEqualityComparer.Instance);
        var orders = await OrdersAsync(parcel, cancellationToken);
        foreach (var draft in orders.Count == 0 ? [] : drafts)
        {
            var named = orders.Where(order => ParcelTracking.Names(order, parcel, draft.Time)).Select(order => order.Owner).OfType<Identifier>().Distinct().ToList();
            if (named is [var owner])
                owners[draft] = new(ids.Of(owner), await directory.CustomerIdAsync(ids.Of(owner), cancellationToken));
        }
        return owners;
    }

    /// <summary>Is a copy of a parcel's event the customer's to see: does an order that they own now name the parcel, at the time of the event?</summary>
    public async ValueTask<bool> BelongsAsync(Customer customer, EntityKey parcel, EventHead happened, CancellationToken cancellationToken)
    {
        var orders = await OrdersAsync(parcel, cancellationToken);
        return orders.Any(order => order.Owner is { } owner && customer.Profiles.ContainsKey(ids.Of(owner)) && ParcelTracking.Names(order, parcel, TimeOf(happened)));
    }

    private async ValueTask LeaveAsync(StoredItem[] items, string profileId, EntityKey parcel, Entity order, FoldInput input, CancellationToken cancellationToken)
    {
        if (items.Select(item => CloudEvent.ReadHead(item.Body)).Any(head => head.Profile is null && ParcelTracking.Names(order, parcel, TimeOf(head))))
            await TellAsync(parcel, profileId, input, cancellationToken);
        await store.CommitAsync(HubContainers.Profiles, profileId, [.. items.Select(item => new WriteOperation.Put(ItemIds.CopyOf(item.Id), item.Body))], cancellationToken);
        foreach (var item in items)
            _left.Set((profileId, item.Id), 0);
    }

    private async ValueTask TellAsync(EntityKey parcel, string profileId, FoldInput input, CancellationToken cancellationToken)
    {
        var customerId = await directory.CustomerIdAsync(profileId, cancellationToken);
        var draft = new ChainEventDraft(EventCatalogue.CustomerLinked, parcel, null, ChainJson.Write(new IdentityChange(profileId, null, customerId, parcel.ToString())));
        var eventId = ids.OfNotice(EventCatalogue.CustomerLinked, parcel.ToString(), profileId);
        if (await EventItems.ExistsAsync(store, profileId, draft, eventId, cancellationToken))
            return;
        var operations = new List<WriteOperation>();
        EventItems.Append(operations, draft, input.Envelope(eventId, profileId, customerId));
        await store.CommitAsync(HubContainers.Profiles, profileId, operations, cancellationToken);
    }

    /// <summary>The orders that ever left their address with the parcel, as they are now.</summary>
    private async ValueTask<List<Entity>> OrdersAsync(EntityKey parcel, CancellationToken cancellationToken)
    {
        var (orders, range) = (new List<Entity>(), IdRange.StartingWith(ItemIds.AttachmentPrefix));
        while (true)
        {
            var page = await store.ReadRangeAsync(HubContainers.Profiles, ids.OfOwnHome(parcel), range, PageSize, cancellationToken);
            foreach (var home in page.Select(item => Documents.ReadHome(item.Body)))
            {
                if (await EntityItems.FindAsync(store, home.Partition, EntityKey.Parse(home.Entity), null, cancellationToken) is { } order)
                    orders.Add(order);
            }
            if (page.Count < PageSize)
                return orders;
            range = range.After(page[^1].Id);
        }
    }

    /// <summary>The vendor's time; none where only the receipt is known.</summary>
    private static DateTimeOffset? TimeOf(EventHead happened) =>
        happened.Attributes.ContainsKey("timesource") ? null : DateTimeOffset.Parse(happened.Attributes["time"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}

/// <summary>Whose an event is.</summary>
internal readonly record struct EventOwner(string Profile, string Customer);
