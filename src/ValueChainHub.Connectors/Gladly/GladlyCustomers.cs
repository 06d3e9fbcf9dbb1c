using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Connectors.Gladly;

/// <summary>Customer profiles: hints to them, their merges and deletions, and the profiles themselves as fetched.</summary>
internal static class GladlyCustomers
{
    private const string Completed = "completed";

    /// <summary>CUSTOMER_PROFILE/CREATED, UPDATED: that there is news, not what it is.</summary>
    public static void Hint(GladlyEvent told, TranslationDraft draft, string eventType)
    {
        var id = Customer(told, draft);
        var key = draft.Key(GladlyTopics.Customer, id);
        draft.Touch(key, Homing.Account);
        draft.Tell(eventType, key, told.At, ChainJson.Write(new Account { Id = id }));
        draft.Fetch($"{GladlyTopics.Customer}/{id}", "a customer profile changed");
    }

    /// <summary>CUSTOMER_PROFILE/DELETED: terminal for this id.</summary>
    public static void Deleted(GladlyEvent told, TranslationDraft draft) => Delete(draft, Customer(told, draft), told.At);

    /// <summary>The API knows the customer no more.</summary>
    public static void Gone(JsonElement body, TranslationDraft draft)
    {
        var id = GladlyEvent.Required(body, "id"u8);
        draft.Claim(Identifier.Account(draft.Connector, id));
        Delete(draft, id, null);
    }

    /// <summary>CUSTOMER/MERGED: an edge between both customers; the source's conversation, when it names one, became part of the destination's.</summary>
    public static void Merged(GladlyEvent told, TranslationDraft draft)
    {
        var kept = GladlyEvent.Required(told.Content, "destinationCustomerId"u8);
        draft.At = told.At;
        Merge(draft, kept, GladlyEvent.Required(told.Content, "sourceCustomerId"u8), told.At);
        draft.Fetch($"{GladlyTopics.Customer}/{kept}", "two customers were merged");
        if (told.Content.Text("sourceConversationId"u8) is not { } source || told.Content.Text("destinationConversationId"u8) is not { } destination || source == destination)
            return;
        draft.Write(
            draft.Key(GladlyTopics.Conversation, source), Homing.Shopper, FacetNames.Merged, new(told.At, draft.Source, 0),
            new Conversation { Id = source, At = told.At, MergedInto = destination });
        draft.Fetch($"{GladlyTopics.Conversation}/{destination}", "two conversations were merged");
    }

    /// <summary>CUSTOMER_PROFILE/MERGED, the older type: read as the newer one where it has its members, otherwise a hint.</summary>
    public static void OldMerge(GladlyEvent told, TranslationDraft draft)
    {
        if (told.Content.Has("sourceCustomerId"u8) && told.Content.Has("destinationCustomerId"u8))
            Merged(told, draft);
        else
            Hint(told, draft, EventCatalogue.ServiceAccountUpdated);
    }

    /// <summary>The API answered 301: an edge from the old customer to the new one, which is fetched.</summary>
    public static void Moved(JsonElement body, TranslationDraft draft)
    {
        var kept = GladlyEvent.Required(body, "new"u8);
        Merge(draft, kept, GladlyEvent.Required(body, "old"u8), null);
        draft.Fetch($"{GladlyTopics.Customer}/{kept}", "the customer asked for was merged into it");
    }

    /// <summary>A customer profile as the API has it: the account, all its e-mails and mobile phones; other phones and somebody else's ids only find.</summary>
    public static void Read(JsonElement body, TranslationDraft draft)
    {
        var (id, at) = (GladlyEvent.Required(body, "id"u8), body.Time("updatedAt"u8) ?? body.Time("createdAt"u8));
        var key = draft.Key(GladlyTopics.Customer, id);
        var (emails, phones) = (Emails(body), MobilePhones(body));
        var account = new Account
        {
            Id = id,
            Name = body.Text("name"u8),
            Email = emails.FirstOrDefault(),
            Phone = phones.FirstOrDefault(),
            OtherEmails = Others(emails),
            OtherPhones = Others(phones),
            CreatedAt = body.Time("createdAt"u8),
        };
        draft.At = at;
        draft.Claim(Identifier.Account(draft.Connector, id));
        draft.Tell(EventCatalogue.ServiceAccountUpdated, key, at, draft.Write(key, Homing.Account, FacetNames.Core, new(at, draft.Source, 0), account));
        foreach (var phone in Contacts(body, "phones"u8, phone => !IsMobile(phone)))
            draft.Find(Identifier.Phone(phone));
        foreach (var external in ExternalIds(body))
            draft.Find(Identifier.External(draft.Connector, external));
        WritePreferences(body, draft, key, at);
    }

