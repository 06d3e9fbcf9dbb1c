using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Chain;

/// <summary>The chain events as they were emitted, in order within each customer.</summary>
public sealed class ReadEvents(IHubStore store)
{
    private const int PageSize = 500;

    /// <summary>Events after a cursor (null: from the beginning), and the cursor to read on from; it is answered also when there are none, so that a reader can wait there.</summary>
    /// <exception cref="ContinuationExpiredException">The cursor is not of this hub, or retention has passed it.</exception>
    public async ValueTask<Page<ReadOnlyMemory<byte>>> ReadAsync(string? after, int limit, CancellationToken cancellationToken)
    {
        var position = PositionOf(after);
        var events = new List<ReadOnlyMemory<byte>>();
        while (events.Count < limit)
        {
            var page = await store.ReadFeedAsync(HubContainers.Profiles, position, Math.Min(PageSize, limit - events.Count), ItemIds.EventPrefix, cancellationToken);
            events.AddRange(page.Changes.Select(change => EventItems.EventOf(change.Item.Body)));
            position = page.Next;
            if (!page.More)
                break;
        }
        return new(events, position.Continuation);
    }

    /// <summary>Waits until there may be events after the cursor.</summary>
    public ValueTask WaitAsync(string? after, TimeSpan patience, CancellationToken cancellationToken) =>
        store.WaitForChangesAsync(HubContainers.Profiles, PositionOf(after), patience, cancellationToken);

    private static FeedPosition PositionOf(string? after) => after is null ? FeedPosition.Beginning : FeedPosition.FromContinuation(after);
}
