using System.Globalization;
using System.Net;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Kit;

/// <summary>What an HTTP answer without success means: its kind, and when the vendor wants to be asked again.</summary>
internal static class VendorFailure
{
    public static FetchOutcome.Failed Of(HttpResponseMessage response, TimeProvider time)
    {
        var status = (int)response.StatusCode;
        var reason = "HTTP " + status.ToString(CultureInfo.InvariantCulture);
        return response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests => new(FailureKind.Throttled, reason, RetryAfter(response, time)),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(FailureKind.Unauthorized, reason),
            HttpStatusCode.RequestTimeout => new(FailureKind.Timeout, reason, RetryAfter(response, time)),
            _ => status >= 500 ? new(FailureKind.Unavailable, reason, RetryAfter(response, time)) : new(FailureKind.Refused, reason),
        };
    }

    private static DateTimeOffset? RetryAfter(HttpResponseMessage response, TimeProvider time) => response.Headers.RetryAfter switch
    {
        { Date: { } date } => date,
        { Delta: { } delta } => time.GetUtcNow() + delta,
        _ => null,
    };
}
