using Refit;

namespace ValueChainHub.Connectors.Gladly;

/// <summary>Gladly's REST API, as far as the hub reads it.</summary>
[Headers("Accept: application/json")]
internal interface IGladlyApi
{
    [Get("/api/v1/customer-profiles/{id}")]
    Task<HttpResponseMessage> CustomerAsync(string id, [Header("Authorization")] string authorization, CancellationToken cancellationToken);

    [Get("/api/v1/conversations/{id}")]
    Task<HttpResponseMessage> ConversationAsync(string id, [Header("Authorization")] string authorization, CancellationToken cancellationToken);
}
