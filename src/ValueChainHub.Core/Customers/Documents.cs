using System.Text.Json;
using System.Text.Json.Serialization;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Core.Customers;

/// <summary>How profiles and entities are stored. Short names: the state document is written with every delivery.</summary>
internal static class Documents
{
    public static ReadOnlyMemory<byte> Write(Entity entity) => JsonSerializer.SerializeToUtf8Bytes(EntityDocument.Of(entity), DocumentContext.Default.EntityDocument);

    public static ReadOnlyMemory<byte> Write(Profile profile) => JsonSerializer.SerializeToUtf8Bytes(ProfileDocument.Of(profile), DocumentContext.Default.ProfileDocument);

    public static ReadOnlyMemory<byte> Write(Mirror mirror) => JsonSerializer.SerializeToUtf8Bytes(mirror, DocumentContext.Default.Mirror);

    public static ReadOnlyMemory<byte> Write(Holder holder) => JsonSerializer.SerializeToUtf8Bytes(holder, DocumentContext.Default.Holder);

    public static ReadOnlyMemory<byte> Write(Home home) => JsonSerializer.SerializeToUtf8Bytes(home, DocumentContext.Default.Home);

    public static Entity ReadEntity(ReadOnlyMemory<byte> body) => JsonSerializer.Deserialize(body.Span, DocumentContext.Default.EntityDocument)!.ToEntity();

    public static Profile ReadProfile(ReadOnlyMemory<byte> body) => JsonSerializer.Deserialize(body.Span, DocumentContext.Default.ProfileDocument)!.ToProfile();

    public static Mirror ReadMirror(ReadOnlyMemory<byte> body) => JsonSerializer.Deserialize(body.Span, DocumentContext.Default.Mirror)!;

    public static Holder ReadHolder(ReadOnlyMemory<byte> body) => JsonSerializer.Deserialize(body.Span, DocumentContext.Default.Holder)!;

    public static Home ReadHome(ReadOnlyMemory<byte> body) => JsonSerializer.Deserialize(body.Span, DocumentContext.Default.Home)!;
}

/// <summary>Where an entity lives: recorded once, never changed.</summary>
internal sealed record Home(string Partition, string Entity, string? AnchorKind, string? AnchorValue)
{
    [JsonIgnore]
    public Identifier? Anchor => AnchorKind is null ? null : Identifier.FromStored(AnchorKind, AnchorValue!);

    public static Home Of(string partition, EntityKey entity, Identifier? anchor) => new(partition, entity.ToString(), anchor?.Kind, anchor?.Value);
}

/// <summary>A profile that holds an identifier.</summary>
internal sealed record Holder(string Profile, string Kind, string Value)
{
    [JsonIgnore]
    public Identifier Anchor => Identifier.FromStored(Kind, Value);
}

/// <summary>In the owner's partition: an entity that lives elsewhere, with its share of the totals.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="Partition">Where it lives.</param>
/// <param name="Revision">The entity's revision that this was taken from; older ones never overwrite.</param>
/// <param name="Owned">False once it belongs to another profile.</param>
/// <param name="Copied">How many of its events have been copied here.</param>
/// <param name="Share">What it adds to the totals here.</param>
internal sealed record Mirror(string Entity, string Partition, long Revision, bool Owned, int Copied, Totals Share);

/// <param name="R">The revision.</param>
/// <param name="S">The class of the source.</param>
/// <param name="K">The rank.</param>
/// <param name="V">The value.</param>
/// <param name="G">The mapping's generation; the first is not written.</param>
internal sealed record FacetDocument(long? R, SourceClass S, int K, [property: JsonConverter(typeof(RawJsonConverter))] string V, int G = 0)
{
    public static FacetDocument Of(Facet facet) => new(facet.Version.Revision?.UtcTicks, facet.Version.Source, facet.Version.Rank, facet.Value, facet.Version.Generation);

    public Facet ToFacet(string name) => new(name, new(R is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null, S, K, G), V);
}

/// <param name="Kind">The identifier's kind.</param>
/// <param name="Value">Its value.</param>
/// <param name="At">When it was named last.</param>
/// <param name="First">When it was named first, if that is another time: most are named once.</param>
internal sealed record AffiliationDocument(string Kind, string Value, DateTimeOffset? At, DateTimeOffset? First)
{
    public static AffiliationDocument Of(Identifier who, Naming named) => new(who.Kind, who.Value, named.Last, named.First == named.Last ? null : named.First);

    public Naming ToNaming() => new(First ?? At, At);
}

internal sealed record EntityDocument
{
    public required string Key { get; init; }
    public required Dictionary<string, FacetDocument> Facets { get; init; }
    public required List<AffiliationDocument> Who { get; init; }
    public bool Nobody { get; init; }
    public long Revision { get; init; }
    public List<string>? Events { get; init; }
    public List<string>? Told { get; init; }
    public List<string>? Names { get; init; }

    public static EntityDocument Of(Entity entity) => new()
    {
        Key = entity.Key.ToString(),
        Facets = entity.Facets.ToDictionary(facet => facet.Key, facet => FacetDocument.Of(facet.Value), StringComparer.Ordinal),
        Who = [.. entity.Affiliations.Select(one => AffiliationDocument.Of(one.Key, one.Value))],
        Nobody = entity.NamedNobody,
        Revision = entity.Revision,
        Events = entity.EventItems.Count == 0 ? null : entity.EventItems,
        Told = entity.Announced.Count == 0 ? null : [.. entity.Announced],
        Names = entity.Names.Count == 0 ? null : [.. entity.Names],
    };

