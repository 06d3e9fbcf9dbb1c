using System.Security.Cryptography;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Intake;

/// <summary>Does the work that is due: folds that failed before, and fetches of what thin deliveries point at.</summary>
public sealed class RunDueWork(IHubStore store, ConnectorCatalog connectors, FoldDelivery fold, TranslationHandover handover, WorkQueue work, TimeProvider time)
{
    private readonly Inbox _inbox = new(store, time);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var (item, stored) in await work.DueAsync(WorkQueue.FoldKind, cancellationToken))
            await FoldAsync(item, stored, cancellationToken);
        foreach (var (item, stored) in await work.DueAsync(WorkQueue.FetchKind, cancellationToken))
            await FetchAsync(item, stored, cancellationToken);
    }

    private async Task FoldAsync(WorkItem item, StoredItem stored, CancellationToken cancellationToken)
    {
        if (await _inbox.FindAsync(item.Target, cancellationToken) is not { } delivery)
        {
            await work.DoneAsync(stored, cancellationToken);
            return;
        }
        try
        {
            await RefoldAsync(delivery, cancellationToken);
            await _inbox.MoveAsync(delivery, DeliveryStates.Pending, DeliveryStates.Applied, null, cancellationToken);
            await work.DoneAsync(stored, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            if (await work.AgainAsync(item, stored, WorkQueue.ReasonOf(failure), null, cancellationToken))
                return;
            await _inbox.MoveAsync(delivery, DeliveryStates.Pending, DeliveryStates.DeadLettered, WorkQueue.ReasonOf(failure), cancellationToken);
            await work.DoneAsync(stored, cancellationToken);
        }
    }

    private async Task RefoldAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        if (connectors.Find(delivery.Connector)?.Translate(delivery.Content) is not Translation.Translated translated)
            throw new InvalidOperationException("The connector is not configured or no longer reads this delivery.");
        await fold.HandleAsync(ProcessInbox.InputOf(delivery, translated), cancellationToken);
        await work.FetchAsync(translated.Fetches, cancellationToken);
    }

    private async Task FetchAsync(WorkItem item, StoredItem stored, CancellationToken cancellationToken)
    {
        if (connectors.Find(item.Connector) is not IFetchConnector { CanFetch: true } connector)
        {
            await work.DoneAsync(stored, cancellationToken);
            return;
        }
        switch (await FetchAsync(connector, item, cancellationToken))
        {
            case FetchOutcome.Fetched fetched:
                await StoreAsync(connector, item, fetched, cancellationToken);
                await work.DoneAsync(stored, cancellationToken);
                break;
            case FetchOutcome.Failed { Kind: FailureKind.Throttled, NotBefore: { } later }:
                await work.LaterAsync(item, stored, later, cancellationToken);
                break;
            case FetchOutcome.Failed failed when failed.Kind.MayRetry():
                if (!await work.AgainAsync(item, stored, failed.Reason, failed.NotBefore, cancellationToken))
                    await work.BuryAsync(item, stored, failed.Reason, cancellationToken);
                break;
            case FetchOutcome.Failed refused:
                await work.BuryAsync(item, stored, $"{refused.Kind}: {refused.Reason}", cancellationToken);
                break;
        }
    }

    private static async Task<FetchOutcome> FetchAsync(IFetchConnector connector, WorkItem item, CancellationToken cancellationToken)
    {
        try
        {
            return await connector.FetchAsync(new FetchRequest(connector.Name, item.Target, item.Reason ?? ""), cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new FetchOutcome.Failed(FailureKind.Unavailable, WorkQueue.ReasonOf(failure));
        }
    }

    /// <summary>The vendor's answer becomes a delivery of its own, under the digest of what it says: the same state fetched twice is one delivery.</summary>
    private async ValueTask StoreAsync(IFetchConnector connector, WorkItem item, FetchOutcome.Fetched fetched, CancellationToken cancellationToken)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(fetched.Body.Span).AsSpan(0, 16));
        var delivery = handover.Judge(connector, new Delivery
        {
            Id = Delivery.IdOf(connector.Name, $"fetch-{item.Target.Replace('/', '-')}-{digest}"),
            Connector = connector.Name,
            Kind = DeliveryKind.Fetch,
            Topic = fetched.Topic,
            Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase),
            Body = fetched.Body,
            ReceivedAt = time.GetUtcNow(),
            State = DeliveryStates.Pending,
        });
        await store.CommitAsync(
            HubContainers.Inbox, delivery.Id, [new WriteOperation.Create(InboxItems.Delivery, delivery.Write(), HubContainers.InboxRetention)], cancellationToken);
    }
}
