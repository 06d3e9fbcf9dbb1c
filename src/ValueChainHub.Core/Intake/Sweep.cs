using System.Text;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Intake;

/// <summary>Brings home what a feed left behind: walks the inbox two minutes behind the present and folds what has no outcome, so that the hub is right even with its trigger switched off.</summary>
public sealed class Sweep(IHubStore store, ConnectorCatalog connectors, FoldDelivery fold, WorkQueue work, TimeProvider time)
{
    private const string Partition = "sweep";
    private const string Cursor = "cursor";
    private const int PageSize = 200;

    /// <summary>How long a delivery may be without an outcome before the sweep takes it.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(2);

    /// <summary>Sweeps until it has caught up; answers how many deliveries it had to bring home.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
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
        if (delivery.State != DeliveryStates.Pending || await evidence.StateInThisReadingAsync(delivery, cancellationToken) != DeliveryStates.Pending)
            return false;
        if (connectors.Find(delivery.Connector)?.Read(delivery.Content) is not Translation.Translated translated)
            return false;
        // Before the fold: what is folded counts as home, so a crash in between would leave its fetches behind for ever.
        await work.FetchAsync(translated.Fetches, cancellationToken);
        await fold.HandleAsync(ProcessInbox.InputOf(delivery, translated), cancellationToken);
        return true;
    }
}