    public Entity ToEntity()
    {
        var entity = new Entity(EntityKey.Parse(Key)) { NamedNobody = Nobody, Revision = Revision };
        foreach (var (name, facet) in Facets)
            entity.Facets[name] = facet.ToFacet(name);
        foreach (var one in Who)
            entity.Affiliations[Identifier.FromStored(one.Kind, one.Value)] = one.ToNaming();
        entity.EventItems.AddRange(Events ?? []);
        entity.Announced.UnionWith(Told ?? []);
        entity.Names.UnionWith(Names ?? []);
        return entity;
    }
}

internal sealed record SightingDocument(string Kind, string Value, string Source, DateTimeOffset? First, DateTimeOffset? Last, bool Claimed);

/// <summary>A value that fields had. What the account's registers say now is left out: most accounts say the same for years, and the state is written with every order.</summary>
/// <param name="F">The fields, a blank between them.</param>
/// <param name="V">The value; null for the present one of each.</param>
/// <param name="L">When it was said last, in ticks; null for when the present one was.</param>
/// <param name="A">When it was said first, if that is another time.</param>
internal sealed record SaidDocument(string F, string? V, long? L, long? A)
{
    public static List<SaidDocument>? Of(Profile profile)
    {
        if (!profile.Said.All.Any())
            return null;
        var now = profile.SaidNow();
        var said = from one in profile.Said.All
                   let isNow = now.TryGetValue(one.Field, out var present) && present.Value == one.Value
                   let last = isNow && now[one.Field].At == one.Times.Last ? null : one.Times.Last?.UtcTicks
                   let first = one.Times.First == one.Times.Last ? null : one.Times.First?.UtcTicks
                   group one.Field by (Value: isNow ? null : one.Value, Last: last, First: first);
        return [.. said.Select(group => new SaidDocument(string.Join(' ', group), group.Key.Value, group.Key.Last, group.Key.First))];
    }

    public void AddTo(Profile profile, IReadOnlyDictionary<string, (string Value, DateTimeOffset At)> now)
    {
        foreach (var field in F.Split(' '))
        {
            var last = L is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : now[field].At;
            profile.Said.Say(field, V ?? now[field].Value, new(A is { } first ? new DateTimeOffset(first, TimeSpan.Zero) : last, last));
        }
    }
}

internal sealed record ProfileDocument
{
    public required string Kind { get; init; }
    public required string Value { get; init; }
    public EntityDocument? Account { get; init; }
    public List<SaidDocument>? Said { get; init; }
    public List<string>? SaidTooMany { get; init; }
    public required List<SightingDocument> Sightings { get; init; }
    public Dictionary<string, Bond>? Bonds { get; init; }
    public GuestName? GuestName { get; init; }
    public required Totals Totals { get; init; }
    public Dictionary<string, string>? Young { get; init; }
    public List<string>? Told { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }

    public static ProfileDocument Of(Profile profile) => new()
    {
        Kind = profile.Anchor.Kind,
        Value = profile.Anchor.Value,
        Account = profile.Account is { } account ? EntityDocument.Of(account) : null,
        Said = SaidDocument.Of(profile),
        SaidTooMany = profile.Said.TooMany.Count == 0 ? null : [.. profile.Said.TooMany],
        Sightings = [.. profile.Sightings.Select(seen =>
            new SightingDocument(seen.Key.Kind, seen.Key.Value, seen.Value.Source, seen.Value.First, seen.Value.Last, seen.Value.Claimed))],
        Bonds = profile.Bonds.Count == 0 ? null : new(profile.Bonds, StringComparer.Ordinal),
        GuestName = profile.GuestName,
        Totals = profile.Totals,
        Young = profile.Young.Count == 0 ? null : profile.Young.ToDictionary(young => young.Key.ToString(), young => young.Value, StringComparer.Ordinal),
        Told = profile.Told.Count == 0 ? null : profile.Told,
        UpdatedAt = profile.UpdatedAt,
    };

    public Profile ToProfile()
    {
        var profile = new Profile(Identifier.FromStored(Kind, Value)) { Account = Account?.ToEntity(), GuestName = GuestName, Totals = Totals.Copy(), UpdatedAt = UpdatedAt };
        foreach (var seen in Sightings)
            profile.Sightings[Identifier.FromStored(seen.Kind, seen.Value)] = new(seen.Source, seen.First, seen.Last, seen.Claimed);
        if (Said is { } said)
        {
            var now = profile.SaidNow();
            said.ForEach(one => one.AddTo(profile, now));
        }
        profile.Said.TooMany.UnionWith(SaidTooMany ?? []);
        foreach (var (other, bond) in Bonds ?? [])
            profile.Bonds[other] = bond;
        foreach (var (key, eventItem) in Young ?? [])
            profile.Young[EntityKey.Parse(key)] = eventItem;
        profile.Told.AddRange(Told ?? []);
        return profile;
    }
}

/// <summary>Keeps canonical JSON as it is inside a document, so that a register's text stays what it was compared by.</summary>
internal sealed class RawJsonConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.GetRawText();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteRawValue(value, skipInputValidation: true);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(EntityDocument))]
[JsonSerializable(typeof(ProfileDocument))]
[JsonSerializable(typeof(Mirror))]
[JsonSerializable(typeof(Holder))]
[JsonSerializable(typeof(Home))]
[JsonSerializable(typeof(Dictionary<string, List<string>>))]
internal sealed partial class DocumentContext : JsonSerializerContext;
