using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Replay;

/// <summary>The first walk of a replay of intake: kept deliveries are translated as the connectors read them now, and folded again.</summary>
/// <remarks>What it counts is read from the effect, so a page that is walked again after a crash counts the same: an event is new when it stands there because of this delivery and this run.</remarks>
internal sealed class ReplayIntake(ReplayScope scope, WalkDeliveries walk, TimeProvider time)
{
    private readonly Inbox _inbox = new(scope.Store, time);

    /// <summary>Folds a page; where the next one begins, null when there is none.</summary>
    public async ValueTask<(ReplayReport Report, string? Next)> FoldAsync(ReplayState replay, CancellationToken cancellationToken)
    {
        var (found, next) = await walk.PageAsync(replay, cancellationToken);
        var report = replay.Report;
        foreach (var one in found)
            report = await FoldAsync(report with { Matched = report.Matched + 1 }, replay.RunId, one, cancellationToken);
        return (report, next);
    }

    /// <summary>What the replay of a delivery has added.</summary>
    public async ValueTask<IReadOnlyList<EventHead>> AddedAsync(string runId, ReplayedDelivery one, CancellationToken cancellationToken) =>
        one.Translation is Translation.Translated translated ? await scope.Fold.OwnEventsAsync(InputOf(runId, one, translated), cancellationToken) : [];

    private async ValueTask<ReplayReport> FoldAsync(ReplayReport report, string runId, ReplayedDelivery one, CancellationToken cancellationToken)
    {
        if (one.State == DeliveryStates.Pending)
            return report with { Pending = report.Pending + 1 };
        if (one.Translation is not Translation.Translated { Events.Count: > 0 } translated || !await TryFoldAsync(InputOf(runId, one, translated), cancellationToken))
            return report with { Unread = report.Unread + 1 };
        var wasStuck = one.State != DeliveryStates.Applied;
        if (wasStuck && !one.IsRecovered)
            await RecoverAsync(runId, one, translated, cancellationToken);
        var added = await AddedAsync(runId, one, cancellationToken);
        return report with
        {
            Recovered = report.Recovered + (wasStuck ? 1 : 0),
            NewEvents = report.NewEvents + added.Count,
            SuppressedEvents = report.SuppressedEvents + translated.Events.Count - added.Count,
        };
    }

    /// <summary>What was never folded has things to fetch, too; and it is stuck no more.</summary>
    private async ValueTask RecoverAsync(string runId, ReplayedDelivery one, Translation.Translated translated, CancellationToken cancellationToken)
    {
        await scope.Work.FetchAsync(translated.Fetches, cancellationToken);
        await _inbox.MoveAsync(one.Delivery, one.State, DeliveryStates.Applied, WalkDeliveries.ReasonOf(runId), cancellationToken);
    }

    /// <summary>A delivery that cannot be folded keeps none of the others back.</summary>
    private async ValueTask<bool> TryFoldAsync(FoldInput input, CancellationToken cancellationToken)
    {
        try
        {
            await scope.Fold.HandleAsync(input, cancellationToken);
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException and not StoreUnavailableException and not OverlayFullException)
        {
            return false;
        }
    }

    private static FoldInput InputOf(string runId, ReplayedDelivery one, Translation.Translated translated) =>
        ProcessInbox.InputOf(one.Delivery, translated) with { Origin = ReplayWords.Origin, Cause = runId };
}
