using System.Globalization;
using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Connectors.Klaviyo;

/// <summary>One event, in the document that Get Event answers: the same inside a webhook and from a poll.</summary>
internal static class KlaviyoEvents
{
    /// <summary>Properties that say a program did it. Klaviyo writes true as a flag and as a word.</summary>
    private static readonly string[] MachineFlags = ["machine_open", "Machine Open", "Apple Privacy Open", "Bot Click", "bot_click"];

    /// <summary>What one event says.</summary>
    /// <param name="topic">Its topic, the vendor's.</param>
    /// <param name="id">Its id as the webhook names it; null when only the document does.</param>
    /// <param name="document">The event with its profile beside it; null when the webhook came without.</param>
    /// <param name="draft">Collects it; one draft for each event.</param>
    public static Translation Read(string topic, string? id, JsonElement? document, TranslationDraft draft)
    {
        var known = KlaviyoTopics.Find(topic);
        if (known is null or { Meaning: KlaviyoMeaning.None })
            draft.Suppress(known?.Reason ?? "a topic that the hub does not handle");
        else
            Read(known, id, document ?? throw new UnreadableBodyException("payload is missing"), draft);
        return draft.Build();
    }

    private static void Read(KlaviyoTopic topic, string? id, JsonElement document, TranslationDraft draft)
    {
        var data = document.Object("data"u8) ?? throw new UnreadableBodyException("data is missing");
        var attributes = data.Object("attributes"u8);
        var at = attributes?.Time("datetime"u8) ?? UnixTime(attributes);
        var profile = Profile(document, data, draft, at);
        var happened = new Happened(
            topic, id ?? data.Text("id"u8) ?? throw new UnreadableBodyException("id is missing"), at, attributes?.Object("event_properties"u8), profile);
        draft.At = at;
        Tell(happened, draft);
    }

    /// <summary>What an event says beyond itself: consent, and whether the address can be reached.</summary>
    private static void Tell(Happened happened, TranslationDraft draft)
    {
        switch (happened.Topic.Meaning)
        {
            case KlaviyoMeaning.Received:
                Message(happened, draft, MessageKinds.Received, EventCatalogue.MessageReceived);
                Trouble(happened, draft, DeliverabilityStates.Bounced, isOver: true);
                break;
            case KlaviyoMeaning.Opened:
                Message(happened, draft, MessageKinds.Opened, EventCatalogue.MessageOpened);
                break;
            case KlaviyoMeaning.Clicked:
                Message(happened, draft, MessageKinds.Clicked, EventCatalogue.MessageClicked);
                break;
            case KlaviyoMeaning.Bounced:
                Message(happened, draft, MessageKinds.Bounced, EventCatalogue.MessageBounced);
                if (!IsSoft(happened))
                    Trouble(happened, draft, DeliverabilityStates.Bounced, isOver: false);
                break;
            case KlaviyoMeaning.Failed:
                Message(happened, draft, MessageKinds.Failed, EventCatalogue.MessageFailed);
                break;
            case KlaviyoMeaning.Complained:
                Message(happened, draft, MessageKinds.Complained, EventCatalogue.MessageComplained);
                Trouble(happened, draft, DeliverabilityStates.Complained, isOver: false);
                Consent(happened, draft, "denied");
                break;
            default:
                TellAct(happened, draft);
                break;
        }
    }

    /// <summary>Acts about an address. One without an address says nothing.</summary>
    private static void TellAct(Happened happened, TranslationDraft draft)
    {
        if (happened.Address is null)
        {
            draft.Suppress("the profile has no address that it could be about");
            return;
        }
        switch (happened.Topic.Meaning)
        {
            case KlaviyoMeaning.Subscribed:
                Consent(happened, draft, "granted");
                Trouble(happened, draft, DeliverabilityStates.Suppressed, isOver: true);
                Trouble(happened, draft, DeliverabilityStates.Complained, isOver: true);
                break;
            case KlaviyoMeaning.Unsubscribed:
                Consent(happened, draft, "denied");
                break;
            case KlaviyoMeaning.Suppressed:
                Message(happened, draft, MessageKinds.Failed, EventCatalogue.MessageFailed, "suppressed");
                Trouble(happened, draft, DeliverabilityStates.Suppressed, isOver: false);
                break;
        }
    }

