using System.Globalization;
using System.Net;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Kit;

/// <summary>Why a call gave no answer to use. <paramref name="NotBefore"/> is the vendor's wish and wins over our schedule.</summary>
internal readonly record struct CallFailure(FailureKind Kind, string Reason, DateTimeOffset? NotBefore)
{
    /// <summary>The status that the vendor answered; null when nothing answered.</summary>
    public int? Status { get; init; }

    /// <summary>The vendor's own code of it and the id of the request, where it names them.</summary>
    public RefusalMarks Marks { get; init; }

    /// <summary>The reason with the vendor's marks: all that may be said of a failure to people.</summary>
    public string Text => Reason + (Marks.Code is { } code && code != Reason ? " " + code : "") + (Marks.RequestId is { } id ? $" (request {id})" : "");

    public FetchOutcome.Failed AsFetch() => new(Kind, Text, NotBefore);

    public PollOutcome.Failed AsPoll() => new(Kind, Text, NotBefore);

    /// <summary>The answer is none of the vendor's, or not what was asked for: a proxy's page, a body cut off. It may be better next time.</summary>
    public static CallFailure Unreadable(string expected) => new(FailureKind.Unavailable, $"the answer is not {expected}", null);

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
        return new(kind, "HTTP " + status.ToString(CultureInfo.InvariantCulture), kind.MayRetry() ? RateHeaders.RetryAfter(response, now) : null) { Status = status };
    }
}
