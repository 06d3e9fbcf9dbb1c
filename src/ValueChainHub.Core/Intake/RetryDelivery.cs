using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Intake;

/// <summary>What became of an operator's act on a delivery.</summary>
public abstract record DeliveryAct
{
    private DeliveryAct() { }

    /// <summary>Done; the delivery is in <paramref name="State"/> now.</summary>
    public sealed record Done(string State, string? Reason) : DeliveryAct;

    public sealed record Unknown : DeliveryAct;

    /// <summary>The delivery is in a state that the act does not fit, or somebody else moved it at the same time.</summary>
    public sealed record Unfit(string State) : DeliveryAct;
}

/// <summary>A stuck delivery is tried again, now: after a mapping was mended, a secret set, a store back.</summary>
public sealed class RetryDelivery(IHubStore store, ConnectorCatalog connectors, FoldDelivery fold, WorkQueue work, TimeProvider time)
{
    private readonly Inbox _inbox = new(store, time);

    public async ValueTask<DeliveryAct> HandleAsync(string id, CancellationToken cancellationToken)
    {
        if (await _inbox.FindAsync(id, connectors, cancellationToken) is not { } delivery)
            return new DeliveryAct.Unknown();
        var state = await new DeliveryEvidence(fold, connectors, _inbox).StateAsync(delivery, cancellationToken);
        if (state == DeliveryStates.Applied)
            return new DeliveryAct.Unfit(state);
        switch (connectors.Find(delivery.Connector)?.Read(delivery.Content))
        {
            case Translation.Translated { Events.Count: > 0 } translated:
                return await FoldAsync(delivery, state, translated, cancellationToken);
            case Translation.Unreadable unreadable:
                return await MoveAsync(delivery, state, DeliveryStates.Quarantined, unreadable.Reason, cancellationToken);
            case Translation.Suppressed suppressed:
                return await MoveAsync(delivery, state, DeliveryStates.Suppressed, suppressed.Reason, cancellationToken);
            case null:
                return await MoveAsync(delivery, state, state, "The connector is not configured.", cancellationToken);
            default:
                return await MoveAsync(delivery, state, DeliveryStates.Suppressed, "It states nothing that the hub tells.", cancellationToken);
        }
    }

    private async ValueTask<DeliveryAct> FoldAsync(Delivery delivery, string state, Translation.Translated translated, CancellationToken cancellationToken)
    {
        try
        {
            await fold.HandleAsync(ProcessInbox.InputOf(delivery, translated), cancellationToken);
            await work.FetchAsync(translated.Fetches, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException and not StoreUnavailableException)
        {
            return await MoveAsync(delivery, state, DeliveryStates.DeadLettered, WorkQueue.ReasonOf(failure), cancellationToken);
        }
        return await MoveAsync(delivery, state, DeliveryStates.Applied, null, cancellationToken);
    }

    private async ValueTask<DeliveryAct> MoveAsync(Delivery delivery, string from, string to, string? reason, CancellationToken cancellationToken)
    {
        var moves = await _inbox.TransitionsAsync(delivery.Id, cancellationToken);
        if (from == to || (from == DeliveryStates.Pending && moves.Count == 0))
            return new DeliveryAct.Done(to, reason);
        return await _inbox.MoveAsync(delivery, from, to, reason, cancellationToken) ? new DeliveryAct.Done(to, reason) : new DeliveryAct.Unfit(from);
    }
}

/// <summary>A person has looked at a stuck delivery and gives it up: from now on it counts as suppressed, with the reason. It stays on record and can be retried.</summary>
public sealed class DiscardDelivery(IHubStore store, ConnectorCatalog connectors, FoldDelivery fold, TimeProvider time)
{
    private readonly Inbox _inbox = new(store, time);

    public async ValueTask<DeliveryAct> HandleAsync(string id, string? reason, CancellationToken cancellationToken)
    {
        if (await _inbox.FindAsync(id, connectors, cancellationToken) is not { } delivery)
            return new DeliveryAct.Unknown();
        var state = await new DeliveryEvidence(fold, connectors, _inbox).StateAsync(delivery, cancellationToken);
        if (state is not (DeliveryStates.Quarantined or DeliveryStates.DeadLettered))
            return new DeliveryAct.Unfit(state);
        var told = reason is null ? "Discarded by an operator." : "Discarded: " + reason;
        return await _inbox.MoveAsync(delivery, state, DeliveryStates.Suppressed, told, cancellationToken)
            ? new DeliveryAct.Done(DeliveryStates.Suppressed, told)
            : new DeliveryAct.Unfit(state);
    }
}
