using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Gladly;

/// <summary>Tasks: what agents are to do for a shopper.</summary>
internal static class GladlyTasks
{
    /// <summary>TASK/CREATED, CLOSED, REOPENED.</summary>
    public static void Status(GladlyEvent told, TranslationDraft draft, string status, int rank, string eventType)
    {
        var (key, task) = Statement(told, draft);
        draft.Tell(eventType, key, told.At, draft.Write(key, Homing.Shopper, FacetNames.Status, new(told.At, draft.Source, rank), task with { Status = status }));
        if (eventType == EventCatalogue.TaskCreated && told.Content.Text("customerId"u8) is { } customer)
            draft.Fetch($"{GladlyTopics.Customer}/{customer}", "a task names its customer by id only");
    }

    /// <summary>Assignee, comments, content, due date, followers.</summary>
    public static void Changed(GladlyEvent told, TranslationDraft draft)
    {
        var (key, task) = Statement(told, draft);
        draft.Touch(key, Homing.Shopper);
        draft.Tell(EventCatalogue.TaskUpdated, key, told.At, ChainJson.Write(task with { Change = told.Verb }));
    }

    private static (EntityKey Key, ServiceTask Task) Statement(GladlyEvent told, TranslationDraft draft)
    {
        var id = GladlyEvent.Required(told.Content, "taskId"u8);
        var (inbox, agent) = told.Assignee();
        told.ClaimCustomer(draft);
        return (draft.Key("task", id), new(id, null, null, told.At, inbox, agent));
    }
}
