using Refit;

namespace ValueChainHub.Connectors.Klaviyo;

/// <summary>Klaviyo's API, in one dated revision.</summary>
[Headers("revision: 2026-07-15", "Accept: application/vnd.api+json")]
internal interface IKlaviyoApi
{
    /// <summary>The type of every body.</summary>
    private const string JsonApi = "Content-Type: application/vnd.api+json";

    [Get("/api/accounts")]
    Task<HttpResponseMessage> AccountsAsync([Header("Authorization")] string authorization, CancellationToken cancellationToken);

    [Get("/api/metrics")]
    Task<HttpResponseMessage> MetricsAsync(
        [Header("Authorization")] string authorization,
        [AliasAs("page[cursor]")] string? cursor,
        CancellationToken cancellationToken);

    [Get("/api/events")]
    Task<HttpResponseMessage> EventsAsync(
        [Header("Authorization")] string authorization,
        [AliasAs("filter")] string? filter,
        [AliasAs("include")] string? include,
        [AliasAs("sort")] string? sort,
        [AliasAs("page[size]")] int size,
        [AliasAs("page[cursor]")] string? cursor,
        CancellationToken cancellationToken);

    /// <summary>202: accepted, which is all that is ever said of an event.</summary>
    [Post("/api/events")]
    [Headers(JsonApi)]
    Task<HttpResponseMessage> CreateEventAsync([Body] KlaviyoBody<KlaviyoEvent> happened, [Header("Authorization")] string authorization, CancellationToken cancellationToken);

    [Get("/api/profiles")]
    Task<HttpResponseMessage> ProfilesAsync(
        [Header("Authorization")] string authorization,
        [AliasAs("filter")] string filter,
        [AliasAs("sort")] string sort,
        [AliasAs("additional-fields[profile]")] string additional,
        [AliasAs("page[size]")] int size,
        [AliasAs("page[cursor]")] string? cursor,
        CancellationToken cancellationToken);

    /// <summary>Makes or changes a profile: what is missing stays.</summary>
    [Post("/api/profile-import")]
    [Headers(JsonApi)]
    Task<HttpResponseMessage> ImportProfileAsync([Body] KlaviyoBody<KlaviyoProfile> profile, [Header("Authorization")] string authorization, CancellationToken cancellationToken);

    [Post("/api/profile-subscription-bulk-create-jobs")]
    [Headers(JsonApi)]
    Task<HttpResponseMessage> SubscribeProfilesAsync([Body] KlaviyoBody<KlaviyoSubscribers> job, [Header("Authorization")] string authorization, CancellationToken cancellationToken);

    [Post("/api/profile-subscription-bulk-delete-jobs")]
    [Headers(JsonApi)]
    Task<HttpResponseMessage> UnsubscribeProfilesAsync([Body] KlaviyoBody<KlaviyoSubscribers> job, [Header("Authorization")] string authorization, CancellationToken cancellationToken);

    [Post("/api/profile-suppression-bulk-create-jobs")]
    [Headers(JsonApi)]
    Task<HttpResponseMessage> SuppressProfilesAsync([Body] KlaviyoBody<KlaviyoSubscribers> job, [Header("Authorization")] string authorization, CancellationToken cancellationToken);

    [Get("/api/webhook-topics")]
    Task<HttpResponseMessage> TopicsAsync([Header("Authorization")] string authorization, CancellationToken cancellationToken);

    [Get("/api/webhooks")]
    Task<HttpResponseMessage> WebhooksAsync([Header("Authorization")] string authorization, [AliasAs("include")] string include, CancellationToken cancellationToken);

    [Post("/api/webhooks")]
    [Headers(JsonApi)]
    Task<HttpResponseMessage> CreateWebhookAsync([Body] KlaviyoBody<KlaviyoWebhook> webhook, [Header("Authorization")] string authorization, CancellationToken cancellationToken);

    [Delete("/api/webhooks/{id}")]
    Task<HttpResponseMessage> DeleteWebhookAsync(string id, [Header("Authorization")] string authorization, CancellationToken cancellationToken);
}
