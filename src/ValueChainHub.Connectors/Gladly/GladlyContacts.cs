using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Gladly;

/// <summary>Contacts: calls, chats and messages inside a conversation.</summary>
internal static class GladlyContacts
{
    /// <summary>Shopper and support were in contact: the last time of it is the conversation's register.</summary>
    public static void Happened(GladlyEvent told, TranslationDraft draft, string eventType)
    {
        var (key, contact) = Statement(told, draft);
        var json = ChainJson.Write(contact);
        if (key.Type == GladlyTopics.Conversation)
            draft.Write(key, Homing.Shopper, FacetNames.Contact, new(told.At, draft.Source, 0), contact);
        draft.Tell(eventType, key, told.At, json);
        if (eventType == EventCatalogue.ContactStarted && told.Content.Text("customerId"u8) is { } customer)
            draft.Fetch($"{GladlyTopics.Customer}/{customer}", "a contact names its customer by id only");
    }

    /// <summary>Offered, transferred, put on hold: what support does among itself is no contact with the shopper.</summary>
    public static void Handled(GladlyEvent told, TranslationDraft draft)
    {
        var (key, contact) = Statement(told, draft);
        draft.Tell(EventCatalogue.ContactUpdated, key, told.At, ChainJson.Write(contact));
    }

    /// <summary>A contact belongs to its conversation; without one it stands by itself.</summary>
    private static (EntityKey Key, Contact Contact) Statement(GladlyEvent told, TranslationDraft draft)
    {
        var (id, conversation) = (told.Content.Text("contactId"u8), told.Content.Text("conversationId"u8));
        if (id is null && conversation is null)
            throw new UnreadableBodyException("conversationId is missing");
        told.ClaimCustomer(draft);
        var key = conversation is null ? draft.Key("contact", id!) : draft.Key(GladlyTopics.Conversation, conversation);
        draft.Touch(key, Homing.Shopper);
        return (key, new(id, conversation, told.Verb, told.At));
    }
}
