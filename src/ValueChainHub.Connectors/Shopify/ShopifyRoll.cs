using System.Globalization;
using ValueChainHub.Connectors.Kit;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>Where a walk through all of a list stands, by rising id: what is changed meanwhile keeps its place, and what is new comes at the end.</summary>
/// <param name="Above">Ids above this one; null from the beginning. Shopify's cursors end at 25,000 things, so before that a new list begins there.</param>
/// <param name="After">Shopify's cursor; null for the first page of the list.</param>
/// <param name="Seen">How many things the pages up to it had.</param>
internal sealed record ShopifyRoll(string? Above, string? After, int Seen)
{
    private const int LongestList = 20_000;

    private const string Mark = "id";

    public string? Search => Above is null ? null : "id:>" + Above;

    /// <summary>A written cursor; the beginning for none.</summary>
    public static ShopifyRoll Read(string? cursor) =>
        cursor?.Split('~', 4) is [Mark, var above, var seen, var after] && int.TryParse(seen, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? new(above.Length == 0 ? null : above, after.Length == 0 ? null : after, count)
            : new(null, null, 0);

    /// <summary>The page after one with these items.</summary>
    public ShopifyRoll Next(string after, IReadOnlyList<VendorItem> items) =>
        Seen + items.Count >= LongestList ? Tail(items) : this with { After = after, Seen = Seen + items.Count };

    /// <summary>A list of what comes after these items.</summary>
    public ShopifyRoll Tail(IReadOnlyList<VendorItem> items) => items.Count == 0 ? this : new(items[^1].Id, null, 0);

    public override string ToString() => $"{Mark}~{Above}~{Seen.ToString(CultureInfo.InvariantCulture)}~{After}";
}
