using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;

namespace ValueChainHub.Core.Intake;

/// <summary>Whether a delivery has had its effect, read from the effect itself: translated again, its events must stand where its entities live.</summary>
internal sealed class DeliveryEvidence(FoldDelivery fold, ConnectorCatalog connectors, Inbox inbox)
{
    /// <summary>The state a delivery is in, by its last move, else by what it says and what is there.</summary>
    public async ValueTask<string> StateAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var moves = await inbox.TransitionsAsync(delivery.Id, cancellationToken);
        var last = moves.Count == 0 ? delivery.State : moves[^1].To;
        return last == DeliveryStates.Pending && await IsAppliedAsync(delivery, cancellationToken) && moves.Count == 0 ? DeliveryStates.Applied : last;
    }

    /// <summary>All events of the delivery are there.</summary>
    public async ValueTask<bool> IsAppliedAsync(Delivery delivery, CancellationToken cancellationToken) =>
        connectors.Find(delivery.Connector)?.Translate(delivery.Content) is Translation.Translated translated
        && await fold.IsFoldedAsync(ProcessInbox.InputOf(delivery, translated), cancellationToken);
}
