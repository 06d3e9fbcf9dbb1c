using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Delivery;

/// <summary>Tells destinations what is due: the present state of customers, and events and tasks once each. Every destination has a lane of its own (ADR 12).</summary>
/// <remarks>
/// A state is read when it is sent, compared with what the destination was told last, and sent where it differs. What fails is tried again by its kind; nothing of one destination waits for another.
/// Cut off anywhere it is done again: a state is an upsert, an event and a task carry their key.
/// </remarks>
public sealed class DeliverDueWork(
    IHubStore store, ConnectorCatalog connectors, CustomerDirectory directory, GraphLimits limits, Routes routes, DeliveryQueue queue, EchoGuard echoes, TimeProvider time)
{
    /// <summary>A task is to be done within this time.</summary>
    private static readonly TimeSpan TimeForATask = TimeSpan.FromDays(1);

    private readonly ReadAims _aims = new(store, limits);

    /// <summary>For each destination a step of its lane.</summary>
    internal IEnumerable<Func<CancellationToken, Task<TimeSpan?>>> Lanes() =>
        connectors.Destinations.Select(one => (Func<CancellationToken, Task<TimeSpan?>>)(token => StepAsync(one, token)));

    private async Task<TimeSpan?> StepAsync(IDestination destination, CancellationToken cancellationToken)
    {
        var due = await queue.DueAsync(destination.Name, VendorTurn.Handful, cancellationToken);
        var its = due.Count == 0 ? [] : Routes.To(destination.Name, await routes.ReadAsync(cancellationToken)).ToList();
        return await VendorTurn.TakeAsync(destination, due, time, (claim, token) => DeliverAsync(destination, its, claim, token), cancellationToken);
    }

    private ValueTask DeliverAsync(IDestination destination, IReadOnlyList<Route> its, DeliveryClaim claim, CancellationToken cancellationToken) => claim.Entry.Kind switch
    {
        DeliveryKinds.Customer => DeliverCustomerAsync(destination, its, claim, cancellationToken),
        DeliveryKinds.Event when destination is ITakesEvents takes => DeliverEventAsync(takes, its, claim, cancellationToken),
        DeliveryKinds.Task when destination is ITakesTasks takes => DeliverTaskAsync(takes, claim, cancellationToken),
        DeliveryKinds.Message when claim.Entry.Event is { } read => RouteAgainAsync(destination, its, read, claim, cancellationToken),
        _ => queue.DropAsync(claim, cancellationToken),
    };

    /// <summary>What could not be read, once more: by now the hub may know better.</summary>
    private async ValueTask RouteAgainAsync(IDestination destination, IReadOnlyList<Route> its, RoutedEvent read, DeliveryClaim claim, CancellationToken cancellationToken)
    {
        var (pushes, fault) = RoutedPush.Of(destination.Name, its, read, time.GetUtcNow());
        foreach (var push in pushes)
            await queue.PushAsync(destination.Name, push, cancellationToken);
        if (fault is not null)
            await queue.BuryAsync(claim, new(FailureKind.Refused, fault), claim.Entry.Sent, cancellationToken);
        else
            await queue.DropAsync(claim, cancellationToken);
    }

    private async ValueTask DeliverCustomerAsync(IDestination destination, IReadOnlyList<Route> its, DeliveryClaim claim, CancellationToken cancellationToken)
    {
        if (await directory.FindAsync(claim.Entry.Target, cancellationToken) is not { } customer)
        {
            await queue.DropAsync(claim, cancellationToken);
            return;
        }
        if (customer.Id != claim.Entry.Target)
        {
            // Somebody else by now: told under the id that all that is sent of the person is remembered by.
            await queue.PushAsync(destination.Name, new(DeliveryKinds.Customer, customer.Id, time.GetUtcNow(), null), cancellationToken);
            await queue.DropAsync(claim, cancellationToken);
            return;
        }
        var told = await queue.ToldAsync(claim, customer.Profiles.Keys, cancellationToken);
        await DeliverAsync(destination, claim, told, await NeededAsync(destination, its, customer, told, cancellationToken), cancellationToken);
    }

    /// <summary>What the destination has to be told of a customer now, given what it was told. Calls nobody.</summary>
    internal async ValueTask<IReadOnlyList<PlannedWrite>> NeededAsync(
        IDestination destination, IReadOnlyList<Route> its, Customer customer, IReadOnlyDictionary<string, string> told, CancellationToken cancellationToken) =>
        [.. new CustomerWrites(destination, await _aims.OfAsync(destination, customer, its, cancellationToken), told, echoes).Needed()];

    /// <summary>Writes one after the other. A refusal keeps none of the others back; anything else ends the turn, and what was written is remembered.</summary>
    private async ValueTask DeliverAsync(
        IDestination destination, DeliveryClaim claim, IReadOnlyDictionary<string, string> told, IReadOnlyList<PlannedWrite> writes, CancellationToken cancellationToken)
    {
        var sent = new Dictionary<string, string>(told, StringComparer.Ordinal);
        WriteOutcome.Failed? refused = null;
        foreach (var write in writes)
        {
            if (write.NoteAsync is { } noteAsync)
                await noteAsync(cancellationToken);
            var lineStood = destination.Line?.Stands ?? true;
            var outcome = await CallAsync(destination, write.SendAsync, cancellationToken);
            if (outcome is not WriteOutcome.Failed failed)
                sent[write.Key] = ToldText.Of(write.Digest, time.GetUtcNow());
            else if (failed.Kind == FailureKind.Refused)
                refused ??= failed;
            else
            {
                await FailAsync(destination, claim, failed, lineStood, sent, cancellationToken);
                return;
            }
        }
        if (refused is not null)
            await queue.BuryAsync(claim, refused, sent, cancellationToken);
        else if (writes.Count == 0)
            await queue.DropAsync(claim, cancellationToken);
        else
            await queue.DoneAsync(claim, sent, cancellationToken);
    }

    private async ValueTask DeliverEventAsync(ITakesEvents takes, IReadOnlyList<Route> its, DeliveryClaim claim, CancellationToken cancellationToken)
    {
        if (claim.Entry.Event is not { } read || await RecipientAsync(takes, read, cancellationToken) is not { } to)
        {
            await queue.DropAsync(claim, cancellationToken);
            return;
        }
        var prefix = its.FirstOrDefault(route => route.Kind == RouteKinds.Events)?.Prefix ?? "";
        await OnceAsync(takes, claim, token => takes.AppendAsync(new(to, read.Id, read.Type, prefix + read.Type, read.Time, read.Data ?? "{}"), token), cancellationToken);
    }

    /// <summary>A parcel that failed gives a task at once; one that may be late is looked at when it should have come.</summary>
    private async ValueTask DeliverTaskAsync(ITakesTasks takes, DeliveryClaim claim, CancellationToken cancellationToken)
    {
        if (claim.Entry.Event is not { CustomerId: { } customerId } read
            || ParcelTasks.Of(read).FirstOrDefault(one => one.Key == claim.Entry.Target) is not { } task
            || await directory.FindAsync(customerId, cancellationToken) is not { } customer)
        {
            await queue.DropAsync(claim, cancellationToken);
            return;
        }
        if (task.IsLate)
        {
            var parcel = (await _aims.ParcelsAsync(customer, cancellationToken)).FirstOrDefault(one => one.Number == task.Number);
            var (isLate, again) = parcel is null ? (false, null) : ParcelTasks.Judge(parcel, time.GetUtcNow());
            if (again is { } then)
                await queue.LaterAsync(claim, then, claim.Entry.Sent, cancellationToken);
            else if (!isLate)
                await queue.DropAsync(claim, cancellationToken);
            if (!isLate)
                return;
        }
        var text = task.IsLate ? $"Parcel {task.Number} is late: it was expected a day ago." : $"Parcel {task.Number} did not arrive: the carrier reports a problem.";
        await OnceAsync(
            takes, claim, token => takes.OpenTaskAsync(new(To(takes, customer), task.Key, text, time.GetUtcNow() + TimeForATask), token), cancellationToken);
    }

    private async ValueTask OnceAsync(IDestination destination, DeliveryClaim claim, Func<CancellationToken, Task<WriteOutcome>> sendAsync, CancellationToken cancellationToken)
    {
        var lineStood = destination.Line?.Stands ?? true;
        if (await CallAsync(destination, sendAsync, cancellationToken) is WriteOutcome.Failed failed)
            await FailAsync(destination, claim, failed, lineStood, claim.Entry.Sent, cancellationToken);
        else
            await queue.DoneAsync(claim, claim.Entry.Sent, cancellationToken);
    }

    private ValueTask FailAsync(
        IDestination destination, DeliveryClaim claim, WriteOutcome.Failed failed, bool lineStood, IReadOnlyDictionary<string, string> sent, CancellationToken cancellationToken) =>
        VendorTurn.After(destination.Line, lineStood, failed.Kind, failed.NotBefore) switch
        {
            // Nothing was written since it was taken: it waits where it is.
            AfterFailure.Stay when sent.Count == claim.Entry.Sent.Count && !sent.Except(claim.Entry.Sent).Any() => ValueTask.CompletedTask,
            AfterFailure.Stay => queue.LaterAsync(claim, time.GetUtcNow(), sent, cancellationToken),
            AfterFailure.Later later => queue.LaterAsync(claim, later.NotBefore, sent, cancellationToken),
            AfterFailure.Again again => queue.AgainAsync(claim, failed, again.NotBefore, sent, cancellationToken),
            _ => queue.BuryAsync(claim, failed, sent, cancellationToken),
        };

    private static async Task<WriteOutcome> CallAsync(IDestination destination, Func<CancellationToken, Task<WriteOutcome>> sendAsync, CancellationToken cancellationToken)
    {
        WriteOutcome outcome;
        try
        {
            outcome = await sendAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            outcome = new WriteOutcome.Failed(FailureKind.Unavailable, WorkQueue.ReasonOf(failure));
        }
        HubTelemetry.Written.Add(1, new("destination", destination.Name), new("outcome", outcome is WriteOutcome.Failed failed ? failed.Kind.ToString().ToLowerInvariant() : "written"));
        return outcome;
    }

    private async ValueTask<Recipient?> RecipientAsync(IDestination destination, RoutedEvent read, CancellationToken cancellationToken) =>
        read.CustomerId is { } id && await directory.FindAsync(id, cancellationToken) is { } customer ? To(destination, customer) : null;

    private Recipient To(IDestination destination, Customer customer)
    {
        var record = RecordComposer.Compose(customer.Profiles, limits);
        var account = customer.Profiles.Values
            .Where(profile => profile.Anchor.Kind == Identifier.Account(destination.Name, "").Kind && profile.Account is not { IsDeleted: true })
            .OrderBy(profile => profile.Anchor)
            .FirstOrDefault();
        return new(customer.Id, account?.Anchor.Value, record.Email, record.Phone);
    }
}
