using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Intake;

/// <summary>The feed of the inbox: folds every delivery, counts every item, and moves the position on, in one write under its etag.</summary>
/// <remarks>Never throws for a delivery: each is done, or parked as work, before the position moves. A crash folds the batch again, which changes nothing.</remarks>
public sealed class ProcessInbox(
    IHubStore store, ConnectorCatalog connectors, FoldDelivery fold, TranslationHandover handover, WorkQueue work, TimeProvider time, IntakePressure? pressure = null)
{
    public const string Partition = "inbox";
    private const string Cursor = "cursor";
    private const int BatchSize = 256;
    private const int Concurrency = 64;
    private readonly Inbox _inbox = new(store, time);

    /// <summary>Folds one batch. False when there was nothing to do.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var cursor = await store.ReadAsync(HubContainers.Ledger, Partition, Cursor, cancellationToken);
        var ledger = cursor is null ? new LedgerDocument() : LedgerDocument.Read(cursor.Body);
        var page = await store.ReadFeedAsync(HubContainers.Inbox, PositionOf(ledger), BatchSize, null, cancellationToken);
        if (page.Changes.Count == 0)
            return false;
        await FoldAsync(page.Changes, ledger, cancellationToken);
        var next = (ledger with { Continuation = page.Next.Continuation }).Write();
        WriteOperation write = cursor is null ? new WriteOperation.Create(Cursor, next) : new WriteOperation.Replace(Cursor, next, cursor.ETag);
        await store.CommitAsync(HubContainers.Ledger, Partition, [write], cancellationToken);
        if (pressure is not null)
            await pressure.GiveWayAsync(began, cancellationToken);
        return true;
    }

    /// <summary>Waits until the inbox may have changed.</summary>
    public async Task WaitAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var cursor = await store.ReadAsync(HubContainers.Ledger, Partition, Cursor, cancellationToken);
        var position = cursor is null ? FeedPosition.Beginning : PositionOf(LedgerDocument.Read(cursor.Body));
        await store.WaitForChangesAsync(HubContainers.Inbox, position, patience, cancellationToken);
    }

    /// <summary>Where the feed stands when the first delivery that it has not passed was received so long ago; null when it keeps up.</summary>
    public async ValueTask<string?> LateAtAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var position = PositionOf(await ReadLedgerAsync(cancellationToken));
        var page = await store.ReadFeedAsync(HubContainers.Inbox, position, 1, InboxItems.Delivery, cancellationToken);
        var isLate = page.Changes is [var oldest, ..] && time.GetUtcNow() - Delivery.Read(oldest.Item.Body).ReceivedAt >= patience;
        return isLate ? position.Continuation ?? "" : null;
    }

    /// <summary>The ledger as far as the fold has come.</summary>
    internal async ValueTask<LedgerDocument> ReadLedgerAsync(CancellationToken cancellationToken) =>
        await store.ReadAsync(HubContainers.Ledger, Partition, Cursor, cancellationToken) is { } cursor ? LedgerDocument.Read(cursor.Body) : new LedgerDocument();

    internal static FeedPosition PositionOf(LedgerDocument ledger) =>
        ledger.Continuation is { } continuation ? FeedPosition.FromContinuation(continuation) : FeedPosition.Beginning;

    /// <summary>Deliveries that name the same person run one after the other; all others at the same time.</summary>
    private async Task FoldAsync(IReadOnlyList<FeedChange> changes, LedgerDocument ledger, CancellationToken cancellationToken)
    {
        var pending = new List<PendingFold>();
        foreach (var change in changes)
        {
            if (change.Item.Id == InboxItems.Delivery)
                Sort(Delivery.Read(change.Item.Body), ledger, pending);
            else
                Tally.Note(ledger, change.Item);
        }
        await ScheduleAsync(changes, cancellationToken);
        var groups = pending.GroupBy(one => one.Group);
        await Parallel.ForEachAsync(groups, new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken }, async (group, token) =>
        {
            foreach (var one in group)
                await FoldAsync(one, token);
        });
        await fold.NameAsync(pending.SelectMany(one => one.Names), cancellationToken);
        foreach (var one in pending)
            Tally.Delivery(ledger, one.Delivery, DeliveryStates.Applied);
    }

    /// <summary>What was parked is tried again. Its work comes from the item that says so, when the feed passes it: so there is no parked delivery without work, wherever a crash cuts.</summary>
    private async Task ScheduleAsync(IReadOnlyList<FeedChange> changes, CancellationToken cancellationToken)
    {
        foreach (var item in changes.Select(change => change.Item).Where(item => item.Id.StartsWith(InboxItems.TransitionPrefix, StringComparison.Ordinal)))
        {
            if (InboxItems.ReadTransition(item.Body) is { To: DeliveryStates.Pending } parked)
                await work.ParkAsync(item.Partition, parked.Reason ?? "", parked.At, cancellationToken);
        }
    }

    private void Sort(Delivery delivery, LedgerDocument ledger, List<PendingFold> pending)
    {
        if (delivery.State == DeliveryStates.Pending && connectors.Find(delivery.Connector) is { } connector)
            pending.Add(new(delivery, handover.Take(connector, delivery)));
        else
            Tally.Delivery(ledger, delivery, delivery.State);
    }

    private async ValueTask FoldAsync(PendingFold one, CancellationToken cancellationToken)
    {
        try
        {
            if (one.Translation is not Translation.Translated translated)
                throw new InvalidOperationException("The connector no longer reads this delivery.");
            using var activity = HubTelemetry.StartUnder("fold delivery", System.Diagnostics.ActivityKind.Consumer, one.Delivery.Trace);
            one.Names = await fold.FoldAsync(InputOf(one.Delivery, translated), cancellationToken);
            await work.FetchAsync(translated.Fetches, cancellationToken);
            HubTelemetry.Folded.Add(1, new("connector", one.Delivery.Connector), new("outcome", "applied"));
            HubTelemetry.FoldDelay.Record((time.GetUtcNow() - one.Delivery.ReceivedAt).TotalSeconds);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            await _inbox.ParkAsync(one.Delivery.Id, one.Delivery.Connector, one.Delivery.Events, WorkQueue.ReasonOf(failure), cancellationToken);
            HubTelemetry.Folded.Add(1, new("connector", one.Delivery.Connector), new("outcome", "parked"));
        }
    }

    internal static FoldInput InputOf(Delivery delivery, Translation.Translated translated) =>
        new(translated, delivery.Connector, delivery.Id, delivery.ReceivedAt, OriginOf(delivery.Kind), Trace: delivery.Trace);

    private static string OriginOf(DeliveryKind kind) => kind switch
    {
        DeliveryKind.Reconciled => "reconciled",
        DeliveryKind.Backfill => "backfill",
        _ => "live",
    };

    private sealed class PendingFold(Delivery delivery, Translation translation)
    {
        public Delivery Delivery { get; } = delivery;

        public Translation Translation { get; } = translation;

        public string Group { get; } = translation is Translation.Translated translated ? GroupOf(translated) : "";

        /// <summary>What its fold left to be kept with those of the batch.</summary>
        public IReadOnlyList<NamedEntity> Names { get; set; } = [];

        private static string GroupOf(Translation.Translated translated) =>
            translated.Identity.Anchor is { } anchor ? $"{anchor.Kind}:{anchor.Value}" : translated.Entities.Count > 0 ? translated.Entities[0].Key.ToString() : "";
    }
}
