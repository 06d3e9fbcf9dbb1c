namespace ValueChainHub.Core.Identity;

/// <summary>What linking needs to know of one profile.</summary>
/// <param name="Id">The profile's id.</param>
/// <param name="Anchor">Its anchor.</param>
/// <param name="Linking">The identifiers that may link it.</param>
/// <param name="Linked">Profiles it was linked to by hand.</param>
/// <param name="Split">Profiles it must not be one with.</param>
/// <param name="Shared">A till or a company: stays out of links.</param>
public sealed record GraphNode(
    string Id, Identifier Anchor, IReadOnlySet<Identifier> Linking, IReadOnlySet<string> Linked, IReadOnlySet<string> Split, bool Shared);

/// <summary>The bounds of linking.</summary>
public sealed record GraphLimits
{
    /// <summary>An identifier that more profiles hold links nobody.</summary>
    public int HoldersPerIdentifier { get; init; } = 20;

    /// <summary>A customer has at most this many profiles; a link beyond it waits for review.</summary>
    public int ProfilesPerCustomer { get; init; } = 64;

    /// <summary>A profile with more entities is a till, a company or a marketplace.</summary>
    public int EntitiesPerPerson { get; init; } = 5_000;
}

/// <summary>Which profiles are one customer: a pure function of the profiles, so it does not matter when each was learnt.</summary>
/// <remarks>
/// Links are taken in canonical order (by hand first, then identifiers by strength and text, then profile ids). One is skipped that would join a split pair,
/// exceed the limit, or join by a phone alone profiles that hold different accounts of one vendor (families share phones): it becomes a candidate for review.
/// </remarks>
public sealed class IdentityGraph
{
    private readonly Dictionary<string, GraphNode> _nodes;
    private readonly Dictionary<string, List<GraphNode>> _components;
    private readonly GraphLimits _limits;

    public IdentityGraph(IEnumerable<GraphNode> nodes, GraphLimits limits)
    {
        _limits = limits;
        _nodes = nodes.ToDictionary(node => node.Id, StringComparer.Ordinal);
        _components = _nodes.Values.ToDictionary(node => node.Id, node => new List<GraphNode> { node }, StringComparer.Ordinal);
        foreach (var link in CanonicalLinks())
            Take(link);
    }

    /// <summary>The links that hold and the candidates that were skipped, in canonical order.</summary>
    public List<GraphLink> Links { get; } = [];

    /// <summary>The profiles of one customer, strongest first.</summary>
    public IReadOnlyList<GraphNode> ComponentOf(string profileId) => [.. _components[profileId].OrderBy(node => node.Anchor)];

    private IEnumerable<GraphLink> CanonicalLinks() => ByHand().Concat(ByIdentifier());

    private IEnumerable<GraphLink> ByHand() =>
        from node in _nodes.Values.OrderBy(node => node.Anchor)
        from other in node.Linked.Order(StringComparer.Ordinal)
        where _nodes.ContainsKey(other)
        select new GraphLink(node.Id, other, null, true);

    private IEnumerable<GraphLink> ByIdentifier() =>
        from held in _nodes.Values
            .SelectMany(node => node.Linking, (node, identifier) => (node, identifier))
            .GroupBy(pair => pair.identifier, pair => pair.node)
            .Where(nodes => nodes.Count() <= _limits.HoldersPerIdentifier)
            .OrderBy(nodes => nodes.Key)
        let holders = held.Where(node => !node.Shared).OrderBy(node => node.Anchor).ToList()
        from i in Enumerable.Range(0, holders.Count)
        from j in Enumerable.Range(i + 1, holders.Count - i - 1)
        select new GraphLink(holders[i].Id, holders[j].Id, held.Key, true);

    private void Take(GraphLink link)
    {
        var (left, right) = (_components[link.From], _components[link.To]);
        if (ReferenceEquals(left, right))
        {
            Links.Add(link);
            return;
        }
        var holds = left.Count + right.Count <= _limits.ProfilesPerCustomer && !AnySplit(left, right) && !IsSharedPhone(link, left, right);
        Links.Add(link with { Holds = holds });
        if (!holds)
            return;
        var joined = left.Concat(right).ToList();
        foreach (var node in joined)
            _components[node.Id] = joined;
    }

    private static bool AnySplit(List<GraphNode> left, List<GraphNode> right) =>
        left.Exists(one => right.Exists(other => one.Split.Contains(other.Id) || other.Split.Contains(one.Id)));

    private static bool IsSharedPhone(GraphLink link, List<GraphNode> left, List<GraphNode> right) =>
        link.By?.Kind == Identifier.PhoneKind
        && left.Exists(one => one.Anchor.IsAccount && right.Exists(other => other.Anchor.Kind == one.Anchor.Kind && other.Anchor != one.Anchor));
}

/// <summary>Two profiles and what links them: an identifier, or null for a hand. Not holding: a candidate for review.</summary>
public sealed record GraphLink(string From, string To, Identifier? By, bool Holds);
