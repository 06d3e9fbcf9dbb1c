using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Gladly;

/// <summary>Conversations: opened, closed, reopened, and what else changes in them.</summary>
internal static class GladlyConversations
{
    // For equal times: what ends a conversation stands above what begins it.
    private const int CreatedRank = 1;
    private const int ReopenedRank = 2;
    private const int ClosedRank = 3;

    public static void Opened(GladlyEvent told, TranslationDraft draft)
    {
        var key = Status(told, draft, "open", CreatedRank, EventCatalogue.ConversationOpened);
        draft.Write(key, Homing.Shopper, FacetNames.Started, new(told.At, draft.Source, 0), new Conversation { Id = key.Id, StartedAt = told.At });
    }

    public static void Closed(GladlyEvent told, TranslationDraft draft) => Status(told, draft, "closed", ClosedRank, EventCatalogue.ConversationClosed);

    public static void Reopened(GladlyEvent told, TranslationDraft draft) => Status(told, draft, "open", ReopenedRank, EventCatalogue.ConversationReopened);

    /// <summary>CONVERSATION_STATUS/UPDATED: with the new status when the body carries it, otherwise a hint.</summary>
    public static void StatusChanged(GladlyEvent told, TranslationDraft draft)
    {
        switch (StatusOf(told.Content))
        {
            case "closed":
                Closed(told, draft);
                break;
            case "open":
                Status(told, draft, "open", ReopenedRank, EventCatalogue.ConversationUpdated);
                break;
            default:
                Changed(told, draft, isHint: true);
                break;
        }
    }

    /// <summary>Something else changed: told as such, and fetched when the body only hints at it.</summary>
    public static void Changed(GladlyEvent told, TranslationDraft draft, bool isHint)
    {
        var (key, conversation) = Statement(told, draft);
        draft.Touch(key, Homing.Shopper);
        draft.Tell(EventCatalogue.ConversationUpdated, key, told.At, ChainJson.Write(conversation with { Change = told.Verb }));
        if (isHint)
            draft.Fetch($"{GladlyTopics.Conversation}/{key.Id}", "a conversation changed");
    }

    /// <summary>A conversation as the API has it. It names no time of its status but the one it was closed at, so an open one only fills what is unknown.</summary>
    public static void Read(JsonElement body, TranslationDraft draft)
    {
        var id = GladlyEvent.Required(body, "id"u8);
        var key = draft.Key(GladlyTopics.Conversation, id);
        var (createdAt, closedAt, status) = (body.Time("createdAt"u8), body.Time("closedAt"u8), StatusOf(body));
        var (inbox, agent) = GladlyEvent.AssigneeOf(body);
        draft.At = closedAt ?? createdAt;
        if (body.Text("customerId"u8) is { } customer)
            draft.Claim(Core.Identity.Identifier.Account(draft.Connector, customer));
        var conversation = new Conversation { Id = id, Status = status, StartedAt = createdAt, InboxId = inbox, AgentId = agent, TopicIds = Topics(body) };
        draft.Write(key, Homing.Shopper, FacetNames.Core, new(null, draft.Source, 0), conversation);
        if (createdAt is not null)
            draft.Write(key, Homing.Shopper, FacetNames.Started, new(createdAt, draft.Source, 0), new Conversation { Id = id, StartedAt = createdAt });
        if (status == "closed")
            draft.Write(key, Homing.Shopper, FacetNames.Status, new(closedAt, draft.Source, ClosedRank), new Conversation { Id = id, Status = status, At = closedAt });
        else if (status == "open")
            draft.Write(key, Homing.Shopper, FacetNames.Status, new(createdAt, draft.Source, CreatedRank), new Conversation { Id = id, Status = status, At = createdAt });
        draft.Tell(EventCatalogue.ConversationUpdated, key, draft.At, ChainJson.Write(conversation));
    }

    private static EntityKey Status(GladlyEvent told, TranslationDraft draft, string status, int rank, string eventType)
    {
        var (key, conversation) = Statement(told, draft);
        var json = draft.Write(key, Homing.Shopper, FacetNames.Status, new(told.At, draft.Source, rank), conversation with { Status = status });
        draft.Tell(eventType, key, told.At, json);
        draft.Fetch($"{GladlyTopics.Conversation}/{key.Id}", "a conversation was opened or closed");
        if (status == "open" && told.Content.Text("customerId"u8) is { } customer)
            draft.Fetch($"{GladlyTopics.Customer}/{customer}", "a conversation names its customer by id only");
        return key;
    }

    private static (EntityKey Key, Conversation Conversation) Statement(GladlyEvent told, TranslationDraft draft)
    {
        var id = GladlyEvent.Required(told.Content, "conversationId"u8);
        var (inbox, agent) = told.Assignee();
        told.ClaimCustomer(draft);
        return (draft.Key(GladlyTopics.Conversation, id), new() { Id = id, At = told.At, InboxId = inbox, AgentId = agent });
    }

    /// <summary>Open (also while it waits) or closed; null for no word or one that is not known. Written as a word or as <c>{"value":...}</c>.</summary>
    private static string? StatusOf(JsonElement holder)
    {
        var word = holder.Field("status"u8) is { ValueKind: JsonValueKind.Object } status ? status.Word("value"u8) : holder.Word("status"u8);
        return word switch { "closed" => "closed", "open" or "new" or "waiting" => "open", _ => null };
    }

    private static List<string>? Topics(JsonElement body) => body.Texts("topicIds"u8).OfType<string>().Order(StringComparer.Ordinal).ToList() is { Count: > 0 } topics ? topics : null;
}