    private static void Message(Happened happened, TranslationDraft draft, string kind, string type, string? reason = null)
    {
        var key = draft.Key(EntityTypes.MessageEvent, happened.Id);
        var message = new Message(
            happened.Id, happened.Topic.Channel, kind, happened.At, MachineFlags.Any(flag => IsTrue(happened.Properties, flag)) ? true : null,
            Word(happened.Properties, "$message"), Word(happened.Properties, "Campaign Name"), reason ?? Word(happened.Properties, "Bounce Type")?.ToLowerInvariant());
        draft.Tell(type, key, happened.At, draft.Write(key, Homing.Shopper, FacetNames.Message(kind), new(happened.At, draft.Source, 0), message));
    }

    private static void Consent(Happened happened, TranslationDraft draft, string state)
    {
        if (happened is { Profile: { } profile, Address: { } address })
            Consents.State(draft, profile.Key, happened.Topic.Channel, address, Consents.Marketing, state, happened.At);
    }

    private static void Trouble(Happened happened, TranslationDraft draft, string trouble, bool isOver)
    {
        if (happened is { Profile: { } profile, Address: { } address })
            Consents.Deliver(draft, profile.Key, happened.Topic.Channel, address, trouble, isOver, happened.At);
    }

    /// <summary>The profile that the event names, claimed; its fields are those of the copy beside the event, which takes its own time or the event's.</summary>
    private static KlaviyoProfile? Profile(JsonElement document, JsonElement data, TranslationDraft draft, DateTimeOffset? at)
    {
        var named = data.Object("relationships"u8)?.Object("profile"u8)?.Object("data"u8)?.Text("id"u8);
        JsonElement? copy = null;
        foreach (var included in document.Objects("included"u8))
        {
            if (included.Text("type"u8) == "profile" && included.Text("id"u8) is { } id && (named ??= id) == id)
                copy = included.Object("attributes"u8);
        }
        if (named is null)
            return null;
        var key = draft.Key(EntityTypes.Customer, named);
        draft.Claim(Identifier.Account(draft.Connector, named));
        draft.Touch(key, Homing.Account);
        return copy is { } attributes ? Copy(attributes, draft, key, at) : new(key, null, null);
    }

    private static KlaviyoProfile Copy(JsonElement attributes, TranslationDraft draft, EntityKey key, DateTimeOffset? at)
    {
        var account = KlaviyoProfiles.AccountOf(key.Id, attributes);
        var version = new FacetVersion(attributes.Time("updated"u8) ?? at, SourceClass.Embedded, 0);
        AccountCopies.Write(
            draft, key, account, version, attributes.Has("first_name"u8) && attributes.Has("last_name"u8), attributes.Has("email"u8), attributes.Has("phone_number"u8));
        if (attributes.Text("external_id"u8) is { } external)
            draft.Find(Identifier.External(draft.Connector, external));
        return new(key, Identifier.Email(account.Email), Identifier.Phone(account.Phone));
    }

    private static DateTimeOffset? UnixTime(JsonElement? attributes)
    {
        if (attributes?.Amount("timestamp"u8) is not { } seconds)
            return null;
        return SignedTime.UnixSeconds(decimal.Truncate(seconds).ToString(CultureInfo.InvariantCulture)) ?? throw JsonBody.Wrong("timestamp"u8, "a time");
    }

    /// <summary>Properties are free: whoever sends an event may put anything there, so what has another type is as good as missing.</summary>
    private static JsonElement? Property(JsonElement? properties, string name) => properties is { } all && all.TryGetProperty(name, out var value) ? value : null;

    private static string? Word(JsonElement? properties, string name)
    {
        if (Property(properties, name) is not { ValueKind: JsonValueKind.String } value)
            return null;
        try
        {
            return value.GetString() is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: valid JSON and no text.
            return null;
        }
    }

    private static bool IsTrue(JsonElement? properties, string name) =>
        Property(properties, name)?.ValueKind == JsonValueKind.True || string.Equals(Word(properties, name), "true", StringComparison.OrdinalIgnoreCase);

    private static bool IsSoft(Happened happened) => Word(happened.Properties, "Bounce Type")?.StartsWith("soft", StringComparison.OrdinalIgnoreCase) == true;

    private sealed record KlaviyoProfile(EntityKey Key, Identifier? Email, Identifier? Phone);

    private sealed record Happened(KlaviyoTopic Topic, string Id, DateTimeOffset? At, JsonElement? Properties, KlaviyoProfile? Profile)
    {
        public Identifier? Address => Topic.Channel switch { "email" => Profile?.Email, "sms" => Profile?.Phone, _ => null };
    }
}
