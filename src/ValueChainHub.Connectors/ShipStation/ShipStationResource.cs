using System.Text.Json;
using System.Text.RegularExpressions;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.ShipStation;

/// <summary>A resource that a thin body points at: a path at the vendor, of the few kinds that the hub reads.</summary>
/// <param name="Topic">Under which the answer is stored.</param>
/// <param name="Thing">The kind and id of what it is about, for the hint.</param>
/// <param name="Path">The path, without the slash before it.</param>
/// <param name="Query">The query.</param>
internal sealed partial record ShipStationResource(string Topic, ChangeHint Thing, string Path, IReadOnlyDictionary<string, string> Query)
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
        else if (url.PathAndQuery.Length > Longest || Parse(url.PathAndQuery) is not { } resource)
            draft.Facts.Suppress("it points to a resource that the hub does not read");
        else
            Fetch(draft, resource.Thing, url.PathAndQuery.TrimStart('/'), body.Text("resource_type"u8) ?? "a webhook without data");
    }

    /// <summary>Tells that something changed, without a time, so that the same hint again tells nothing again; and asks for it.</summary>
    public static void Fetch(ShipStationDraft draft, ChangeHint thing, string pathAndQuery, string reason)
    {
        var key = draft.Facts.Key(thing.Kind, thing.Id);
        draft.Facts.At = draft.SignedAt;
        draft.Facts.Touch(key, Homing.Own);
        draft.Facts.Tell(EventCatalogue.FulfillmentHinted, key, null, ChainJson.Write(thing));
        draft.Facts.Fetch(pathAndQuery, reason);
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
        if (topic is null)
            return null;
        var thing = hasId ? new ChangeHint(SingularOf(match.Groups["kind"].Value), match.Groups["id"].Value) : new(match.Groups["kind"].Value, parts.Length > 1 ? parts[1] : "all");
        return new(ShipStationTopics.FetchedPrefix + topic, thing, parts[0], Pairs(parts.Length > 1 ? parts[1] : ""));
    }

    private static string SingularOf(string kind) => kind == "batches" ? "batch" : kind.TrimEnd('s');

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
