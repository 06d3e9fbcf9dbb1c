using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Intake;

/// <summary>The ledger: where every delivery and every event is.</summary>
/// <param name="Connectors">Deliveries by connector.</param>
/// <param name="Items">Events inside deliveries by connector, under the same identity.</param>
/// <param name="Rejected">Outside the sum: requests turned away, by connector and reason.</param>
/// <param name="Unenriched">Outside the sum: things pointed at that nobody could fetch.</param>
/// <param name="LastDeliveryAt">When the last delivery of a connector was received.</param>
/// <param name="OutboxPending">Events committed and not yet published.</param>
public sealed record Ledger(
    IReadOnlyDictionary<string, LedgerCounts> Connectors,
    IReadOnlyDictionary<string, LedgerCounts> Items,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, Rejection>> Rejected,
    IReadOnlyDictionary<string, long> Unenriched,
    IReadOnlyDictionary<string, DateTimeOffset?> LastDeliveryAt,
    int OutboxPending);

/// <summary>Reads the ledger: what the fold has counted, and what waits behind it, counted from the items.</summary>
public sealed class ReadLedger(
    IHubStore store, ConnectorCatalog connectors, ProcessInbox inbox, PublishEvents outbox, Rejections rejections, TimeProvider time)
{
    private const int PageSize = 500;

    /// <summary>A long line of deliveries takes time to count. A count of one that took this long is answered again for ten times as long, so that watching never slows what is watched.</summary>
    private static readonly TimeSpan LongCount = TimeSpan.FromMilliseconds(20);

    private (Ledger Ledger, long Until)? _recent;

    public async ValueTask<Ledger> HandleAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        if (_recent is { } recent && began < recent.Until)
            return recent.Ledger;
        var ledger = await ReadAsync(cancellationToken);
        var took = time.GetElapsedTime(began);
        _recent = took < LongCount || !IsLong(ledger) ? null : (ledger, time.GetTimestamp() + (long)(10 * took.TotalSeconds * time.TimestampFrequency));
        return ledger;
    }

    /// <summary>A store that is far away takes time to say that nobody waits; that is no reason to say it again.</summary>
    private static bool IsLong(Ledger ledger) => ledger.OutboxPending + ledger.Connectors.Values.Sum(one => one.Pending) >= PageSize;

    private async ValueTask<Ledger> ReadAsync(CancellationToken cancellationToken)
    {
        var counted = await CountAsync(cancellationToken);
        foreach (var connector in connectors.All)
            counted.Of(connector.Name);
        var rejected = await rejections.ReadAsync(cancellationToken);
        return new(
            counted.Connectors.ToDictionary(one => one.Key, one => one.Value.Deliveries, StringComparer.Ordinal),
            counted.Connectors.ToDictionary(one => one.Key, one => one.Value.Events, StringComparer.Ordinal),
            rejected.GroupBy(one => one.Key.Connector, StringComparer.Ordinal).ToDictionary(one => one.Key, ByReason, StringComparer.Ordinal),
            counted.Connectors.ToDictionary(one => one.Key, one => one.Value.Unenriched, StringComparer.Ordinal),
            counted.Connectors.ToDictionary(one => one.Key, one => one.Value.LastAt, StringComparer.Ordinal),
            await outbox.PendingAsync(cancellationToken));
    }

    /// <summary>What was counted up to the fold's position, and every item after it.</summary>
    internal async ValueTask<LedgerDocument> CountAsync(CancellationToken cancellationToken)
    {
        var ledger = await inbox.ReadLedgerAsync(cancellationToken);
        var (position, waiting) = (ProcessInbox.PositionOf(ledger), new HashSet<string>(StringComparer.Ordinal));
        while (true)
        {
            var page = await store.ReadFeedAsync(HubContainers.Inbox, position, PageSize, null, cancellationToken);
            foreach (var change in page.Changes)
                Wait(ledger, change.Item, waiting);
            if (!page.More)
                return ledger;
            position = page.Next;
        }
    }

    /// <summary>A delivery that the fold has not passed counts in the state it was received in, so what took it back from applied does not count yet either.</summary>
    private static void Wait(LedgerDocument ledger, StoredItem item, HashSet<string> waiting)
    {
        if (item.Id == InboxItems.Delivery)
        {
            var delivery = Delivery.Read(item.Body);
            Tally.Delivery(ledger, delivery, delivery.State);
            waiting.Add(item.Partition);
        }
        else if (item.Id != InboxItems.Transition(0) || !waiting.Contains(item.Partition) || InboxItems.ReadTransition(item.Body).From != DeliveryStates.Applied)
        {
            Tally.Note(ledger, item);
        }
    }

    private static IReadOnlyDictionary<string, Rejection> ByReason(IGrouping<string, KeyValuePair<(string Connector, RejectionReason Reason), Rejection>> group) =>
        group.ToDictionary(one => one.Key.Reason.ToString().ToLowerInvariant(), one => one.Value, StringComparer.Ordinal);
}

