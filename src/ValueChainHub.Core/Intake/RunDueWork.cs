using System.Security.Cryptography;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Intake;

/// <summary>Does the work that is due: folds that failed before, and fetches of what thin deliveries point at. Each connector's folds and fetches run by themselves (ADR 12).</summary>
/// <remarks>
/// Work is taken from the queue when it is done, and what it does is create-once: cut off anywhere, or run twice at once, it is done again and nothing changes.
/// While a connector's line is closed its fetches wait where they are, untouched.
/// </remarks>
public sealed class RunDueWork(IHubStore store, ConnectorCatalog connectors, FoldDelivery fold, TranslationHandover handover, WorkQueue work, TimeProvider time)
{
    private readonly Inbox _inbox = new(store, time);

    /// <summary>Taken at a time, so that a run ends soon after its time is up, however slow the vendor.</summary>
    private const int Handful = 16;

    /// <summary>Calls to one vendor at the same time.</summary>
    private const int Concurrency = 4;

    /// <summary>A rate limit that frees up so soon is waited for; any other pause ends the lane's turn.</summary>
    private static readonly TimeSpan ShortPause = TimeSpan.FromSeconds(1);

    public Task RunAsync(CancellationToken cancellationToken)
    {
        var folds = connectors.All.Select(connector => (Func<CancellationToken, Task<TimeSpan?>>)(token => FoldDueAsync(connector, token)));
        var fetches = connectors.All.OfType<IFetchConnector>().Select(connector => (Func<CancellationToken, Task<TimeSpan?>>)(token => FetchDueAsync(connector, token)));
        return new Lanes(time).RunAsync([.. folds, .. fetches], cancellationToken);
    }

    private async Task<TimeSpan?> FoldDueAsync(IConnector connector, CancellationToken cancellationToken)
    {
        var due = await work.DueAsync(WorkQueue.FoldKind, connector.Name, Handful, cancellationToken);
        foreach (var (item, stored) in due)
            await FoldAsync(item, stored, cancellationToken);
        return due.Count == 0 ? null : TimeSpan.Zero;
    }

    private async Task<TimeSpan?> FetchDueAsync(IFetchConnector connector, CancellationToken cancellationToken)
    {
        var due = await work.DueAsync(WorkQueue.FetchKind, connector.Name, Handful, cancellationToken);
        if (due.Count == 0)
            return null;
        if (connector.Line?.NotBefore is { } free)
            return free - time.GetUtcNow() is var pause && pause <= ShortPause ? (pause > TimeSpan.Zero ? pause : TimeSpan.Zero) : null;
        var options = new ParallelOptions { MaxDegreeOfParallelism = connector.Line is { Stands: false } ? 1 : Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(due.GroupBy(one => one.Work.Target, StringComparer.Ordinal), options, async (hints, token) =>
        {
            if (connector.Line?.NotBefore is null)
                await FetchAsync(connector, [.. hints], token);
        });
        return TimeSpan.Zero;
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

    /// <summary>Several hints at one thing are answered by one fetch, begun after all of them.</summary>
    private async ValueTask FetchAsync(IFetchConnector connector, IReadOnlyList<DueWork> hints, CancellationToken cancellationToken)
    {
        var one = hints.MinBy(hint => hint.Work.Attempts);
        if (!await FetchAsync(connector, one.Work, one.Item, cancellationToken))
            return;
        foreach (var other in hints.Where(hint => hint != one))
            await work.DoneAsync(other.Item, cancellationToken);
    }

    /// <summary>False when it was not asked for, because the line closed meanwhile: then it stays where it is.</summary>
    private async ValueTask<bool> FetchAsync(IFetchConnector connector, WorkItem item, StoredItem stored, CancellationToken cancellationToken)
    {
        if (!connector.CanFetch)
        {
            await work.DoneAsync(stored, cancellationToken);
            return true;
        }
        var lineStood = connector.Line?.Stands ?? true;
        switch (await FetchAsync(connector, item, cancellationToken))
        {
            case FetchOutcome.Fetched fetched:
                await StoreAsync(connector, item, fetched, cancellationToken);
                await work.DoneAsync(stored, cancellationToken);
                return true;
            case FetchOutcome.Failed { Kind: FailureKind.Throttled } throttled:
                if (connector.Line?.NotBefore is not null)
                    return false;
                await work.LaterAsync(item, stored, throttled.NotBefore, cancellationToken);
                return true;
            case FetchOutcome.Failed { Kind: FailureKind.Refused } refused:
                await work.BuryAsync(item, stored, $"{refused.Kind}: {refused.Reason}", cancellationToken);
                return true;
            case FetchOutcome.Failed failed when !lineStood:
                await work.LaterAsync(item, stored, connector.Line?.NotBefore, cancellationToken);
                return true;
            case FetchOutcome.Failed failed:
                if (!await work.AgainAsync(item, stored, failed.Reason, failed.NotBefore, cancellationToken))
                    await work.BuryAsync(item, stored, $"{failed.Kind}: {failed.Reason}", cancellationToken);
                return true;
            default:
                throw new InvalidOperationException("A fetch has one of two outcomes.");
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
