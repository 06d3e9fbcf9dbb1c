using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;

namespace ValueChainHub.Core.Intake;

/// <summary>Whether a delivery has had its effect, read from the effect itself: translated again, its events must stand where its entities live.</summary>
internal sealed class DeliveryEvidence(FoldDelivery fold, ConnectorCatalog connectors, Inbox inbox)
{
    /// <summary>The state a delivery is in, by its last move, else by what it says and what is there.</summary>
    public async ValueTask<string> StateAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var state = await StateInThisReadingAsync(delivery, cancellationToken);
        return state == DeliveryStates.Pending && await WasAppliedAsync(delivery, cancellationToken) ? DeliveryStates.Applied : state;
    }

    /// <summary>The same by the present mapping alone: for whoever folds again what has no effect yet, where a fold too many is harmless and one too few is not.</summary>
    public async ValueTask<string> StateInThisReadingAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var moves = await inbox.TransitionsAsync(delivery.Id, cancellationToken);
        var last = moves.Count == 0 ? delivery.State : moves[^1].To;
        return last == DeliveryStates.Pending && moves.Count == 0 && await IsAppliedAsync(delivery, cancellationToken) ? DeliveryStates.Applied : last;
    }

    /// <summary>All events of the delivery are there.</summary>
    public async ValueTask<bool> IsAppliedAsync(Delivery delivery, CancellationToken cancellationToken) =>
        Translated(delivery) is { } translated && await fold.IsFoldedAsync(ProcessInbox.InputOf(delivery, translated), cancellationToken);

    /// <summary>An earlier generation of the mapping read it, and as many events stand because of it as it then had (ADR 27).</summary>
    private async ValueTask<bool> WasAppliedAsync(Delivery delivery, CancellationToken cancellationToken) =>
        Translated(delivery) is { } translated
        && delivery.Generation != connectors.Find(delivery.Connector)!.MappingGeneration
        && (await inbox.TransitionsAsync(delivery.Id, cancellationToken)).Count == 0
        && await fold.CountOwnAsync(ProcessInbox.InputOf(delivery, translated), cancellationToken) >= delivery.Events;

    private Translation.Translated? Translated(Delivery delivery) => connectors.Find(delivery.Connector)?.Read(delivery.Content) as Translation.Translated;
}
