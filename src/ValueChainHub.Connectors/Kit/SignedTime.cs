using System.Globalization;

namespace ValueChainHub.Connectors.Kit;

/// <summary>Times under a signature: how they are written, and how old they may be.</summary>
internal static class SignedTime
{
    /// <summary>What vendors and libraries of the field suggest.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>No further from now than the window, on either side; the edge is inside.</summary>
    public static bool IsWithin(DateTimeOffset signedAt, DateTimeOffset now, TimeSpan window) => (now - signedAt).Duration() <= window;

    /// <summary><c>Thu, 15 Jan 2026 10:30:00 GMT</c>; null when it is none.</summary>
    public static DateTimeOffset? HttpDate(string text) =>
        DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    /// <summary>Whole seconds since 1970, in digits; null when it is none.</summary>
    public static DateTimeOffset? UnixSeconds(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= LastSecond ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private static readonly long LastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();
}
