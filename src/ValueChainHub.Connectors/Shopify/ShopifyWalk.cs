using System.Globalization;
using ValueChainHub.Connectors.Kit;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>Where a walk through a list of Shopify's stands.</summary>
/// <param name="Since">From this instant on.</param>
/// <param name="After">Shopify's cursor; null for the first page.</param>
/// <param name="Seen">How many things the pages up to it had.</param>
internal sealed record ShopifyWalk(DateTimeOffset Since, string? After, int Seen)
{
    /// <summary>Shopify's cursors end at 25,000 things; before that a new list is begun at the last change seen.</summary>
    private const int LongestList = 20_000;

    private const string Form = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    public string OrdersSearch => $"updated_at:>='{Text(Since)}'";

    /// <summary>Matched by whole days of a zone that is not said: a day more on the safe side.</summary>
    public string CustomersSearch => $"updated_at:>='{Text(new(Since.UtcDateTime.Date.AddDays(-1), TimeSpan.Zero))}'";

    /// <summary>A written cursor; null for none, and for a text that is none of ours.</summary>
    public static ShopifyWalk? Read(string? cursor)
    {
        if (cursor?.Split('~', 3) is not [var since, var seen, var after])
            return null;
        return DateTimeOffset.TryParseExact(since, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && int.TryParse(seen, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? new(time, after.Length == 0 ? null : after, count)
            : null;
    }

    /// <summary>The page after one with these items. What is on both sides of a new beginning is seen twice.</summary>
    public ShopifyWalk? Next(string? after, IReadOnlyList<VendorItem> items, Func<ShopifyWalk, string> search)
    {
        if (after is null)
            return null;
        var next = this with { After = after, Seen = Seen + items.Count };
        if (next.Seen < LongestList || items.Count == 0 || items[^1].UpdatedAt is not { } last)
            return next;
        var anew = new ShopifyWalk(last, null, 0);
        return search(anew) == search(this) ? next : anew;
    }

    public override string ToString() => $"{Text(Since)}~{Seen.ToString(CultureInfo.InvariantCulture)}~{After}";

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);
}
