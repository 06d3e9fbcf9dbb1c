using System.Text.Json;
using System.Text.RegularExpressions;
using ValueChainHub.Connectors.Kit;

namespace ValueChainHub.Connectors.ShipStation;

/// <summary>A resource that a thin body points at: a path at the vendor, of the few kinds that the hub reads.</summary>
internal sealed partial record ShipStationResource(string Topic, string Path, IReadOnlyDictionary<string, string> Query)
{
    private const int Longest = 500;

    /// <summary>A webhook that carries nothing but where to look.</summary>
    public static void Point(JsonElement body, ShipStationDraft draft)
    {
        var text = body.Text("resource_url"u8) ?? throw new UnreadableBodyException("resource_url is missing");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
            throw JsonBody.Wrong("resource_url"u8, "a URL");
        if (!draft.Hosts.Contains(url.Authority, StringComparer.OrdinalIgnoreCase) || url.UserInfo.Length > 0)
            draft.Facts.Suppress("it points to another host than the vendor's");
        else if (url.PathAndQuery.Length > Longest || Parse(url.PathAndQuery) is null)
            draft.Facts.Suppress("it points to a resource that the hub does not read");
        else
            draft.Facts.Fetch(url.PathAndQuery.TrimStart('/'), body.Text("resource_type"u8) ?? "a webhook without data");
    }

    /// <summary>The query of a resource's address, for what its data leave out.</summary>
    public static string? QueryOf(JsonElement body, string name) =>
        body.Text("resource_url"u8) is { } text && Uri.TryCreate(text, UriKind.Absolute, out var url) ? Pairs(url.Query).GetValueOrDefault(name) : null;

    /// <summary>Reads a path with query; null for one that the hub does not read, whatever its host.</summary>
    public static ShipStationResource? Parse(string pathAndQuery)
    {
        var parts = pathAndQuery.TrimStart('/').Split('?', 2);
        var match = Known().Match(parts[0]);
        if (!match.Success)
            return null;
        var hasId = match.Groups["id"].Success;
        var topic = match.Groups["kind"].Value switch
        {
            "tracking" => hasId ? null : "tracking",
            "labels" => match.Groups["track"].Success ? "tracking" : hasId ? "label" : "labels",
            "shipments" => hasId ? "shipment" : "shipments",
            "fulfillments" => hasId ? "fulfillment" : "fulfillments",
            _ => hasId ? "batch" : null,
        };
        return topic is null ? null : new(ShipStationTopics.FetchedPrefix + topic, parts[0], Pairs(parts.Length > 1 ? parts[1] : ""));
    }

    private static Dictionary<string, string> Pairs(string query)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var halves = pair.Split('=', 2);
            pairs[Uri.UnescapeDataString(halves[0])] = halves.Length > 1 ? Uri.UnescapeDataString(halves[1].Replace('+', ' ')) : "";
        }
        return pairs;
    }

    [GeneratedRegex("^v[0-9]/(?<kind>labels|shipments|fulfillments|batches|tracking)(/(?<id>[A-Za-z0-9_-]{1,100})(?<track>/track)?)?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Known();
}
