namespace ValueChainHub.EndToEnd.Tests.Support;

/// <summary>The ledger as it is answered.</summary>
internal sealed record Ledger(
    IReadOnlyDictionary<string, LedgerLine> Connectors, IReadOnlyDictionary<string, LedgerLine> Items, Outbox Outbox, IReadOnlyDictionary<string, DestinationLine> Deliveries)
{
    public bool IsSettled => Outbox.Pending == 0 && Connectors.Values.Concat(Items.Values).All(line => line.Pending == 0);

    public LedgerLine Of(string connector) => Connectors[connector];

    public void ShouldBalance()
    {
        Connectors.ShouldNotBeEmpty();
        foreach (var (name, line) in Connectors.Concat(Items))
        {
            line.Received.ShouldBe(line.Applied + line.Duplicate + line.Quarantined + line.DeadLettered + line.Suppressed + line.Pending, $"{name}: {line}");
            line.Pending.ShouldBe(0, name);
        }
        Outbox.Pending.ShouldBe(0);
    }
}

/// <summary>Where the deliveries of one connector, or the events in them, are. <paramref name="Rejected"/> is outside the sum.</summary>
internal sealed record LedgerLine(
    long Received, long Applied, long Duplicate, long Quarantined, long DeadLettered, long Suppressed, long Pending, IReadOnlyDictionary<string, long>? Rejected = null);

internal sealed record Outbox(long Pending);

/// <summary>What goes to one destination.</summary>
internal sealed record DestinationLine(long Pending, long Succeeded, long DeadLettered);
