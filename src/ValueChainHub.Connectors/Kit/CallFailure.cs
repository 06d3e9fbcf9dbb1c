using System.Globalization;
using System.Net;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Kit;

/// <summary>Why a call gave no answer to use. <paramref name="NotBefore"/> is the vendor's wish and wins over our schedule.</summary>
internal readonly record struct CallFailure(FailureKind Kind, string Reason, DateTimeOffset? NotBefore)
{
    public FetchOutcome.Failed AsFetch() => new(Kind, Reason, NotBefore);

    public PollOutcome.Failed AsPoll() => new(Kind, Reason, NotBefore);

    /// <summary>The status alone decides; the vendor's words may quote what was asked for and are not repeated.</summary>
    public static CallFailure Of(HttpResponseMessage response, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        var kind = response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests => FailureKind.Throttled,
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => FailureKind.Unauthorized,
            HttpStatusCode.RequestTimeout => FailureKind.Timeout,
            _ => status >= 500 ? FailureKind.Unavailable : FailureKind.Refused,
        };
        return new(kind, "HTTP " + status.ToString(CultureInfo.InvariantCulture), kind.MayRetry() ? RateHeaders.RetryAfter(response, now) : null);
    }
}
