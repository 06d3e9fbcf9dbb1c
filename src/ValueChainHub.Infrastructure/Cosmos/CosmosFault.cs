using System.Net;
using Azure.Identity;
using Microsoft.Azure.Cosmos;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Infrastructure.Cosmos;

/// <summary>What Cosmos DB could not do, in the words of the port.</summary>
/// <remarks>The SDK has waited and asked again where that helps (429, 449) before any of this is said.</remarks>
internal static class CosmosFault
{
    private const HttpStatusCode RetryWith = (HttpStatusCode)449;

    /// <summary>A status that is neither success nor a refusal of the port's.</summary>
    /// <param name="status">The answer's status.</param>
    /// <param name="isWrite">Whether something may have been stored.</param>
    /// <param name="retryAfter">How long the service asked to be left alone.</param>
    public static Exception Of(HttpStatusCode status, bool isWrite, TimeSpan? retryAfter) => status switch
    {
        HttpStatusCode.TooManyRequests => new StoreUnavailableException("Cosmos DB is throttled (429).", outcomeUnknown: false) { RetryAfter = retryAfter },
        RetryWith => new StoreUnavailableException("Cosmos DB asks to retry (449).", outcomeUnknown: false) { RetryAfter = retryAfter },
        HttpStatusCode.RequestEntityTooLarge => new ArgumentException("Cosmos DB takes 2 MB of documents at once (413)."),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new StoreUnavailableException($"Cosmos DB refuses this identity or key ({(int)status}).", outcomeUnknown: false),
        HttpStatusCode.BadRequest => new InvalidOperationException("Cosmos DB does not take this request (400)."),
        _ => new StoreUnavailableException($"Cosmos DB answers {(int)status}.", outcomeUnknown: isWrite) { RetryAfter = retryAfter },
    };

    /// <summary>Whether what was thrown instead of an answer is Cosmos DB's doing.</summary>
    public static bool Is(Exception thrown) => thrown is CosmosException or HttpRequestException or IOException or TimeoutException or AuthenticationFailedException;

    /// <summary>What was thrown instead of an answer.</summary>
    /// <remarks>A connection that broke throws <see cref="HttpRequestException"/>, and the write that was on it may have been applied.</remarks>
    public static Exception Of(Exception thrown, bool isWrite) => thrown switch
    {
        CosmosException fault => Of(fault.StatusCode, isWrite, fault.RetryAfter),
        AuthenticationFailedException => new StoreUnavailableException("There is no identity to reach Cosmos DB with.", outcomeUnknown: false, thrown),
        _ => new StoreUnavailableException("The connection to Cosmos DB broke.", outcomeUnknown: isWrite, thrown),
    };
}
