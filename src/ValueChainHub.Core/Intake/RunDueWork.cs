using System.Security.Cryptography;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Intake;

/// <summary>Does the work that is due: folds that failed before, fetches of what thin deliveries point at, and what destinations are to be told. Each connector's folds, fetches and writes run by themselves (ADR 12).</summary>
/// <remarks>
/// Work is taken from the queue when it is done, and what it does is create-once: cut off anywhere, or run twice at once, it is done again and nothing changes.
/// While a connector's line is closed its fetches wait where they are, untouched.
/// </remarks>
public sealed class RunDueWork(IHubStore store, ConnectorCatalog connectors, FoldDelivery fold, TranslationHandover handover, WorkQueue work, TimeProvider time, DeliverDueWork? deliver = null)
{
    private readonly Inbox _inbox = new(store, time);
    private readonly KeepAnswers _answers = new(store, handover, time);

    public Task RunAsync(CancellationToken cancellationToken)
    {
        var folds = connectors.All.Select(connector => (Func<CancellationToken, Task<TimeSpan?>>)(token => FoldDueAsync(connector, token)));
        var fetches = connectors.All.OfType<IFetchConnector>().Select(connector => (Func<CancellationToken, Task<TimeSpan?>>)(token => FetchDueAsync(connector, token)));
        return new Lanes(time).RunAsync([.. folds, .. fetches, .. deliver?.Lanes() ?? []], cancellationToken);
    }

    private async Task<TimeSpan?> FoldDueAsync(IConnector connector, CancellationToken cancellationToken)
    {
        var due = await work.DueAsync(WorkQueue.FoldKind, connector.Name, VendorTurn.Handful, cancellationToken);
        foreach (var (item, stored) in due)
            await FoldAsync(item, stored, cancellationToken);
        return due.Count == 0 ? null : TimeSpan.Zero;
    }

    private async Task<TimeSpan?> FetchDueAsync(IFetchConnector connector, CancellationToken cancellationToken)
    {
        var due = await work.DueAsync(WorkQueue.FetchKind, connector.Name, VendorTurn.Handful, cancellationToken);
        return await VendorTurn.TakeAsync(
            connector, [.. due.GroupBy(one => one.Work.Target, StringComparer.Ordinal)], time, (hints, token) => FetchAsync(connector, [.. hints], token), cancellationToken);
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
            if (await _inbox.MoveAsync(delivery, DeliveryStates.Pending, DeliveryStates.DeadLettered, WorkQueue.ReasonOf(failure), cancellationToken))
                HubTelemetry.CountDeadLetter("intake", delivery.Connector);
            await work.DoneAsync(stored, cancellationToken);
        }
    }

    private async Task RefoldAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        if (connectors.Find(delivery.Connector)?.Read(delivery.Content) is not Translation.Translated translated)
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
                await work.SucceededAsync(item, cancellationToken);
                await work.DoneAsync(stored, cancellationToken);
                return true;
            case FetchOutcome.Failed failed:
                return await FailAsync(item, stored, failed, VendorTurn.After(connector.Line, lineStood, failed.Kind, failed.NotBefore), cancellationToken);
            default:
                throw new InvalidOperationException("A fetch has one of two outcomes.");
        }
    }

    private async ValueTask<bool> FailAsync(WorkItem item, StoredItem stored, FetchOutcome.Failed failed, AfterFailure next, CancellationToken cancellationToken)
    {
        switch (next)
        {
            case AfterFailure.Stay:
                return false;
            case AfterFailure.Later later:
                await work.LaterAsync(item, stored, later.NotBefore, cancellationToken);
                return true;
            case AfterFailure.Again again when await work.AgainAsync(item, stored, failed.Reason, again.NotBefore, cancellationToken):
                return true;
            default:
                await work.BuryAsync(item, stored, $"{failed.Kind}: {failed.Reason}", cancellationToken);
                return true;
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
        await _answers.KeepAsync(connector, DeliveryKind.Fetch, new($"fetch-{item.Target.Replace('/', '-')}-{digest}", fetched.Topic, fetched.Body), cancellationToken);
    }
}
