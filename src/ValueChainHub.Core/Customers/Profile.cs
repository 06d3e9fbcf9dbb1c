using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Core.Customers;

/// <summary>What the hub knows under one anchor: the account, the identifiers, the totals of the entities it owns. Never merged with another; see <see cref="IdentityGraph"/>.</summary>
public sealed class Profile(Identifier anchor)
{
    /// <summary>The identifier the profile's id is derived from.</summary>
    public Identifier Anchor { get; } = anchor;

    /// <summary>The account entity, when the anchor is one.</summary>
    public Entity? Account { get; set; }

    /// <summary>What the account has said in its fields, but for what its registers say themselves.</summary>
    public SaidFields Said { get; set; } = new();

    /// <summary>Every identifier ever stated, with the vendor's first and last time.</summary>
    public SortedDictionary<Identifier, Sighting> Sightings { get; } = [];

    /// <summary>Links and splits by hand, by the other profile's id.</summary>
    public SortedDictionary<string, Bond> Bonds { get; } = new(StringComparer.Ordinal);

    /// <summary>The names that guest orders gave, latest last word.</summary>
    public GuestName? GuestName { get; set; }

    public Totals Totals { get; set; } = new();

    /// <summary>Entities that nothing was said of since their first event, by the id of that event's item, which holds them; see <see cref="EventItems"/>.</summary>
    public Dictionary<EntityKey, string> Young { get; } = [];

    /// <summary>Ids of the last events told here about the account: bodies repeat the customer inside them, and so its consents, with every order.</summary>
    public List<string> Told { get; } = [];

    /// <summary>Entities that it owns; beyond the limit it is a till or a company, not a person.</summary>
    public int Entities => Totals.Count(TotalNames.Entities);

    /// <summary>Entities that live here and belong to another profile.</summary>
    public int Away => Totals.Count(TotalNames.Away);

    public DateTimeOffset? UpdatedAt { get; set; }

    /// <summary>The account as its vendor last described it, field by field where a body carried only some; null when unknown or deleted.</summary>
    public Account? AccountCore
    {
        get
        {
            if (Account is not { IsDeleted: false } account || !account.Facets.TryGetValue(FacetNames.Core, out var core))
                return null;
            var whole = ChainJson.Read<Account>(core.Value);
            return whole with
            {
                Name = Field("name", core, whole, one => one.Name),
                Email = Field("email", core, whole, one => one.Email),
                Phone = Field("phone", core, whole, one => one.Phone),
            };
        }
    }

    /// <summary>The identifiers that link: the anchor, what deliveries claimed directly, and the account's present e-mail and phone. Former ones only find.</summary>
    public IReadOnlySet<Identifier> LinkingIdentifiers()
    {
        var linking = new SortedSet<Identifier> { Anchor };
        foreach (var (identifier, sighting) in Sightings)
        {
            if (sighting.Claimed)
                linking.Add(identifier);
        }
        if (AccountCore is { } account)
            linking.UnionWith(ContactsOf(account));
        return linking;
    }

    /// <summary>One field: from its own register when that is newer than the whole.</summary>
    private string? Field(string name, Facet core, Account whole, Func<Account, string?> value) =>
        value(Account!.Facets.TryGetValue(FacetNames.CoreField(name), out var field) && field.Version > core.Version ? ChainJson.Read<Account>(field.Value) : whole);

    /// <summary>Joins the account's own registers.</summary>
    public bool MergeAccount(EntityChange change, DeliveryIdentity identity)
    {
        Account ??= new Entity(change.Key);
        var cores = change.Facets.Where(facet => FacetNames.IsCore(facet.Name)).ToList();
        if (cores.Count == 0)
            return Account.Merge(change, Anchor, identity.At);
        var said = Said.With(Account.Facets.Values).With(cores);
        var changed = Account.Merge(change, Anchor, identity.At);
        changed |= Remember(said);
        foreach (var facet in cores)
        {
            foreach (var contact in ContactsOf(ChainJson.Read<Account>(facet.Value)))
                changed |= See(contact, claimed: false, facet.Version.Revision, change.Key.Connector);
        }
        return changed;
    }

    /// <summary>Since when the account has had what it says in a field now (<c>name</c>, <c>email</c>, <c>phone</c>), whatever it repeated since; null when nobody knows.</summary>
    public DateTimeOffset? SaidSince(string field)
    {
        if (Account is not { } account || AccountCore is not { } core)
            return null;
        return Said.With(account.Facets.Values).Since(field, SaidFields.ValueOf(core, field)) ?? (SaidNow().TryGetValue(field, out var now) ? now.At : null);
    }

    /// <summary>What the registers say of each field, and when that was said; nothing of a field that only undated bodies speak of.</summary>
    internal IReadOnlyDictionary<string, (string Value, DateTimeOffset At)> SaidNow() =>
        SaidFields.StatementsOf(Account?.Facets.Values ?? Enumerable.Empty<Facet>())
            .GroupBy(one => one.Field, StringComparer.Ordinal)
            .ToDictionary(field => field.Key, field => field.Select(one => (one.Value, one.At)).MaxBy(one => one.At), StringComparer.Ordinal);

