using System.Text;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Intake;

/// <summary>A delivery as ops see it.</summary>
/// <param name="Id">The hub's id of it.</param>
/// <param name="Connector">The connector's name.</param>
/// <param name="Kind">webhook, fetch, reconciled or backfill.</param>
/// <param name="Topic">The vendor's word for what happened.</param>
/// <param name="State"><see cref="DeliveryStates"/>.</param>
/// <param name="Reason">Why, where the state needs one.</param>
/// <param name="ReceivedAt">When it was received first.</param>
/// <param name="Duplicates">How often it came again.</param>
/// <param name="Headers">The headers that were kept; none is a secret.</param>
/// <param name="Events">Ids of the chain events it gives rise to.</param>
/// <param name="Trace">The trace it belongs to.</param>
/// <param name="History">Its moves from state to state, oldest first.</param>
/// <param name="Body">The body, for operators.</param>
public sealed record DeliveryDetails(
    string Id, string Connector, string Kind, string Topic, string State, string? Reason, DateTimeOffset ReceivedAt, int Duplicates,
    IReadOnlyDictionary<string, string> Headers, IReadOnlyList<string> Events, string? Trace, IReadOnlyList<DeliveryMove> History, string? Body)
{
    /// <summary>True when it repeats what the hub itself wrote at the vendor; it is answered with no write.</summary>
    public bool? Echo { get; init; }
}

/// <summary>One move of a delivery.</summary>
public sealed record DeliveryMove(string From, string To, string? Reason, DateTimeOffset At);

/// <summary>What to list. Unset members do not filter.</summary>
public sealed record DeliveryFilter(string? State, string? Connector, string? Topic, DateTimeOffset? Since);

/// <summary>What came in, and what became of it.</summary>
public sealed class ReadDeliveries(IHubStore store, ConnectorCatalog connectors, FoldDelivery fold, Identity.DerivedIds ids, TimeProvider time)
{
    private const int PageSize = 200;

    /// <summary>A list reads at most so many items of the inbox for one page; a page may be short and still have a cursor.</summary>
    private const int ReadsPerPage = 20_000;

    /// <summary>What became of a delivery takes several reads, and a store may be far away.</summary>
    private const int DescribedAtOnce = 16;

    private readonly Inbox _inbox = new(store, time);

    /// <summary>One delivery; null when there is none, or it has expired. <paramref name="withBody"/> is for operators.</summary>
    public async ValueTask<DeliveryDetails?> GetAsync(string id, bool withBody, CancellationToken cancellationToken) =>
        await _inbox.FindAsync(id, connectors, cancellationToken) is { } delivery ? await DescribeAsync(delivery, withBody, cancellationToken) : null;

    /// <summary>Deliveries in the order of their receipt.</summary>
    public async ValueTask<Page<DeliveryDetails>> ListAsync(DeliveryFilter filter, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var position = cursor is not null ? FeedPosition.FromContinuation(cursor) : filter.Since is { } since ? FeedPosition.FromTime(since) : FeedPosition.Beginning;
        var (found, read) = (new List<DeliveryDetails>(), 0);
        while (found.Count < limit && read < ReadsPerPage)
        {
            var page = await store.ReadFeedAsync(HubContainers.Inbox, position, Math.Min(PageSize, limit - found.Count), InboxItems.Delivery, cancellationToken);
            foreach (var some in page.Changes.Chunk(DescribedAtOnce))
                found.AddRange((await Task.WhenAll(some.Select(change => MatchAsync(Delivery.Read(change.Item.Body), filter, cancellationToken).AsTask()))).OfType<DeliveryDetails>());
            (position, read) = (page.Next, read + page.Changes.Count);
            if (!page.More)
                return new(found, null);
        }
        return new(found, position.Continuation);
    }

    private async ValueTask<DeliveryDetails?> MatchAsync(Delivery delivery, DeliveryFilter filter, CancellationToken cancellationToken)
    {
        if (filter.Connector is { } connector && delivery.Connector != connector)
            return null;
        if (filter.Topic is { } topic && delivery.Topic != topic)
            return null;
        if (filter.Since is { } since && delivery.ReceivedAt < since)
            return null;
        var details = await DescribeAsync(delivery, withBody: false, cancellationToken);
        return filter.State is null || details.State == filter.State ? details : null;
    }

    private async ValueTask<DeliveryDetails> DescribeAsync(Delivery delivery, bool withBody, CancellationToken cancellationToken)
    {
        var moves = await _inbox.TransitionsAsync(delivery.Id, cancellationToken);
        var state = await new DeliveryEvidence(fold, connectors, _inbox).StateAsync(delivery, cancellationToken);
        var settled = connectors.Find(delivery.Connector)?.Read(delivery.Content) is Translation.Translated translated
            ? await fold.SettleAsync(ProcessInbox.InputOf(delivery, translated), cancellationToken)
            : null;
        return new(
            delivery.Id, delivery.Connector, KindOf(delivery.Kind), delivery.Topic, state, moves.Count == 0 ? delivery.Reason : moves[^1].Reason ?? delivery.Reason,
            delivery.ReceivedAt, await _inbox.DoublesAsync(delivery.Id, cancellationToken), delivery.Headers,
            [.. (settled?.Translation.Events ?? []).Select(ids.OfEvent)], delivery.Trace,
            [.. moves.Select(move => new DeliveryMove(move.From, move.To, move.Reason, move.At))],
            withBody ? Encoding.UTF8.GetString(delivery.Body.Span) : null)
        {
            Echo = settled is { Echoes.Count: > 0 } ? true : null,
        };
    }

    private static string KindOf(DeliveryKind kind) => kind switch
    {
        DeliveryKind.Fetch => "fetch",
        DeliveryKind.Reconciled => "reconciled",
        DeliveryKind.Backfill => "backfill",
        _ => "webhook",
    };
}