    /// <summary>A profile's e-mail addresses, the primary one first.</summary>
    public static List<string> Emails(JsonElement body) => Contacts(body, "emails"u8, _ => true);

    /// <summary>A profile's own numbers, the primary one first.</summary>
    public static List<string> MobilePhones(JsonElement body) => Contacts(body, "phones"u8, IsMobile);

    private static string Customer(GladlyEvent told, TranslationDraft draft) => told.ClaimCustomer(draft) ?? throw new UnreadableBodyException("customerId is missing");

    private static void Delete(TranslationDraft draft, string id, DateTimeOffset? at)
    {
        var key = draft.Key(GladlyTopics.Customer, id);
        draft.Tell(EventCatalogue.ServiceAccountDeleted, key, at, draft.Write(key, Homing.Account, FacetNames.Deleted, new(null, draft.Source, 0), new Deleted(id)));
    }

    private static void Merge(TranslationDraft draft, string kept, string merged, DateTimeOffset? at)
    {
        if (kept == merged)
            throw new UnreadableBodyException("a customer cannot be merged into itself");
        var key = draft.Key(GladlyTopics.Customer, kept);
        draft.Claim(Identifier.Account(draft.Connector, kept));
        draft.Claim(Identifier.Account(draft.Connector, merged));
        draft.Tell(
            EventCatalogue.ServiceAccountsMerged, key, at,
            draft.Write(key, Homing.Account, "merge/" + merged, new(at, draft.Source, 0), new AccountMerge(kept, merged, Completed)));
    }

    /// <summary>Normalised where Gladly says so, the primary one first, the rest in order of text, each once.</summary>
    private static List<string> Contacts(JsonElement body, ReadOnlySpan<byte> list, Func<JsonElement, bool> fits)
    {
        var contacts = new List<(bool IsPrimary, string Text)>();
        foreach (var contact in body.Objects(list))
        {
            if ((contact.Text("normalized"u8) ?? contact.Text("original"u8)) is { } text && fits(contact))
                contacts.Add((contact.Flag("primary"u8), text));
        }
        return [.. contacts.OrderByDescending(contact => contact.IsPrimary).ThenBy(contact => contact.Text, StringComparer.Ordinal).Select(contact => contact.Text).Distinct(StringComparer.Ordinal)];
    }

    private static List<string>? Others(List<string> contacts) => contacts.Count > 1 ? contacts[1..] : null;

    private static bool IsMobile(JsonElement phone) => phone.Word("type"u8) == "mobile";

    /// <summary>The map of adapters made since 2021, or the one id of older ones.</summary>
    private static List<string> ExternalIds(JsonElement body)
    {
        var ids = new List<string>();
        foreach (var id in body.Object("externalCustomerIds"u8)?.EnumerateObject() ?? default)
        {
            if (TextOf(id.Value) is { Length: > 0 } text)
                ids.Add(text);
        }
        if (body.Text("externalCustomerId"u8) is { } older)
            ids.Add(older);
        return ids;
    }

    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            throw JsonBody.Wrong("externalCustomerIds"u8, "a map of valid texts");
        }
    }

    /// <summary>Whether support may write to a number: a preference for service, no consent to marketing (SEMANTICS 4). The profile's time orders it; when the person said so is not known.</summary>
    private static void WritePreferences(JsonElement body, TranslationDraft draft, EntityKey key, DateTimeOffset? at)
    {
        foreach (var phone in body.Objects("phones"u8))
        {
            var (state, rank) = phone.Word("smsPreference"u8) switch { "on" => ("granted", 1), "off" or "forbidden" => ("denied", 3), _ => ("", 0) };
            if (state.Length == 0 || Identifier.Phone(phone.Text("normalized"u8) ?? phone.Text("original"u8)) is not { } number)
                continue;
            draft.Write(key, Homing.Account, FacetNames.Consent("sms", number.Value, "service"), new(at, draft.Source, rank), new Consent("sms", number.Value, "service", state, null));
        }
    }
}
