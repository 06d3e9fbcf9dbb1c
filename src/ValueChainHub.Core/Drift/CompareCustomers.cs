using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Delivery;

namespace ValueChainHub.Core.Drift;

/// <summary>What a step of a run is about.</summary>
internal sealed record DriftStep(string Run, string Id, bool Plan, IShowsCustomers Destination, IReadOnlyList<Route> Routes);

/// <summary>Compares one customer at a destination, once in a run, and has repaired what differs unless the run only measures.</summary>
internal sealed class CompareCustomers(ReadAims aims, DeliveryQueue queue, DriftItems items, RepairDrift repair, VendorPause pause)
{
    /// <exception cref="VendorPauseException">The destination cannot be asked or told now.</exception>
    public async ValueTask RunAsync(DriftStep step, Customer customer, DriftTally tally, CancellationToken cancellationToken)
    {
        var item = await items.FindAsync(step.Run, customer.Id, cancellationToken);
        if (item is not null && item.Step != step.Id)
            return;
        if (item is null)
        {
            if (await IsOnItsWayAsync(step.Destination, customer, cancellationToken))
            {
                tally.AddPending();
                return;
            }
            var aim = await aims.OfAsync(step.Destination, customer, step.Routes, cancellationToken);
            if (CustomerDrift.TargetsOf(aim) is not { Count: > 0 } targets)
                return;
            item = await items.AddAsync(step.Run, await MeasureAsync(step, aim, customer.Id, targets, cancellationToken), cancellationToken);
        }
        if (item.Fields.Any(field => field.Outcome == DriftOutcomes.Planned))
        {
            var aim = await aims.OfAsync(step.Destination, customer, step.Routes, cancellationToken);
            item = await items.SaveAsync(step.Run, await repair.RunAsync(step.Destination, aim, item, cancellationToken), cancellationToken);
        }
        tally.Add(item);
    }

    /// <summary>What waits in the line is told soon: that the destination does not have it yet is no drift. What waits for a person is.</summary>
    private async ValueTask<bool> IsOnItsWayAsync(IDestination destination, Customer customer, CancellationToken cancellationToken) =>
        await queue.ReadAsync(destination.Name, DeliveryQueue.IdOf(DeliveryKinds.Customer, customer.Id), cancellationToken) is { Due: not null };

    private async ValueTask<DriftItem> MeasureAsync(DriftStep step, CustomerAim aim, string customer, IReadOnlyList<DriftTarget> targets, CancellationToken cancellationToken)
    {
        var (missing, unread, fields) = (0, 0, new List<DriftField>());
        foreach (var target in targets)
        {
            switch (await ReadAsync(step.Destination, target.To, cancellationToken))
            {
                case HeldOutcome.Held held:
                    fields.AddRange(await FieldsAsync(step, aim, target, held.Customer, cancellationToken));
                    break;
                // An account that the vendor deleted is not made anew; whoever is only known by address should be there.
                case HeldOutcome.Nobody when target.To.AccountId is null:
                    fields.AddRange(await FieldsAsync(step, aim, target, new(), cancellationToken));
                    break;
                case HeldOutcome.Nobody:
                    missing++;
                    break;
                default:
                    unread++;
                    break;
            }
        }
        return new(step.Id, customer, missing, unread, fields);
    }

    private async ValueTask<IReadOnlyList<DriftField>> FieldsAsync(DriftStep step, CustomerAim aim, DriftTarget target, HeldCustomer held, CancellationToken cancellationToken)
    {
        var drift = CustomerDrift.Compare(step.Destination, target, held, one => aim.OwnWordOn(one.Consent.Channel, one.Consent.Address, one.Consent.Purpose));
        if (step.Plan)
            return [.. drift.Select(one => new DriftField(null, one.Field, null, null, null, DriftOutcomes.Measured))];
        var theirs = drift.All(one => one.IsOurs) ? "" : await repair.AskAsync(step.Destination, target.To, cancellationToken) ? DriftOutcomes.Asked : DriftOutcomes.Left;
        return [.. drift.Select(one => one.IsOurs
            ? new DriftField(target.To, one.Field, one.Address, one.Held, one.Wanted, DriftOutcomes.Planned)
            : new DriftField(null, one.Field, null, null, null, theirs))];
    }

    private async ValueTask<HeldOutcome> ReadAsync(IShowsCustomers destination, Recipient of, CancellationToken cancellationToken)
    {
        await pause.WaitAsync(destination, cancellationToken);
        var outcome = await destination.ReadHeldAsync(of, cancellationToken);
        return outcome is HeldOutcome.Failed failed && pause.Of(destination, failed.Kind, failed.Reason, failed.NotBefore) is { } later ? throw later : outcome;
    }
}
