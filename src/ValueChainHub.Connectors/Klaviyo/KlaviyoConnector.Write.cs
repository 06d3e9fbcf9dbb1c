using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Delivery;

namespace ValueChainHub.Connectors.Klaviyo;

/// <summary>An account is told customers, consent and, if a route says so, events.</summary>
public sealed partial class KlaviyoConnector : ITakesCustomers, ITakesConsent, ITakesEvents
{
    private static readonly string[] Channels = ["email", "sms"];

    public bool CanWrite => _access is not null;

    public CustomerParts Parts => CustomerParts.Contact | CustomerParts.Storefront | CustomerParts.Fulfillment | CustomerParts.Service;

    public bool ConsentIsByAddress => true;

    public IReadOnlyList<string> ConsentChannels => Channels;

    /// <summary>A profile keeps its own addresses: writing another's would be refused where two profiles are one person's.</summary>
    public async Task<WriteOutcome> UpsertAsync(CustomerState state, CancellationToken cancellationToken)
    {
        if (_access is null)
            return Writes.NoKey;
        var (first, last) = Writes.Parts(state.Contact?.Name);
        var profile = Whose(state.To) with { FirstName = first, LastName = last, Properties = Properties(state) };
        var (id, failure) = await _access.ImportProfileAsync(state.To.AccountId, profile, cancellationToken);
        if (failure is { Status: 409, Marks.Code: "duplicate_profile" } && WithoutShared(state.To, profile) is { } alone)
            (id, failure) = await _access.ImportProfileAsync(state.To.AccountId, alone, cancellationToken);
        return Writes.Outcome(failure, id);
    }

    public async Task<WriteOutcome> StateConsentAsync(ConsentToState consent, CancellationToken cancellationToken)
    {
        if (_access is null)
            return Writes.NoKey;
        if (consent.State == "denied")
            return Writes.Outcome(await _access.UnsubscribeAsync(consent.Channel, consent.Address, cancellationToken));
        return consent.ActAt is { } actAt
            ? Writes.Outcome(await _access.SubscribeAsync(consent.Channel, consent.Address, actAt, cancellationToken))
            : new WriteOutcome.Unneeded("a grant without its time would be asked for anew");
    }

    public async Task<WriteOutcome> AppendAsync(EventToAppend append, CancellationToken cancellationToken)
    {
        if (_access is null)
            return Writes.NoKey;
        var whose = new KlaviyoResource<KlaviyoProfile>("profile", Whose(append.To)) { Id = append.To.AccountId };
        return Writes.Outcome(await _access.AppendAsync(
            new(Writes.Data(append.Data), append.At.ToUniversalTime(), append.Key, new(new("metric", new(append.Name))), new(whose)), cancellationToken));
    }

    /// <summary>A family has one phone and Klaviyo a profile for it: who has a profile by id or by e-mail address is told the rest without it. Null when nothing else says who it is.</summary>
    private static KlaviyoProfile? WithoutShared(Recipient to, KlaviyoProfile profile) =>
        to.AccountId is not null ? profile with { Email = null, PhoneNumber = null }
        : profile is { Email: not null, PhoneNumber: not null } ? profile with { PhoneNumber = null }
        : null;

    private static KlaviyoProfile Whose(Recipient to) => new() { Email = to.Email, PhoneNumber = to.Phone };

    private static Dictionary<string, JsonElement> Properties(CustomerState state) =>
        HubFacts.Of(state).ToDictionary(fact => fact.Key, fact => JsonSerializer.SerializeToElement(fact.Value, KlaviyoJson.Default.String), StringComparer.Ordinal);
}
