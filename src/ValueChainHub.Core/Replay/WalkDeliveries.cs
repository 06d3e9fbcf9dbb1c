using System.Globalization;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Replay;

/// <summary>A delivery that a replay is about.</summary>
/// <param name="Delivery">The delivery as it is kept.</param>
/// <param name="Translation">What it says, read by the connector as it is now; null where nobody reads it.</param>
/// <param name="State">The state it was in before this replay touched it.</param>
/// <param name="IsRecovered">This replay has moved it already.</param>
internal sealed record ReplayedDelivery(Intake.Delivery Delivery, Translation? Translation, string State, bool IsRecovered);

/// <summary>Finds the kept deliveries that a filter fits, page by page, the same ones whenever it is walked.</summary>
internal sealed class WalkDeliveries(ReplayScope scope, ConnectorCatalog connectors, TimeProvider time)
{
    private const int PageSize = 200;

    private readonly Inbox _inbox = new(scope.Store, time);

    /// <summary>The reason of a move that a replay made.</summary>
    public static string ReasonOf(string runId) => "Replayed: " + runId;

    /// <summary>A page and where the next one begins; null when there is none.</summary>
    public async ValueTask<(IReadOnlyList<ReplayedDelivery> Found, string? Next)> PageAsync(ReplayState replay, CancellationToken cancellationToken)
    {
        var (deliveries, next) = replay.Filter.Deliveries is { } named
            ? await NamedAsync(named, replay.Position.After, cancellationToken)
            : await KeptAsync(replay, cancellationToken);
        var found = new List<ReplayedDelivery>();
        foreach (var delivery in deliveries)
        {
            if (await MatchAsync(replay, delivery, cancellationToken) is { } match)
                found.Add(match);
        }
        return (found, next);
    }

    private async ValueTask<(IReadOnlyList<Intake.Delivery> Deliveries, string? Next)> NamedAsync(IReadOnlyList<string> named, string? after, CancellationToken cancellationToken)
    {
        var (found, from) = (new List<Intake.Delivery>(), after is null ? 0 : int.Parse(after, CultureInfo.InvariantCulture));
        foreach (var id in named.Distinct(StringComparer.Ordinal).Skip(from).Take(PageSize))
        {
            if (await _inbox.FindAsync(id, connectors, cancellationToken) is { } delivery)
                found.Add(delivery);
        }
        return (found, from + PageSize < named.Count ? (from + PageSize).ToString(CultureInfo.InvariantCulture) : null);
    }

    private async ValueTask<(IReadOnlyList<Intake.Delivery> Deliveries, string? Next)> KeptAsync(ReplayState replay, CancellationToken cancellationToken)
    {
        var position = replay.Position.After is { } after ? FeedPosition.FromContinuation(after) : replay.Filter.Since is { } since ? FeedPosition.FromTime(since) : FeedPosition.Beginning;
        var page = await scope.Store.ReadFeedAsync(HubContainers.Inbox, position, PageSize, InboxItems.Delivery, cancellationToken);
        return ([.. page.Changes.Select(change => Intake.Delivery.Read(change.Item.Body))], page.More ? page.Next.Continuation : null);
    }

    private async ValueTask<ReplayedDelivery?> MatchAsync(ReplayState replay, Intake.Delivery delivery, CancellationToken cancellationToken)
    {
        var filter = replay.Filter;
        if (!replay.Covers(delivery.ReceivedAt) || (filter.Connector is { } connector && delivery.Connector != connector) || (filter.Topic is { } topic && delivery.Topic != topic))
            return null;
        var translation = connectors.Find(delivery.Connector)?.Read(delivery.Content);
        if (filter.Type is { } type && (translation as Translation.Translated)?.Events.Any(draft => draft.Type == type) != true)
            return null;
        if (replay.Position.Profiles is { } profiles
            && (translation is not Translation.Translated translated || !(await scope.Fold.PartitionsAsync(translated, cancellationToken)).Overlaps(profiles)))
            return null;
        var (state, isRecovered) = await StateAsync(replay, delivery, translation, cancellationToken);
        var fits = filter.State is { } asked ? state == asked : filter.Deliveries is not null || state != DeliveryStates.Suppressed;
        return fits ? new(delivery, translation, state, isRecovered) : null;
    }

    /// <summary>
    /// By its moves but for those of this replay; else by its effect. What has lain longer than a sweep waits was folded, though its events may not be found by what the connector reads now: a mapping
    /// that changed since is why it is replayed.
    /// </summary>
    private async ValueTask<(string State, bool IsRecovered)> StateAsync(ReplayState replay, Intake.Delivery delivery, Translation? translation, CancellationToken cancellationToken)
    {
        var moves = await _inbox.TransitionsAsync(delivery.Id, cancellationToken);
        if (moves.Count > 0)
            return moves[^1].Reason == ReasonOf(replay.RunId) ? (moves[^1].From, true) : (moves[^1].To, false);
        if (delivery.State != DeliveryStates.Pending || replay.StartedAt - delivery.ReceivedAt >= Sweep.Patience)
            return (delivery.State == DeliveryStates.Pending ? DeliveryStates.Applied : delivery.State, false);
        var isApplied = translation is Translation.Translated translated && await scope.Fold.IsFoldedAsync(ProcessInbox.InputOf(delivery, translated), cancellationToken);
        return (isApplied ? DeliveryStates.Applied : DeliveryStates.Pending, false);
    }
}
