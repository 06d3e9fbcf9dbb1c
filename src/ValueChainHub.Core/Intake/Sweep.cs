using System.Text;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Intake;

/// <summary>Brings home what a feed left behind, so that the hub is right even with every trigger switched off.</summary>
/// <remarks>
/// A trigger only wakes a job; how far the work has come is the job's own position, in the store. So first the two feeds are moved on where nobody moves them:
/// their oldest change is two minutes old and their position stands still. Then the inbox is walked two minutes behind the present, and what has no outcome is folded.
/// </remarks>
public sealed class Sweep(IHubStore store, ConnectorCatalog connectors, FoldDelivery fold, ProcessInbox inbox, PublishEvents outbox, TimeProvider time)
{
    private const string Partition = "sweep";
    private const string Cursor = "cursor";
    private const int PageSize = 200;

    /// <summary>How long a delivery may be without an outcome before the sweep takes it.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(2);

    /// <summary>A feed whose position has not moved for so long has nobody who works at it. (Two who do would do everything twice.)</summary>
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(1);

    /// <summary>Sweeps until it has caught up; answers how many deliveries it found without an outcome behind the feed.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await CatchUpAsync(inbox.LateAtAsync, inbox.RunAsync, cancellationToken);
        await CatchUpAsync(outbox.LateAtAsync, outbox.RunAsync, cancellationToken);
        return await WalkAsync(cancellationToken);
    }

    /// <summary>Does the feed's work as long as it is late and nobody else does it.</summary>
    private async Task CatchUpAsync(Func<TimeSpan, CancellationToken, ValueTask<string?>> lateAt, Func<CancellationToken, Task<bool>> run, CancellationToken cancellationToken)
    {
        if (await lateAt(Patience, cancellationToken) is not { } position)
            return;
        await Task.Delay(Standstill, time, cancellationToken);
        while (await lateAt(Patience, cancellationToken) == position && await run(cancellationToken))
        {
            if (await lateAt(Patience, cancellationToken) is not { } next)
                return;
            position = next;
        }
    }

    private async Task<int> WalkAsync(CancellationToken cancellationToken)
    {
        var (brought, evidence) = (0, new DeliveryEvidence(fold, connectors, new Inbox(store, time)));
        while (true)
        {
            var cursor = await store.ReadAsync(HubContainers.Ledger, Partition, Cursor, cancellationToken);
            var position = cursor is null ? FeedPosition.Beginning : FeedPosition.FromContinuation(Encoding.UTF8.GetString(cursor.Body.Span).Trim('"'));
            var page = await store.ReadFeedAsync(HubContainers.Inbox, position, PageSize, InboxItems.Delivery, cancellationToken);
            foreach (var change in page.Changes)
            {
                var delivery = Delivery.Read(change.Item.Body);
                if (time.GetUtcNow() - delivery.ReceivedAt < Patience)
                    return brought;
                if (await BringHomeAsync(delivery, evidence, cancellationToken))
                    brought++;
            }
            if (page.Next.Continuation == position.Continuation)
                return brought;
            var body = Encoding.UTF8.GetBytes($"\"{page.Next.Continuation}\"");
            WriteOperation write = cursor is null ? new WriteOperation.Create(Cursor, body) : new WriteOperation.Replace(Cursor, body, cursor.ETag);
            await store.CommitAsync(HubContainers.Ledger, Partition, [write], cancellationToken);
            if (!page.More)
                return brought;
        }
    }

    /// <summary>Folds a delivery without a trace of its effect. What the fold has parked has an outcome: its work.</summary>
    private async Task<bool> BringHomeAsync(Delivery delivery, DeliveryEvidence evidence, CancellationToken cancellationToken)
    {
        if (delivery.State != DeliveryStates.Pending || await evidence.StateAsync(delivery, cancellationToken) != DeliveryStates.Pending)
            return false;
        return await inbox.BringHomeAsync(delivery, cancellationToken);
    }
}
