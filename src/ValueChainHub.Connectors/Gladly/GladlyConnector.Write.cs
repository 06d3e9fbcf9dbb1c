using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Delivery;

namespace ValueChainHub.Connectors.Gladly;

/// <summary>An organisation is told customers as attributes of their profiles, and given tasks.</summary>
public sealed partial class GladlyConnector : ITakesCustomers, ITakesTasks
{
    public bool CanWrite => _api is not null;

    public CustomerParts Parts => CustomerParts.Storefront | CustomerParts.Fulfillment;

    /// <summary>Attributes under the hub's own names; the profile's name and addresses are support's. A profile that is made anew gets the person's addresses too.</summary>
    public async Task<WriteOutcome> UpsertAsync(CustomerState state, CancellationToken cancellationToken)
    {
        if (_api is not { } api)
            return Writes.NoKey;
        var (known, failure) = await ProfileOfAsync(api, state.To, cancellationToken);
        if (failure is { } failed)
            return Writes.Failed(failed);
        var facts = HubFacts.Of(state);
        return known is { } id
            ? Updated(await api.ChangeCustomerAsync(id, new(null, null, null, facts), cancellationToken))
            : Writes.Outcome(await api.CreateCustomerAsync(New(state, facts), cancellationToken));
    }

    public async Task<WriteOutcome> OpenTaskAsync(TaskToOpen task, CancellationToken cancellationToken)
    {
        if (_api is not { } api)
            return Writes.NoKey;
        if (api.TaskInboxId is not { } inbox)
            return new WriteOutcome.Failed(FailureKind.Refused, "no TaskInboxId is set");
        var (known, failure) = await ProfileOfAsync(api, task.To, cancellationToken);
        if (failure is { } failed)
            return Writes.Failed(failed);
        return known is { } id
            ? Updated(await api.AddTaskAsync(id, new(Writes.OwnId(task.Key), task.Text, task.DueAt.ToUniversalTime(), new(inbox, null)), cancellationToken))
            : new WriteOutcome.Unneeded("the customer has no profile");
    }

    /// <summary>The profile that is named, or the one that holds the person's address; none is no failure.</summary>
    private static async Task<(string? Id, CallFailure? Failure)> ProfileOfAsync(GladlyApi api, Recipient to, CancellationToken cancellationToken)
    {
        if (to.AccountId is not null)
            return (to.AccountId, null);
        if (to.Email is null && to.Phone is null)
            return (null, null);
        var (found, failure) = await api.FindCustomersAsync(to.Email, to.Phone, cancellationToken);
        return (found is [var first, ..] ? first.Id : null, failure);
    }

    /// <summary>A profile that support has deleted needs no telling; only Gladly's own word counts for that.</summary>
    private static WriteOutcome Updated(CallFailure? failure) =>
        failure is { Status: 404, Marks.Code: not null } ? new WriteOutcome.Unneeded("the profile is gone") : Writes.Outcome(failure);

    private static GladlyProfile New(CustomerState state, Dictionary<string, string> facts) => new(
        Writes.OwnId(state.To.CustomerId),
        state.Contact?.Name,
        state.To.Email is { } email ? [new(email)] : null,
        state.To.Phone is { } phone ? [new(phone, null)] : null,
        facts.ToDictionary(fact => fact.Key, fact => JsonSerializer.SerializeToElement(fact.Value, GladlyJson.Default.String), StringComparer.Ordinal));
}
