using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Connectors.Klaviyo;

/// <summary>An account shows its profiles: contact, properties, and the consent of their own addresses.</summary>
public sealed partial class KlaviyoConnector : IRestoresFacts
{
    public async Task<HeldOutcome> ReadHeldAsync(Recipient of, CancellationToken cancellationToken)
    {
        if (_access is null)
            return Holdings.NoKey;
        var found = of.AccountId is { } id ? await _access.FindProfileAsync(id, cancellationToken) : await _access.FindProfilesAsync(of.Email, of.Phone, cancellationToken);
        return Holdings.Of(found, HeldBy);
    }

    public async Task<WriteOutcome> RestoreAsync(Recipient to, string? name, IReadOnlyDictionary<string, string?> facts, CancellationToken cancellationToken)
    {
        if (_access is null)
            return Writes.NoKey;
        var (first, last) = Writes.Parts(name);
        var kept = facts.Where(fact => fact.Value is not null).ToDictionary(fact => fact.Key, fact => JsonSerializer.SerializeToElement(fact.Value!, KlaviyoJson.Default.String), StringComparer.Ordinal);
        var profile = Whose(to) with { FirstName = first, LastName = last, Properties = kept.Count > 0 ? kept : null };
        string[] unset = [.. facts.Where(fact => fact.Value is null).Select(fact => fact.Key)];
        var (id, failure) = await _access.ImportProfileAsync(to.AccountId, profile, cancellationToken, unset);
        if (failure is { Status: 409, Marks.Code: "duplicate_profile" } && WithoutShared(to, profile) is { } alone)
            (id, failure) = await _access.ImportProfileAsync(to.AccountId, alone, cancellationToken, unset);
        return Writes.Outcome(failure, id);
    }

    private static HeldCustomer HeldBy(JsonElement profile)
    {
        var body = profile.Object("attributes"u8) ?? throw new UnreadableBodyException("attributes is missing");
        var (email, phone, subscriptions) = (body.Text("email"u8), body.Text("phone_number"u8), body.Object("subscriptions"u8));
        return new()
        {
            Name = string.Join(' ', new[] { body.Text("first_name"u8), body.Text("last_name"u8) }.OfType<string>()) is { Length: > 0 } name ? name : null,
            Email = email,
            Phone = phone,
            Facts = Holdings.Texts(body.Object("properties"u8)),
            Consents = [.. new[] { ConsentOf("email", Identifier.Email(email), subscriptions?.Object("email"u8)), ConsentOf("sms", Identifier.Phone(phone), subscriptions?.Object("sms"u8)) }.OfType<Consent>()],
        };
    }

    /// <summary>NEVER_SUBSCRIBED is no statement (SEMANTICS 4).</summary>
    private static Consent? ConsentOf(string channel, Identifier? address, JsonElement? stated)
    {
        var marketing = stated?.Object("marketing"u8);
        var state = marketing?.Word("consent"u8) switch { "subscribed" => "granted", "unsubscribed" => "denied", _ => null };
        return address is { } of && state is not null ? new(channel, of.Value, Consents.Marketing, state, marketing?.Time("consent_timestamp"u8) ?? marketing?.Time("last_updated"u8)) : null;
    }
}
