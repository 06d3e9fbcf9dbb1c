using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>Who is one customer, read from the store: a bounded walk over profiles and the identifiers they hold.</summary>
public sealed class CustomerDirectory(IHubStore store, DerivedIds ids, GraphLimits limits)
{
    private const int CacheSize = 100_000;
    private readonly BoundedCache<string, string> _customerIds = new(CacheSize);

    /// <summary>The customer that holds an identifier now, by the identifier's derived id (a profile's or a customer's id is one); null when nobody does.</summary>
    public async ValueTask<Customer?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!StoreLimits.IsValidId(id))
            return null;
        if (await ResolveAsync(id, cancellationToken) is { } own)
            return own;
        var holders = await HoldersAsync(id, ItemIds.LinkPrefix, cancellationToken);
        return holders.Count == 0 ? null : await ResolveAsync(holders[0].Profile, cancellationToken);
    }

    /// <summary>Every customer that an identifier links or finds, strongest first.</summary>
    public async ValueTask<IReadOnlyList<Customer>> SearchAsync(Identifier identifier, CancellationToken cancellationToken)
    {
        var partition = ids.Of(identifier);
        var holders = new List<Holder>();
        holders.AddRange(await HoldersAsync(partition, ItemIds.LinkPrefix, cancellationToken));
        holders.AddRange(await HoldersAsync(partition, ItemIds.FindPrefix, cancellationToken));
        var found = new Dictionary<string, Customer>(StringComparer.Ordinal);
        foreach (var holder in holders)
        {
            if (await ResolveAsync(holder.Profile, cancellationToken) is { } customer)
                found.TryAdd(customer.Id, customer);
        }
        return [.. found.Values];
    }

    /// <summary>The customer of a profile, walked afresh.</summary>
    public async ValueTask<Customer?> ResolveAsync(string profileId, CancellationToken cancellationToken)
    {
        var walk = await new GraphWalk(store, ids, limits).FromAsync(profileId, cancellationToken);
        if (!walk.Profiles.ContainsKey(profileId))
            return null;
        var graph = walk.Graph();
        var component = graph.ComponentOf(profileId);
        var members = component.ToDictionary(node => node.Id, node => walk.Profiles[node.Id], StringComparer.Ordinal);
        foreach (var node in component)
            _customerIds.Set(node.Id, component[0].Id);
        return new Customer(component[0].Id, members, graph.Links);
    }

    /// <summary>The customer's id as known now; walks only for a profile not seen before.</summary>
    public async ValueTask<string> CustomerIdAsync(string profileId, CancellationToken cancellationToken)
    {
        if (_customerIds.TryGet(profileId, out var known))
            return known;
        return (await ResolveAsync(profileId, cancellationToken))?.Id ?? profileId;
    }

    /// <summary>The id that <see cref="CustomerIdAsync"/> would answer without asking the store.</summary>
    public string? KnownCustomerId(string profileId) => _customerIds.TryGet(profileId, out var known) ? known : null;

    /// <summary>A profile that meets nobody in any of its identifiers is a customer by itself, unless somebody has just learnt better.</summary>
    internal void KnowAlone(string profileId) => _customerIds.TryAdd(profileId, profileId);

    private async ValueTask<IReadOnlyList<Holder>> HoldersAsync(string partition, string prefix, CancellationToken cancellationToken)
    {
        var items = await store.ReadRangeAsync(HubContainers.Identifiers, partition, IdRange.StartingWith(prefix), limits.HoldersPerIdentifier + 1, cancellationToken);
        return [.. items.Select(item => Documents.ReadHolder(item.Body)).OrderBy(holder => holder.Anchor)];
    }
}

/// <summary>A customer: the profiles that are one person, and the links between all that were looked at.</summary>
public sealed record Customer(string Id, IReadOnlyDictionary<string, Profile> Profiles, IReadOnlyList<GraphLink> Links);
