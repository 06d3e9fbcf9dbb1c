using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Connectors.Klaviyo;

/// <summary>A profile as the list of profiles answers it: the account, and the consents of its addresses with their times.</summary>
internal static class KlaviyoProfiles
{
    public static Translation Read(JsonElement body, TranslationDraft draft)
    {
        var id = body.Text("id"u8) ?? throw new UnreadableBodyException("id is missing");
        var attributes = body.Object("attributes"u8) ?? throw new UnreadableBodyException("attributes is missing");
        var (key, at, account) = (draft.Key(EntityTypes.Customer, id), attributes.Time("updated"u8), AccountOf(id, attributes));
        draft.At = at;
        draft.Claim(Identifier.Account(draft.Connector, id));
        draft.Tell(EventCatalogue.MarketingAccountUpdated, key, at, draft.Write(key, Homing.Account, FacetNames.Core, new(at, draft.Source, 0), account));
        if (attributes.Text("external_id"u8) is { } external)
            draft.Find(Identifier.External(draft.Connector, external));
        var subscriptions = attributes.Object("subscriptions"u8);
        State(draft, key, "email", Identifier.Email(account.Email), subscriptions?.Object("email"u8)?.Object("marketing"u8));
        State(draft, key, "sms", Identifier.Phone(account.Phone), subscriptions?.Object("sms"u8)?.Object("marketing"u8));
        return draft.Build();
    }

    /// <summary>The account in a profile's attributes, wherever they stand.</summary>
    public static Account AccountOf(string id, JsonElement attributes) => new()
    {
        Id = id,
        Name = string.Join(' ', new[] { attributes.Text("first_name"u8), attributes.Text("last_name"u8) }.OfType<string>()) is { Length: > 0 } name ? name : null,
        Email = attributes.Text("email"u8),
        Phone = attributes.Text("phone_number"u8),
        Locale = attributes.Text("locale"u8),
        CreatedAt = attributes.Time("created"u8),
    };

    /// <summary>What the person said. Without its time it is no statement: it could only lose, or be told again and again; <c>NEVER_SUBSCRIBED</c> is none either.</summary>
    private static void State(TranslationDraft draft, EntityKey account, string channel, Identifier? address, JsonElement? marketing)
    {
        if (address is not { } of || marketing is not { } said || said.Time("consent_timestamp"u8) is not { } actAt)
            return;
        var state = said.Word("consent"u8) switch { "subscribed" => "granted", "unsubscribed" => "denied", _ => null };
        if (state is not null)
            Consents.State(draft, account, channel, of, Consents.Marketing, state, actAt);
    }
}
