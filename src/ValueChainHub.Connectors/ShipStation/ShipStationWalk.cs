using System.Globalization;
using System.Text;
using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core;

namespace ValueChainHub.Connectors.ShipStation;

/// <summary>Where a walk through a list of the vendor's stands: from an instant on, and the page of that list.</summary>
/// <remarks>
/// Pages are numbered, and what changes during the walk moves to the end and everything after it one place forward: page numbers alone would pass things over.
/// So the next page is the first one of a list that begins a second before the last change seen; only a page that holds a single second is followed by number. What is seen twice is the same.
/// </remarks>
internal sealed record ShipStationWalk(DateTimeOffset Since, int Page)
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(1);

    /// <summary>The beginning in the vendor's words.</summary>
    public string From => Since.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    /// <summary>A written cursor; null for none, and for a text that is none of ours.</summary>
    public static ShipStationWalk? Read(string? cursor)
    {
        if (cursor?.Split('~') is not [var since, var page])
            return null;
        return DateTimeOffset.TryParseExact(since, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && int.TryParse(page, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(time, number)
            : null;
    }

    public Page<VendorItem> PageOf(ShipStationPage page, List<JsonElement>? list, string id, string at)
    {
        if (list is null)
            throw new UnreadableBodyException("the list is missing");
        List<VendorItem> items = [.. list.Select(item => Item(item, id, at))];
        return new(items, page.Page < page.Pages && items.Count > 0 ? Next(items[^1].UpdatedAt).ToString() : null);
    }

    public override string ToString() => $"{From}~{Page.ToString(CultureInfo.InvariantCulture)}";

    private ShipStationWalk Next(DateTimeOffset? last) => last is { } at && at - Overlap > Since.AddSeconds(1) ? new(at - Overlap, 1) : this with { Page = Page + 1 };

    private static VendorItem Item(JsonElement item, string id, string at)
    {
        if (item.ValueKind != JsonValueKind.Object)
            throw new UnreadableBodyException("the list is not one of objects");
        return new(item.Text(Encoding.UTF8.GetBytes(id)) ?? throw new UnreadableBodyException($"{id} is missing"), item.Time(Encoding.UTF8.GetBytes(at)), item);
    }
}
