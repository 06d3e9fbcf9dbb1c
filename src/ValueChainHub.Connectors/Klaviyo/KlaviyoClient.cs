using Refit;

namespace ValueChainHub.Connectors.Klaviyo;

/// <summary>Klaviyo's API, in one dated revision.</summary>
[Headers("revision: 2026-07-15", "Accept: application/vnd.api+json")]
internal interface IKlaviyoApi
{
    [Get("/api/metrics")]
    Task<HttpResponseMessage> MetricsAsync(
        [Header("Authorization")] string authorization,
        [AliasAs("page[cursor]")] string? cursor,
        CancellationToken cancellationToken);

    [Get("/api/events")]
    Task<HttpResponseMessage> EventsAsync(
        [Header("Authorization")] string authorization,
        [AliasAs("filter")] string filter,
        [AliasAs("include")] string include,
        [AliasAs("sort")] string sort,
        [AliasAs("page[size]")] int size,
        [AliasAs("page[cursor]")] string? cursor,
        CancellationToken cancellationToken);
}
