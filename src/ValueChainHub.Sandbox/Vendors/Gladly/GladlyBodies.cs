using System.Globalization;
using System.Text.Json.Nodes;
using ValueChainHub.Sandbox.Vendors.State;

namespace ValueChainHub.Sandbox.Vendors.Gladly;

/// <summary>Bodies as Gladly writes them: webhooks of ids alone, resources in camel case, times with milliseconds.</summary>
internal static class GladlyBodies
{
    private static readonly string Agent = GladlyIds.Of("agent", "1");
    public static readonly string Inbox = GladlyIds.Of("inbox", "1");

    public static JsonObject Webhook(string id, string type, DateTimeOffset at, GladlyCustomer? byShopper, JsonObject content) => new()
    {
        ["id"] = id,
        ["type"] = type,
        ["timestamp"] = Time(at),
        ["initiator"] = new JsonObject { ["id"] = byShopper?.Id ?? Agent, ["type"] = byShopper is null ? "AGENT" : "CUSTOMER" },
        ["content"] = content,
    };

    public static JsonObject About(GladlyCustomer customer) => new() { ["customerId"] = customer.Id };

    public static JsonObject About(GladlyConversation conversation)
    {
        var content = About(conversation.Customer);
        content["conversationId"] = conversation.Id;
        content["context"] = new JsonObject { ["assignee"] = Assignee(conversation) };
        return content;
    }

    public static JsonObject AboutContact(GladlyConversation conversation)
    {
        var content = About(conversation);
        content["contactId"] = conversation.ContactId;
        return content;
    }

    public static JsonObject AboutTask(GladlyConversation conversation)
    {
        var content = About(conversation.Customer);
        content["taskId"] = conversation.TaskId;
        content["context"] = new JsonObject { ["assignee"] = Assignee(conversation) };
        return content;
    }

    public static JsonObject AboutMerge(GladlyCustomer kept, GladlyCustomer merged) => new() { ["destinationCustomerId"] = kept.Id, ["sourceCustomerId"] = merged.Id };

    public static JsonObject Customer(GladlyCustomer customer) => new()
    {
        ["id"] = customer.Id,
        ["createdAt"] = Time(customer.CreatedAt),
        ["updatedAt"] = Time(customer.UpdatedAt),
        ["name"] = customer.Name,
        ["address"] = "",
        ["emails"] = new JsonArray([.. customer.Emails.Select((email, index) => new JsonObject { ["original"] = email, ["normalized"] = email.ToLowerInvariant(), ["primary"] = index == 0 })]),
        ["phones"] = new JsonArray([.. customer.Phones.Select((phone, index) => Phone(customer, phone, index == 0))]),
        ["externalCustomerIds"] = new JsonObject(),
        ["customAttributes"] = new JsonObject(customer.Attributes.Select(one => KeyValuePair.Create(one.Key, one.Value?.DeepClone()))),
    };

    public static JsonObject Conversation(GladlyConversation conversation) => new()
    {
        ["id"] = conversation.Id,
        ["customerId"] = conversation.Customer.Id,
        ["createdAt"] = Time(conversation.CreatedAt),
        ["closedAt"] = conversation.ClosedAt is { } closed ? Time(closed) : null,
        ["status"] = new JsonObject { ["value"] = conversation.ClosedAt is null ? "OPEN" : "CLOSED" },
        ["assignee"] = Assignee(conversation),
        ["topicIds"] = new JsonArray(),
    };

    public static JsonArray Items(GladlyConversation conversation) => new([.. conversation.Messages.Select((message, index) => new JsonObject
    {
        ["id"] = GladlyIds.Of("item", conversation.Id, index.ToString(CultureInfo.InvariantCulture)),
        ["customerId"] = conversation.Customer.Id,
        ["conversationId"] = conversation.Id,
        ["timestamp"] = Time(message.At),
        ["initiator"] = new JsonObject { ["id"] = message.ByShopper ? conversation.Customer.Id : Agent, ["type"] = message.ByShopper ? "CUSTOMER" : "AGENT" },
        ["content"] = new JsonObject { ["type"] = "CHAT_MESSAGE", ["content"] = message.ByShopper ? "Where is my order?" : "On its way. I am sorry for the delay.", ["sessionId"] = conversation.ContactId },
    })]);

    public static JsonObject Subscription(Subscription one, DateTimeOffset? disabledAt) => new()
    {
        ["id"] = one.Id,
        ["name"] = "Hub",
        ["url"] = one.Address,
        ["events"] = new JsonArray([.. one.Topics.Select(topic => (JsonNode)topic)]),
        ["enabled"] = one.IsActive,
        ["createdAt"] = Time(one.MadeAt),
        ["disabledAtDueToRetryLimit"] = disabledAt is { } at ? Time(at) : null,
    };

    /// <summary>What Gladly sends when a webhook is made or changed.</summary>
    public static JsonObject Ping(string id, DateTimeOffset at) => new() { ["id"] = id, ["type"] = GladlyTypes.Ping, ["timestamp"] = Time(at), ["content"] = new JsonObject() };

    public static JsonObject AboutTask(GladlyTask task) => new()
    {
        ["customerId"] = task.Customer.Id,
        ["taskId"] = task.Id,
        ["context"] = new JsonObject { ["assignee"] = new JsonObject { ["inboxId"] = task.InboxId } },
    };

    public static JsonObject Error(string code, string detail, JsonObject? meta = null, string? attribute = null)
    {
        var error = new JsonObject { ["code"] = code, ["detail"] = detail };
        if (meta is not null)
            (error["attr"], error["meta"]) = ("id", meta);
        if (attribute is not null)
            error["attr"] = attribute;
        return new() { ["errors"] = new JsonArray(error) };
    }

    public static JsonObject Moved(GladlyCustomer from, GladlyCustomer to) =>
        Error("moved_permanently", "customer has been merged", new() { ["old"] = from.Id, ["new"] = to.Id });

    private static JsonObject Phone(GladlyCustomer customer, (string Number, string Type) phone, bool isPrimary) => new()
    {
        ["original"] = phone.Number,
        ["normalized"] = phone.Number,
        ["regionCode"] = "US",
        ["primary"] = isPrimary,
        ["smsPreference"] = customer.MayText ? "ON" : "OFF",
        ["type"] = phone.Type,
    };

    private static JsonObject Assignee(GladlyConversation conversation)
    {
        var assignee = new JsonObject { ["inboxId"] = Inbox };
        if (conversation.HasAgent)
            assignee["agentId"] = Agent;
        return assignee;
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
