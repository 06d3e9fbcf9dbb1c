using System.Globalization;
using System.Text.RegularExpressions;
using ValueChainHub.Sandbox.Vendors.Shopify.GraphQl;

namespace ValueChainHub.Sandbox.Vendors.Shopify;

/// <summary>Shopify's search syntax, as far as lists are walked by it: <c>updated_at:&gt;='2026-01-15T10:00:00Z'</c>, several of them with or without AND.</summary>
/// <remarks>Shopify passes over a term that it does not know, with a warning; here it is refused, so that a misspelled one is noticed.</remarks>
internal static partial class ShopSearch
{
    /// <param name="search">Null or empty for everything.</param>
    /// <param name="dayIn">The shop's offset in hours when the filter matches by whole days of it, as that of customers does (FACTS 1); null when it matches exactly.</param>
    public static ShopSpan Read(string? search, int? dayIn)
    {
        var span = ShopSpan.All;
        foreach (var term in (search ?? "").Split((string[])[" AND ", " "], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var match = Term().Match(term);
            if (!match.Success || !DateTimeOffset.TryParse(match.Groups["time"].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                throw new GraphQlException("BAD_USER_INPUT", "a term of the search that the sandbox does not know");
            span = span.And(SpanOf(match.Groups["is"].Value, time.UtcTicks, dayIn is { } zone ? DayOf(time, zone) : null));
        }
        return span;
    }

    /// <summary>The id that a search for higher ones names; 0 for none.</summary>
    public static long Above(string? search)
    {
        if (string.IsNullOrEmpty(search))
            return 0;
        return search.StartsWith("id:>", StringComparison.Ordinal) && long.TryParse(search.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new GraphQlException("BAD_USER_INPUT", "a term of the search that the sandbox does not know");
    }

    private static ShopSpan SpanOf(string sign, long at, (long First, long Last)? day)
    {
        var (first, last) = day ?? (at, at);
        return sign switch
        {
            ">=" => ShopSpan.All with { From = first },
            ">" => ShopSpan.All with { From = last + 1 },
            "<=" => ShopSpan.All with { Until = last },
            "<" => ShopSpan.All with { Until = first - 1 },
            _ => new(first, last),
        };
    }

    private static (long First, long Last) DayOf(DateTimeOffset time, int zone)
    {
        var first = new DateTimeOffset(time.ToOffset(TimeSpan.FromHours(zone)).Date, TimeSpan.FromHours(zone)).UtcTicks;
        return (first, first + TimeSpan.TicksPerDay - 1);
    }

    [GeneratedRegex("^updated_at:(?<is>>=|<=|>|<|)['\"]?(?<time>[^'\"]+)['\"]?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Term();
}
