using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>Collects the profiles that might be one customer, breadth first, and stops at a bound.</summary>
internal sealed class GraphWalk(IHubStore store, DerivedIds ids, GraphLimits limits)
{
    private readonly HashSet<Identifier> _overfull = [];
    private readonly HashSet<Identifier> _seen = [];
    private readonly Queue<string> _waiting = new();

    public Dictionary<string, Profile> Profiles { get; } = new(StringComparer.Ordinal);

    /// <summary>Four times what one customer may hold: enough that a link refused at the limit does not hide what lies behind it.</summary>
    private int Bound => 4 * limits.ProfilesPerCustomer;

    public async ValueTask<GraphWalk> FromAsync(string profileId, CancellationToken cancellationToken)
    {
        _waiting.Enqueue(profileId);
        while (_waiting.TryDequeue(out var next) && Profiles.Count < Bound)
        {
            if (!Profiles.ContainsKey(next) && await ReadAsync(next, cancellationToken) is { } profile)
            {
                Profiles[next] = profile;
                await ExpandAsync(profile, cancellationToken);
            }
        }
        return this;
    }

    /// <summary>The graph of what was collected; identifiers that too many hold are left out.</summary>
    public IdentityGraph Graph() => new(Profiles.Values.Select(ToNode), limits);

    private GraphNode ToNode(Profile profile)
    {
        var node = profile.ToNode(ids, limits);
        return node.Linking.Overlaps(_overfull) ? node with { Linking = node.Linking.Except(_overfull).ToHashSet() } : node;
    }

    private async ValueTask ExpandAsync(Profile profile, CancellationToken cancellationToken)
    {
        foreach (var bond in profile.Bonds.Where(bond => bond.Value.Linked))
            _waiting.Enqueue(bond.Key);
        foreach (var identifier in profile.LinkingIdentifiers().Where(_seen.Add))
        {
            var holders = await store.ReadRangeAsync(
                HubContainers.Identifiers, ids.Of(identifier), IdRange.StartingWith(ItemIds.LinkPrefix), limits.HoldersPerIdentifier + 1, cancellationToken);
            if (holders.Count > limits.HoldersPerIdentifier)
                _overfull.Add(identifier);
            else
                Enqueue(holders);
        }
    }

    private void Enqueue(IReadOnlyList<StoredItem> holders)
    {
        foreach (var holder in holders)
            _waiting.Enqueue(holder.Id[ItemIds.LinkPrefix.Length..]);
    }

    private async ValueTask<Profile?> ReadAsync(string profileId, CancellationToken cancellationToken) =>
        await store.ReadAsync(HubContainers.Profiles, profileId, ItemIds.State, cancellationToken) is { } item ? Documents.ReadProfile(item.Body) : null;
}
