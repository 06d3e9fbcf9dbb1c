using System.Text.Json;
using System.Text.Json.Serialization;
using Refit;

namespace ValueChainHub.Connectors.Gladly;

/// <summary>Gladly's REST API, as far as the hub reads and writes it.</summary>
[Headers("Accept: application/json")]
internal interface IGladlyApi
{
    [Get("/api/v1/customer-profiles/{id}")]
    Task<HttpResponseMessage> CustomerAsync(string id, [Header("Authorization")] string authorization, CancellationToken cancellationToken);

    /// <summary>By exactly one of the two; at most 50, the last changed first.</summary>
    [Get("/api/v1/customer-profiles")]
    Task<HttpResponseMessage> FindCustomersAsync(
        [AliasAs("email")] string? email, [AliasAs("phoneNumber")] string? phone, [Header("Authorization")] string authorization, CancellationToken cancellationToken);

    [Post("/api/v1/customer-profiles")]
    Task<HttpResponseMessage> CreateCustomerAsync([Body] GladlyProfile profile, [Header("Authorization")] string authorization, CancellationToken cancellationToken);

    [Patch("/api/v1/customer-profiles/{id}")]
    Task<HttpResponseMessage> PatchCustomerAsync(string id, [Body] GladlyPatch patch, [Header("Authorization")] string authorization, CancellationToken cancellationToken);

    [Get("/api/v1/conversations/{id}")]
    Task<HttpResponseMessage> ConversationAsync(string id, [Header("Authorization")] string authorization, CancellationToken cancellationToken);

    /// <summary>At most 100, the oldest first.</summary>
    [Get("/api/v1/customers/{id}/conversations")]
    Task<HttpResponseMessage> ConversationsAsync(string id, [Header("Authorization")] string authorization, CancellationToken cancellationToken);

    [Post("/api/v1/conversation-items")]
    Task<HttpResponseMessage> CreateItemAsync([Body] GladlyItem item, [Header("Authorization")] string authorization, CancellationToken cancellationToken);

    [Post("/api/v1/customers/{id}/tasks")]
    Task<HttpResponseMessage> CreateTaskAsync(string id, [Body] GladlyTask task, [Header("Authorization")] string authorization, CancellationToken cancellationToken);

    [Get("/api/v1/webhooks")]
    Task<HttpResponseMessage> WebhooksAsync([Header("Authorization")] string authorization, CancellationToken cancellationToken);

    [Post("/api/v1/webhooks")]
    Task<HttpResponseMessage> CreateWebhookAsync([Body] GladlyWebhook webhook, [Header("Authorization")] string authorization, CancellationToken cancellationToken);

    [Patch("/api/v1/webhooks/{id}")]
    Task<HttpResponseMessage> ChangeWebhookAsync(string id, [Body] GladlyWebhook webhook, [Header("Authorization")] string authorization, CancellationToken cancellationToken);

    [Delete("/api/v1/webhooks/{id}")]
    Task<HttpResponseMessage> DeleteWebhookAsync(string id, [Header("Authorization")] string authorization, CancellationToken cancellationToken);

    /// <summary>Of the last 24 hours, one JSON text a line.</summary>
    [Get("/api/v1/events")]
    [Headers("Accept: application/x-jsonlines, application/json")]
    Task<HttpResponseMessage> EventsAsync(
        [AliasAs("startAt")] string from,
        [AliasAs("endAt")] string until,
        [AliasAs("entities"), Query(CollectionFormat.Multi)] IReadOnlyList<string> entities,
        [Header("Authorization")] string authorization,
        CancellationToken cancellationToken);
}

/// <summary>A profile to make.</summary>
/// <param name="Id">Ours: safe in a URL and below 50 characters. Gladly refuses one that is taken, so that making it twice makes one.</param>
/// <param name="Name">How the person is called.</param>
/// <param name="Emails">E-mail addresses; unique in the organisation.</param>
/// <param name="Phones">Telephone numbers; mobile ones are unique in the organisation.</param>
/// <param name="CustomAttributes">By the names that the organisation has defined.</param>
internal sealed record GladlyProfile(
    string Id, string? Name, IReadOnlyList<GladlyEmail>? Emails, IReadOnlyList<GladlyPhone>? Phones, IReadOnlyDictionary<string, JsonElement>? CustomAttributes);

internal sealed record GladlyEmail(string Original);

/// <param name="Original">In E.164.</param>
/// <param name="Type"><c>HOME</c>, <c>MOBILE</c>, <c>OFFICE</c>.</param>
internal sealed record GladlyPhone(string Original, string? Type);

/// <summary>A change of a profile. A list replaces the one that is there; what is null stays.</summary>
internal sealed record GladlyPatch(string? Name, IReadOnlyList<JsonElement>? Emails, IReadOnlyList<JsonElement>? Phones, IReadOnlyDictionary<string, JsonElement>? CustomAttributes);

/// <summary>Something to show on a customer's timeline.</summary>
internal sealed record GladlyItem(string Id, GladlyWhose Customer, GladlyActivity Content);

/// <summary>Whose item it is: exactly one of them. Gladly makes a profile when nobody has it.</summary>
internal sealed record GladlyWhose(string? EmailAddress, string? MobilePhone);

/// <param name="Type">Always <c>CUSTOMER_ACTIVITY</c>.</param>
/// <param name="ActivityType"><c>EMAIL</c>, <c>ISSUE</c>, <c>SMS</c>, <c>SURVEY</c>: the picture beside it.</param>
/// <param name="Title">At most 100 characters.</param>
/// <param name="Body">At most 25,000 characters.</param>
/// <param name="SourceName">At most 50 characters.</param>
/// <param name="OccurredAt">Not older than a year.</param>
internal sealed record GladlyActivity(string Type, string ActivityType, string Title, string? Body, string SourceName, DateTimeOffset? OccurredAt);

/// <param name="Id">Ours, as a profile's.</param>
/// <param name="Body">At most 10,000 characters.</param>
/// <param name="DueAt">In the future.</param>
/// <param name="Assignee">Who does it.</param>
internal sealed record GladlyTask(string Id, string Body, DateTimeOffset DueAt, GladlyAssignee Assignee);

internal sealed record GladlyAssignee(string InboxId, string? AgentId);

/// <summary>A webhook to make or to change; what is null stays.</summary>
internal sealed record GladlyWebhook(IReadOnlyList<string> Events)
{
    public string? Name { get; init; }

    public string? Url { get; init; }

    public bool? Enabled { get; init; }

    public GladlyBasic? Credentials { get; init; }

    public IReadOnlyDictionary<string, string>? Headers { get; init; }
}

internal sealed record GladlyBasic(string Username, string Password);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GladlyProfile))]
[JsonSerializable(typeof(GladlyPatch))]
[JsonSerializable(typeof(GladlyItem))]
[JsonSerializable(typeof(GladlyTask))]
[JsonSerializable(typeof(GladlyWebhook))]
[JsonSerializable(typeof(JsonElement[]))]
internal sealed partial class GladlyJson : JsonSerializerContext;
