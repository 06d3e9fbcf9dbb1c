using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Intake;

namespace ValueChainHub.Core.Drift;

/// <summary>Brings one customer at a destination back in step: writes what is the hub's, whatever the destination was told before, and reads again what is the vendor's.</summary>
internal sealed class RepairDrift(WorkQueue work, EchoGuard echoes, VendorPause pause)
{
    private static readonly Dictionary<string, string> NothingTold = [];

    /// <summary>Answers the item with what became of each field that was planned. Taken again after a crash it writes the same again.</summary>
    /// <exception cref="VendorPauseException">The destination cannot be told now.</exception>
    public async ValueTask<DriftItem> RunAsync(IDestination destination, CustomerAim aim, DriftItem item, CancellationToken cancellationToken)
    {
        var (writes, fields) = (new CustomerWrites(destination, aim, NothingTold, echoes), item.Fields.ToList());
        foreach (var target in CustomerDrift.TargetsOf(aim))
        {
            foreach (var (write, repairs) in Plan(writes, target, fields))
            {
                var outcome = await WriteAsync(destination, write, cancellationToken) ? DriftOutcomes.Repaired : DriftOutcomes.Refused;
                fields = [.. fields.Select(field => repairs(field) ? field with { Outcome = outcome } : field)];
            }
        }
        // What nothing aims at any more, because the customer changed between two tries, is not the destination's fault.
        return item with { Fields = [.. fields.Select(field => field.Outcome == DriftOutcomes.Planned ? field with { Outcome = DriftOutcomes.Left } : field)] };
    }

    /// <summary>Has the account be read again.</summary>
    public async ValueTask<bool> AskAsync(IDestination destination, Recipient of, CancellationToken cancellationToken)
    {
        if (destination is not IFetchConnector { CanFetch: true } || of.AccountId is not { } account)
            return false;
        await work.FetchAsync([new(destination.Name, "customer/" + account, "drift")], cancellationToken);
        return true;
    }

    /// <summary>The fewest writes that bring a target's planned fields in step, each with the fields it brings.</summary>
    private static IEnumerable<(PlannedWrite Write, Func<DriftField, bool> Repairs)> Plan(CustomerWrites writes, DriftTarget target, List<DriftField> fields)
    {
        var planned = fields.Where(field => field.Outcome == DriftOutcomes.Planned && field.To == target.To).ToList();
        if (target.State is { } state && planned.Exists(IsOfState))
            yield return (writes.Upsert(planned.Exists(field => field.Field == DriftFields.Name) ? state : state with { Contact = null }), field => planned.Contains(field) && IsOfState(field));
        foreach (var aimed in target.Consents)
        {
            if (planned.Find(field => field.Field == DriftFields.Consent(aimed.Consent.Channel) && field.Address == aimed.Consent.Address) is { } one)
                yield return (writes.State(aimed.Consent), field => field == one);
        }
        if (target.Tags is { } tags && planned.Exists(IsTag))
            yield return (writes.Set(tags), field => planned.Contains(field) && IsTag(field));
    }

    private async ValueTask<bool> WriteAsync(IDestination destination, PlannedWrite write, CancellationToken cancellationToken)
    {
        await pause.WaitAsync(destination, cancellationToken);
        if (write.NoteAsync is { } noteAsync)
            await noteAsync(cancellationToken);
        var outcome = await write.SendAsync(cancellationToken);
        if (outcome is WriteOutcome.Failed failed && pause.Of(destination, failed.Kind, failed.Reason, failed.NotBefore) is { } later)
            throw later;
        return outcome is WriteOutcome.Written;
    }

    private static bool IsOfState(DriftField field) => field.Field == DriftFields.Name || field.Field.StartsWith(DriftFields.Fact(""), StringComparison.Ordinal);

    private static bool IsTag(DriftField field) => field.Field.StartsWith(DriftFields.Tag(""), StringComparison.Ordinal);
}
