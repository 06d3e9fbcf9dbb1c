using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Intake;

/// <summary>Counts items of the inbox into ledger counts; the same for what was folded, what still waits, and a recount from the beginning.</summary>
internal static class Tally
{
    /// <summary>A delivery, with the state it is in.</summary>
    public static void Delivery(LedgerDocument ledger, Delivery delivery, string state)
    {
        var counts = ledger.Of(delivery.Connector);
        counts.Deliveries.Received++;
        counts.Deliveries.Add(state, 1);
        counts.Events.Received += delivery.Events;
        counts.Events.Add(state, delivery.Events);
        counts.Unenriched += delivery.Unenriched;
        if (counts.LastAt is null || delivery.ReceivedAt > counts.LastAt)
            counts.LastAt = delivery.ReceivedAt;
    }

    /// <summary>A double: received, and nothing else.</summary>
    public static void Double(LedgerDocument ledger, Double value)
    {
        var counts = ledger.Of(value.Connector);
        counts.Deliveries.Received++;
        counts.Deliveries.Duplicate++;
        counts.Events.Received += value.Events;
        counts.Events.Duplicate += value.Events;
    }

    /// <summary>A delivery that went from one state to another.</summary>
    public static void Transition(LedgerDocument ledger, Transition value)
    {
        var counts = ledger.Of(value.Connector);
        counts.Deliveries.Add(value.From, -1);
        counts.Deliveries.Add(value.To, 1);
        counts.Events.Add(value.From, -value.Events);
        counts.Events.Add(value.To, value.Events);
    }

    /// <summary>A double or a move, as it stands in the inbox's feed.</summary>
    public static void Note(LedgerDocument ledger, StoredItem item)
    {
        if (item.Id.StartsWith(InboxItems.DoublePrefix, StringComparison.Ordinal))
        {
            Double(ledger, InboxItems.ReadDouble(item.Body));
        }
        else if (item.Id.StartsWith(InboxItems.TransitionPrefix, StringComparison.Ordinal))
        {
            Transition(ledger, InboxItems.ReadTransition(item.Body));
        }
    }
}
