using System.Text;
using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Connectors.Gladly;

/// <summary>What all of Gladly's webhooks share: a type, a time, and content that names things by their ids.</summary>
internal readonly struct GladlyEvent(JsonElement body)
{
    /// <summary>The second word of the type, lower case: <c>topic_added</c>.</summary>
    public string Verb { get; } = body.Word("type"u8)?.Split('/')[^1] ?? "changed";

    public DateTimeOffset? At { get; } = body.Time("timestamp"u8);

    public JsonElement Content { get; } = body.Object("content"u8) ?? throw new UnreadableBodyException("content is missing");

    /// <summary>Claims the customer that the content names; null when it names none.</summary>
    public string? ClaimCustomer(TranslationDraft draft)
    {
        draft.At = At;
        if (Content.Text("customerId"u8) is not { } id)
            return null;
        draft.Claim(Identifier.Account(draft.Connector, id));
        return id;
    }

    /// <summary>Who has it: <c>content.context.assignee</c>.</summary>
    public (string? Inbox, string? Agent) Assignee() => AssigneeOf(Content.Object("context"u8));

    public static (string? Inbox, string? Agent) AssigneeOf(JsonElement? holder) =>
        holder?.Object("assignee"u8) is { } assignee ? (assignee.Text("inboxId"u8), assignee.Text("agentId"u8)) : (null, null);

    /// <summary>An id without which the body says nothing.</summary>
    public static string Required(JsonElement holder, ReadOnlySpan<byte> name) =>
        holder.Text(name) ?? throw new UnreadableBodyException($"{Encoding.UTF8.GetString(name)} is missing");
}