    /// <summary>Keeps what was said, but for what the registers say themselves: an account that said everything once needs nothing kept. True when that is news.</summary>
    private bool Remember(SaidFields said)
    {
        foreach (var (field, value, at) in SaidFields.StatementsOf(Account!.Facets.Values))
            said.Forget(field, value, at);
        var isNews = !said.SameAs(Said);
        Said = said;
        return isNews;
    }

    /// <summary>An identifier was stated. True when that is news.</summary>
    public bool See(Identifier identifier, bool claimed, DateTimeOffset? at, string source)
    {
        var known = Sightings.GetValueOrDefault(identifier);
        var joined = (known ?? new Sighting(source, at, at, claimed)).Join(source, at, claimed);
        Sightings[identifier] = joined;
        return joined != known;
    }

    /// <summary>A contact was stated with one of its entities, at these times. True when that is news.</summary>
    public bool See(Identifier contact, Naming named, string source) =>
        See(contact, claimed: true, named.First, source) | See(contact, claimed: true, named.Last, source);

    /// <summary>A guest order gave a name. The latest stays; at equal times the greater text.</summary>
    public bool Call(string? name, DateTimeOffset? at)
    {
        if (name is null || (GuestName is { } known && known.CompareTo(new(name, at)) >= 0))
            return false;
        GuestName = new(name, at);
        return true;
    }

    /// <summary>An event about the account was told. Only the latest are remembered: of an older one the store knows.</summary>
    public void Tell(string eventId)
    {
        Told.Add(eventId);
        if (Told.Count > EventsRemembered)
            Told.RemoveAt(0);
    }

    public bool Touch(DateTimeOffset? at)
    {
        if (at is null || UpdatedAt >= at)
            return false;
        UpdatedAt = at;
        return true;
    }

    /// <summary>Sets a bond by hand; the latest act counts, at equal times the split.</summary>
    public bool Bind(string other, Bond bond)
    {
        if (Bonds.TryGetValue(other, out var known) && known.CompareTo(bond) >= 0)
            return false;
        Bonds[other] = bond;
        return true;
    }

    /// <summary>The profile as linking sees it.</summary>
    public GraphNode ToNode(DerivedIds ids, GraphLimits limits) => new(
        ids.Of(Anchor),
        Anchor,
        LinkingIdentifiers(),
        Bonds.Where(bond => bond.Value.Linked).Select(bond => bond.Key).ToHashSet(StringComparer.Ordinal),
        Bonds.Where(bond => !bond.Value.Linked).Select(bond => bond.Key).ToHashSet(StringComparer.Ordinal),
        Entities > limits.EntitiesPerPerson);

    private const int EventsRemembered = 8;

    private static IEnumerable<Identifier> ContactsOf(Account account)
    {
        if (Identifier.Email(account.Email) is { } email)
            yield return email;
        if (Identifier.Phone(account.Phone) is { } phone)
            yield return phone;
        foreach (var other in (account.OtherEmails ?? []).Select(Identifier.Email).Concat((account.OtherPhones ?? []).Select(Identifier.Phone)))
        {
            if (other is { } contact)
                yield return contact;
        }
    }
}

/// <summary>When and where an identifier was stated. <paramref name="Claimed"/>: stated by a delivery as the person's own, not only by an account's contact field.</summary>
public sealed record Sighting(string Source, DateTimeOffset? First, DateTimeOffset? Last, bool Claimed)
{
    public Sighting Join(string source, DateTimeOffset? at, bool claimed) => new(
        string.CompareOrdinal(source, Source) < 0 ? source : Source,
        First is null || at < First ? at ?? First : First,
        Last is null || at > Last ? at ?? Last : Last,
        Claimed || claimed);
}

/// <summary>A link or a split made by a person.</summary>
public sealed record Bond(bool Linked, DateTimeOffset At, string Reason) : IComparable<Bond>
{
    public int CompareTo(Bond? other)
    {
        if (other is null)
            return 1;
        var byTime = At.CompareTo(other.At);
        if (byTime != 0)
            return byTime;
        return Linked != other.Linked ? (Linked ? -1 : 1) : string.CompareOrdinal(Reason, other.Reason);
    }
}

/// <summary>A name from a guest order.</summary>
public sealed record GuestName(string Name, DateTimeOffset? At) : IComparable<GuestName>
{
    public int CompareTo(GuestName? other)
    {
        if (other is null)
            return 1;
        var byTime = (At ?? DateTimeOffset.MinValue).CompareTo(other.At ?? DateTimeOffset.MinValue);
        return byTime != 0 ? byTime : string.CompareOrdinal(Name, other.Name);
    }
}

/// <summary>Names that guest orders carry.</summary>
internal static class GuestNames
{
    public static string? In(EntityChange change) =>
        change.Key.Type == EntityTypes.Order && change.Facets.FirstOrDefault(facet => facet.Name == FacetNames.Core) is { } core
            ? ChainJson.Read<Order>(core.Value).GuestName
            : null;
}
