using System.Globalization;
using System.Net;
using Refit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Kit;

/// <summary>Why a call gave no answer to use. <paramref name="NotBefore"/> is the vendor's wish and wins over our schedule.</summary>
internal readonly record struct CallFailure(FailureKind Kind, string Reason, DateTimeOffset? NotBefore)
{
    public FetchOutcome.Failed AsFetch() => new(Kind, Reason, NotBefore);

    public PollOutcome.Failed AsPoll() => new(Kind, Reason, NotBefore);
}

/// <summary>Calls to vendors: one wire, one limit, one reading of failures.</summary>
internal static class VendorCalls
{
    public const long LargestAnswer = 8 * 1024 * 1024;

    public static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(10);

    /// <summary>Follows no redirect, which would carry the credentials to wherever it points.</summary>
    public static SocketsHttpHandler Direct() => new() { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };

    /// <summary>The body of the answer, or why there is none. Only the caller's own cancellation is thrown.</summary>
    public static async Task<(byte[]? Body, CallFailure Failure)> ReadAsync(
        Func<CancellationToken, Task<HttpResponseMessage>> call, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestCall);
        try
        {
            using var response = await call(limit.Token);
            if (!response.IsSuccessStatusCode)
                return (null, FailureOf(response, time.GetUtcNow()));
            await response.Content.LoadIntoBufferAsync(LargestAnswer, limit.Token);
            return (await response.Content.ReadAsByteArrayAsync(limit.Token), default);
        }
        catch (Exception fault) when (fault is OperationCanceledException or HttpRequestException or ApiExceptionBase or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return (null, limit.IsCancellationRequested
                ? new(FailureKind.Timeout, "no answer in time", null)
                : new(FailureKind.Unavailable, "the vendor could not be reached", null));
        }
    }

    /// <summary>The status alone decides; the vendor's words may quote what was asked for and are not repeated.</summary>
    public static CallFailure FailureOf(HttpResponseMessage response, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        var kind = response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests => FailureKind.Throttled,
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => FailureKind.Unauthorized,
            HttpStatusCode.RequestTimeout => FailureKind.Timeout,
            _ => status >= 500 ? FailureKind.Unavailable : FailureKind.Refused,
        };
        return new(kind, "HTTP " + status.ToString(CultureInfo.InvariantCulture), kind.MayRetry() ? RetryAfter(response, now) : null);
    }

    private static DateTimeOffset? RetryAfter(HttpResponseMessage response, DateTimeOffset now) => response.Headers.RetryAfter switch
    {
        { Date: { } date } => date,
        { Delta: { } delta } => now + delta,
        _ => null,
    };
}
