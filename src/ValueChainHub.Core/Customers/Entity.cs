using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Core.Customers;

/// <summary>An entity of the chain: a set of registers, and the people that deliveries named for it.</summary>
/// <remarks>A join semilattice: <see cref="Merge"/> is commutative, associative and idempotent, so any order and any number of deliveries end the same.</remarks>
public sealed class Entity(EntityKey key)
{
    public EntityKey Key { get; } = key;

    /// <summary>The registers by name.</summary>
    public SortedDictionary<string, Facet> Facets { get; } = new(StringComparer.Ordinal);

    /// <summary>The anchors of the deliveries about it, each with the vendor's times it was named at.</summary>
    public SortedDictionary<Identifier, Naming> Affiliations { get; } = [];

    /// <summary>Some delivery about it named nobody, so that some event was emitted without a profile of its own saying.</summary>
    public bool NamedNobody { get; set; }

    /// <summary>Rises with every stored change; orders the copies that other partitions keep.</summary>
    public long Revision { get; set; }

    /// <summary>Ids of the event items about it, kept for the things of shoppers, whose owner may change (see ADR 7).</summary>
    public List<string> EventItems { get; } = [];

    /// <summary>The names by which people look it up, as kind and value; see <see cref="NameIndex"/>.</summary>
    public SortedSet<string> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>Profiles that consumers have been told it belongs to (SEMANTICS 6), kept only where there was doubt.</summary>
    public SortedSet<string> Announced { get; } = new(StringComparer.Ordinal);

    /// <summary>More than one answer was given to whose it is, "nobody" among them: what was emitted before may carry another owner.</summary>
    public bool WasInDoubt => Affiliations.Count + (NamedNobody ? 1 : 0) > 1;

    /// <summary>Deleted at the vendor, for good.</summary>
    public bool IsDeleted => Facets.ContainsKey(FacetNames.Deleted);

    /// <summary>Whose it is: an account before an e-mail before a phone; of several accounts the one named last. Null while nobody was named.</summary>
    public Identifier? Owner
    {
        get
        {
            Identifier? best = null;
            foreach (var (anchor, named) in Affiliations)
            {
                if (best is not { } current || IsStronger(anchor, named.Last, current, Affiliations[current].Last))
                    best = anchor;
            }
            return best;
        }
    }

    /// <summary>Joins a delivery's statement. True when anything changed.</summary>
    public bool Merge(EntityChange change, Identifier? anchor, DateTimeOffset? at)
    {
        return Join(change.Facets) | Affiliate(anchor, at) | Name(change.References);
    }

    /// <summary>Joins registers that nobody's delivery about this entity stated: they are taken over from another entity. True when anything changed.</summary>
    public bool Join(IEnumerable<Facet> facets)
    {
        var changed = false;
        foreach (var facet in facets)
            changed |= Write(facet);
        return changed;
    }

    /// <summary>What the entity adds to the totals of the profile anchored in <paramref name="anchor"/>: its contribution if that is its owner, else a note that it is away.</summary>
    public Totals ContributionTo(Identifier? anchor)
    {
        if (anchor is null)
            return new Totals();
        if (Owner != anchor)
            return new Totals().Add(TotalNames.Away, 1);
        return CountsForSharing ? Contribution().Add(TotalNames.Entities, 1) : Contribution();
    }

    /// <summary>What the entity adds to its owner's totals.</summary>
    public Totals Contribution() => Key.Type switch
    {
        EntityTypes.Order => new OrderView(Key.Id, Facets.Values).Contribution(),
        EntityTypes.Conversation => new ConversationView(Facets).Contribution(),
        EntityTypes.MessageEvent => MessageView.Contribution(Facets.Values),
        _ => new Totals(),
    };

    /// <summary>Years of newsletters make nobody a till: what a person was sent says nothing about how many people they are.</summary>
    private bool CountsForSharing => Key.Type != EntityTypes.MessageEvent;

    /// <summary>Guest contacts that named the entity, tied to each account that did: a guest order that later gets a customer ties the two (SEMANTICS 1).</summary>
    public IEnumerable<(Identifier Account, Identifier Contact, Naming Named)> Ties() =>
        from account in Affiliations
        where account.Key.IsAccount
        from contact in Affiliations
        where !contact.Key.IsAccount
        select (account.Key, contact.Key, contact.Value);

    private bool Name(IEnumerable<Reference> references)
    {
        var before = Names.Count;
        Names.UnionWith(references.Select(NameIndex.NameOf));
        return Names.Count > before;
    }

    private bool Write(Facet facet)
    {
        if (Facets.TryGetValue(facet.Name, out var present) && present.CompareTo(facet) >= 0)
            return false;
        Facets[facet.Name] = facet;
        return true;
    }

    private bool Affiliate(Identifier? anchor, DateTimeOffset? at)
    {
        if (anchor is not { } named)
        {
            var first = !NamedNobody;
            NamedNobody = true;
            return first;
        }
        var known = Affiliations.GetValueOrDefault(named);
        var joined = (known ?? new Naming(at, at)).Join(at);
        Affiliations[named] = joined;
        return joined != known;
    }

    private static bool IsStronger(Identifier candidate, DateTimeOffset? at, Identifier current, DateTimeOffset? currentAt)
    {
        if (candidate.Kind != current.Kind)
            return candidate < current;
        var (time, currentTime) = (at ?? DateTimeOffset.MinValue, currentAt ?? DateTimeOffset.MinValue);
        return time != currentTime ? time > currentTime : candidate < current;
    }
}

/// <summary>The vendor's times at which deliveries named somebody for an entity: the earliest and the latest of those that had one.</summary>
public sealed record Naming(DateTimeOffset? First, DateTimeOffset? Last)
{
    public Naming Join(DateTimeOffset? at) => new(First is null || at < First ? at ?? First : First, Last is null || at > Last ? at ?? Last : Last);
}

/// <summary>Types of entities that Core knows by name.</summary>
public static class EntityTypes
{
    public const string Customer = "customer";
    public const string Order = "order";
    public const string Conversation = "conversation";

    /// <summary>One thing that happened to one message: received, opened, clicked.</summary>
    public const string MessageEvent = "message-event";

    /// <summary>A parcel by its carrier and number; see <see cref="ParcelTracking"/>.</summary>
    public const string Tracking = "tracking";
}
