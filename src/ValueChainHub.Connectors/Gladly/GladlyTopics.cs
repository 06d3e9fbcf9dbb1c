using System.Collections.Frozen;
using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;

namespace ValueChainHub.Connectors.Gladly;

/// <summary>What is done with each type of webhook and each fetched answer. A type that is not here is stored and counted as suppressed.</summary>
internal static class GladlyTopics
{
    /// <summary>The topic of a body without a usable type.</summary>
    public const string None = "NONE";

    /// <summary>What Gladly sends when a webhook is made or changed.</summary>
    public const string Ping = "PING";

    // What is fetched, and the types of the entities.
    public const string Customer = "customer";
    public const string Conversation = "conversation";

    // The topics under which answers are stored; never a webhook's.
    public const string FetchedCustomer = "rest/customer";
    public const string MovedCustomer = "rest/customer/moved";
    public const string GoneCustomer = "rest/customer/gone";
    public const string FetchedConversation = "rest/conversation";

    public delegate void Reader(JsonElement body, TranslationDraft draft);

    public static FrozenDictionary<string, Reader> Webhooks { get; } = new Dictionary<string, Reader>(StringComparer.Ordinal)
    {
        [Ping] = (_, draft) => draft.Suppress("a ping says nothing"),
        [None] = (_, _) => throw new UnreadableBodyException("type is missing"),
        ["CONVERSATION/CREATED"] = (body, draft) => GladlyConversations.Opened(new(body), draft),
        ["CONVERSATION/CLOSED"] = (body, draft) => GladlyConversations.Closed(new(body), draft),
        ["CONVERSATION/REOPENED"] = (body, draft) => GladlyConversations.Reopened(new(body), draft),
        ["CONVERSATION/NOTE_CREATED"] = (body, draft) => GladlyConversations.Changed(new(body), draft, isHint: false),
        ["CONVERSATION/TOPIC_ADDED"] = (body, draft) => GladlyConversations.Changed(new(body), draft, isHint: true),
        ["CONVERSATION/TOPIC_REMOVED"] = (body, draft) => GladlyConversations.Changed(new(body), draft, isHint: true),
        ["CONVERSATION/CUSTOM_ATTRIBUTE_ADDED"] = (body, draft) => GladlyConversations.Changed(new(body), draft, isHint: true),
        ["CONVERSATION/CUSTOM_ATTRIBUTE_REMOVED"] = (body, draft) => GladlyConversations.Changed(new(body), draft, isHint: true),
        ["CONVERSATION_ASSIGNEE/UPDATED"] = (body, draft) => GladlyConversations.Changed(new(body), draft, isHint: false),
        ["CONVERSATION_STATUS/UPDATED"] = (body, draft) => GladlyConversations.StatusChanged(new(body), draft),
        ["CONTACT/STARTED"] = (body, draft) => GladlyContacts.Happened(new(body), draft, EventCatalogue.ContactStarted),
        ["CONTACT/ENDED"] = (body, draft) => GladlyContacts.Happened(new(body), draft, EventCatalogue.ContactEnded),
        ["CONTACT/FULFILLED"] = (body, draft) => GladlyContacts.Happened(new(body), draft, EventCatalogue.ContactUpdated),
        ["CONTACT/JOINED"] = (body, draft) => GladlyContacts.Happened(new(body), draft, EventCatalogue.ContactUpdated),
        ["CONTACT/MESSAGE_RECEIVED"] = (body, draft) => GladlyContacts.Happened(new(body), draft, EventCatalogue.ContactReceived),
        ["CONTACT/MESSAGE_SENT"] = (body, draft) => GladlyContacts.Happened(new(body), draft, EventCatalogue.ContactSent),
        ["TASK/CREATED"] = (body, draft) => GladlyTasks.Status(new(body), draft, "open", 1, EventCatalogue.TaskCreated),
        ["TASK/REOPENED"] = (body, draft) => GladlyTasks.Status(new(body), draft, "open", 2, EventCatalogue.TaskReopened),
        ["TASK/CLOSED"] = (body, draft) => GladlyTasks.Status(new(body), draft, "closed", 3, EventCatalogue.TaskClosed),
        ["CUSTOMER_PROFILE/CREATED"] = (body, draft) => GladlyCustomers.Hint(new(body), draft, EventCatalogue.ServiceAccountCreated),
        ["CUSTOMER_PROFILE/UPDATED"] = (body, draft) => GladlyCustomers.Hint(new(body), draft, EventCatalogue.ServiceAccountUpdated),
        ["CUSTOMER_PROFILE/DELETED"] = (body, draft) => GladlyCustomers.Deleted(new(body), draft),
        ["CUSTOMER_PROFILE/MERGED"] = (body, draft) => GladlyCustomers.OldMerge(new(body), draft),
        ["CUSTOMER/MERGED"] = (body, draft) => GladlyCustomers.Merged(new(body), draft),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The reader of a webhook's type; families grow, so an unknown member of a known one is told as a change.</summary>
    public static Reader? Webhook(string topic)
    {
        var type = topic.Trim().ToUpperInvariant();
        return Webhooks.GetValueOrDefault(type) ?? type.Split('/')[0] switch
        {
            "CONVERSATION" => (body, draft) => GladlyConversations.Changed(new(body), draft, isHint: true),
            "CONTACT" => (body, draft) => GladlyContacts.Handled(new(body), draft),
            "TASK" => (body, draft) => GladlyTasks.Changed(new(body), draft),
            _ => null,
        };
    }

    public static Reader? Fetched(string topic) => topic switch
    {
        FetchedCustomer => GladlyCustomers.Read,
        MovedCustomer => GladlyCustomers.Moved,
        GoneCustomer => GladlyCustomers.Gone,
        FetchedConversation => GladlyConversations.Read,
        _ => null,
    };
}