/// <summary>Recounts every item of the inbox from the beginning, with its state read from its effect, and compares with the ledger.</summary>
public sealed class VerifyLedger(IHubStore store, ConnectorCatalog connectors, ReadLedger ledger, FoldDelivery fold, TimeProvider time)
{
    private const int PageSize = 500;
    private const int Rounds = 5;
    private readonly Inbox _inbox = new(store, time);

    /// <summary>Repeats while deliveries are on their way; what still differs then is a fault.</summary>
    public async ValueTask<LedgerVerdict> HandleAsync(CancellationToken cancellationToken)
    {
        for (var round = 1; ; round++)
        {
            var recount = await RecountAsync(cancellationToken);
            var counted = await ledger.CountAsync(cancellationToken);
            var differences = DifferencesOf(recount, counted);
            if (differences.Count == 0 || round == Rounds)
            {
                return new(
                    differences.Count == 0 && counted.Connectors.Values.All(one => one.Deliveries.Balances && one.Events.Balances),
                    recount.Connectors.ToDictionary(one => one.Key, one => one.Value.Deliveries, StringComparer.Ordinal),
                    recount.Connectors.ToDictionary(one => one.Key, one => one.Value.Events, StringComparer.Ordinal),
                    differences);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100 * round), time, cancellationToken);
        }
    }

    private async ValueTask<LedgerDocument> RecountAsync(CancellationToken cancellationToken)
    {
        var (recount, position, evidence) = (new LedgerDocument(), FeedPosition.Beginning, new DeliveryEvidence(fold, connectors, _inbox));
        foreach (var connector in connectors.All)
            recount.Of(connector.Name);
        while (true)
        {
            var page = await store.ReadFeedAsync(HubContainers.Inbox, position, PageSize, null, cancellationToken);
            foreach (var change in page.Changes)
                await RecountAsync(recount, change.Item, evidence, cancellationToken);
            if (!page.More)
                return recount;
            position = page.Next;
        }
    }

    private static async ValueTask RecountAsync(LedgerDocument recount, StoredItem item, DeliveryEvidence evidence, CancellationToken cancellationToken)
    {
        if (item.Id == InboxItems.Delivery)
        {
            var delivery = Delivery.Read(item.Body);
            Tally.Delivery(recount, delivery, await evidence.StateAsync(delivery, cancellationToken));
        }
        else if (item.Id.StartsWith(InboxItems.DoublePrefix, StringComparison.Ordinal))
        {
            Tally.Double(recount, InboxItems.ReadDouble(item.Body));
        }
    }

    private static List<string> DifferencesOf(LedgerDocument recount, LedgerDocument counted) =>
        [.. recount.Connectors.Keys.Union(counted.Connectors.Keys, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .SelectMany(name => Differences(name, recount.Of(name), counted.Of(name)))];

    private static IEnumerable<string> Differences(string name, ConnectorCounts recount, ConnectorCounts counted)
    {
        if (recount.Deliveries != counted.Deliveries)
            yield return $"{name}: the items say {recount.Deliveries}, the ledger says {counted.Deliveries}.";
        if (recount.Events != counted.Events)
            yield return $"{name}, events: the items say {recount.Events}, the ledger says {counted.Events}.";
    }
}

/// <summary>Whether the recount agrees with the ledger.</summary>
public sealed record LedgerVerdict(
    bool Agrees, IReadOnlyDictionary<string, LedgerCounts> Connectors, IReadOnlyDictionary<string, LedgerCounts> Items, IReadOnlyList<string> Differences);
