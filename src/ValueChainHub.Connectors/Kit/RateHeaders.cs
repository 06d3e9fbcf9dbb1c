using System.Globalization;
using System.Net;

namespace ValueChainHub.Connectors.Kit;

/// <summary>What vendors say about their limits in the headers of an answer.</summary>
internal static class RateHeaders
{
    /// <summary>Until when nothing is left, or null while there is. A 429 that names no time means the vendor's own span.</summary>
    public static DateTimeOffset? HeldUntil(HttpResponseMessage response, CallLimit limit, DateTimeOffset now)
    {
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
            return RetryAfter(response, now) ?? Reset(response, now) ?? now + limit.Per;
        if (Number(response, "Ratelimit-Remaining-Second") == 0)
            return now.AddSeconds(1);
        return Number(response, "RateLimit-Remaining") == 0 ? Reset(response, now) : null;
    }

    /// <summary>How many calls a second the vendor grants, where it says so.</summary>
    public static int? PerSecond(HttpResponseMessage response) => Number(response, "Ratelimit-Limit-Second");

    public static DateTimeOffset? RetryAfter(HttpResponseMessage response, DateTimeOffset now) => response.Headers.RetryAfter switch
    {
        { Date: { } date } => date,
        { Delta: { } delta } => now + delta,
        _ => null,
    };

    /// <summary>Seconds until the window ends.</summary>
    private static DateTimeOffset? Reset(HttpResponseMessage response, DateTimeOffset now) =>
        Number(response, "RateLimit-Reset") is { } seconds and <= 3600 ? now.AddSeconds(seconds) : null;

    private static int? Number(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) && int.TryParse(values.First(), NumberStyles.None | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
