using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>Who is this, what did they order, what happened: reads of one customer, one partition for each of its profiles.</summary>
public sealed class ReadCustomers(IHubStore store, DerivedIds ids, CustomerDirectory directory, ConnectorCatalog connectors, GraphLimits limits)
{
    private const int EntitiesPerReference = 20;
    private readonly Homes _homes = new(store, ids);
    private readonly NameIndex _names = new(store, ids);

    /// <summary>The record of whoever holds the id now; null when nobody ever did.</summary>
    public async ValueTask<CustomerRecord?> GetAsync(string id, CancellationToken cancellationToken) =>
        await directory.FindAsync(id, cancellationToken) is { } customer ? RecordComposer.Compose(customer.Profiles, limits) : null;

    /// <summary>Every customer that the query finds; none when what is asked identifies nobody.</summary>
    public async ValueTask<IReadOnlyList<CustomerRecord>> SearchAsync(CustomerQuery query, CancellationToken cancellationToken)
    {
        var found = new SortedDictionary<string, CustomerRecord>(StringComparer.Ordinal);
        foreach (var customer in await FindAsync(query, cancellationToken))
            found[customer.Id] = RecordComposer.Compose(customer.Profiles, limits);
        return [.. found.Values];
    }

    /// <summary>The profiles and what links or might link them; null for an unknown id.</summary>
    public async ValueTask<CustomerProfiles?> ProfilesAsync(string id, CancellationToken cancellationToken)
    {
        if (await directory.FindAsync(id, cancellationToken) is not { } customer)
            return null;
        var profiles = customer.Profiles
            .OrderBy(profile => profile.Value.Anchor)
            .Select(profile => new ProfileSummary(profile.Key, profile.Value.Anchor.Kind, profile.Value.Anchor.Value, profile.Value.Entities > limits.EntitiesPerPerson));
        return new([.. profiles], [.. LinksOf(customer), .. SplitsOf(customer)]);
    }

    /// <summary>Orders, newest numbers first; null for an unknown id.</summary>
    public async ValueTask<Page<OrderSummary>?> OrdersAsync(string id, int limit, string? cursor, CancellationToken cancellationToken) =>
        await directory.FindAsync(id, cancellationToken) is { } customer && await new CustomerOrders(store).ReadAsync(customer, limit, cursor, cancellationToken) is var page
            ? new([.. page.Items.Select(order => order.Summary)], page.Cursor)
            : null;

    /// <summary>The record with the newest orders and what was bought in them, of whoever holds the id now; null for an unknown id.</summary>
    public async ValueTask<CustomerCard?> CardAsync(string id, int orders, CancellationToken cancellationToken) =>
        await directory.FindAsync(id, cancellationToken) is { } customer
            ? new(RecordComposer.Compose(customer.Profiles, limits), (await new CustomerOrders(store).ReadAsync(customer, orders, null, cancellationToken)).Items)
            : null;

    /// <summary>Events across the chain, newest first; null for an unknown id.</summary>
    public async ValueTask<Page<ReadOnlyMemory<byte>>?> TimelineAsync(string id, int limit, string? cursor, CancellationToken cancellationToken) =>
        await directory.FindAsync(id, cancellationToken) is { } customer
            ? await new CustomerTimeline(store, ids, new(store, ids, directory)).ReadAsync(customer, limit, cursor, cancellationToken)
            : null;

    private async ValueTask<IReadOnlyList<Customer>> FindAsync(CustomerQuery query, CancellationToken cancellationToken)
    {
        if (query.Order is { } order)
            return await ByReferenceAsync("order", order.Trim().TrimStart('#').ToUpperInvariant(), EntityTypes.Order, cancellationToken);
        if (query.Tracking is { } tracking)
            return await ByReferenceAsync("tracking", tracking.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant(), null, cancellationToken);
        return IdentifierOf(query) is { } identifier ? await directory.SearchAsync(identifier, cancellationToken) : [];
    }

    private static Identifier? IdentifierOf(CustomerQuery query) => query switch
    {
        { Email: { } email } => Identifier.Email(email),
        { Phone: { } phone } => Identifier.Phone(phone),
        { Kind: Identifier.EmailKind, Value: { } value } => Identifier.Email(value),
        { Kind: Identifier.PhoneKind, Value: { } value } => Identifier.Phone(value),
        { Kind: { } kind, Value: { } value } when Identifier.IsExternalKind(kind) => Identifier.FromStored(kind, value),
        { Kind: { } kind, Value: { } value } => Identifier.Account(kind.Split('.', '/', ':')[0], value[(value.LastIndexOf('/') + 1)..]),
        _ => null,
    };

    /// <summary>By the name people use, and for orders by the vendor's own id at any connector.</summary>
    private async ValueTask<IReadOnlyList<Customer>> ByReferenceAsync(string kind, string value, string? ownType, CancellationToken cancellationToken)
    {
        var entities = (await _names.FindAsync(kind, value, EntitiesPerReference, cancellationToken)).ToHashSet();
        if (ownType is not null)
            entities.UnionWith(connectors.All.Select(connector => new EntityKey(connector.Name, ownType, value)));
        var customers = new List<Customer>();
        foreach (var entity in entities)
        {
            if (await OwnerAsync(entity, cancellationToken) is { } owner && await directory.FindAsync(ids.Of(owner), cancellationToken) is { } customer)
                customers.Add(customer);
        }
        return customers;
    }

    private async ValueTask<Identifier?> OwnerAsync(EntityKey key, CancellationToken cancellationToken)
    {
        if (await _homes.FindAsync(key, cancellationToken) is not { } home)
            return null;
        return await EntityItems.FindAsync(store, home.Partition, key, null, cancellationToken) is { } entity ? entity.Owner : home.Anchor;
    }

    private static IEnumerable<ProfileLink> LinksOf(Customer customer) =>
        customer.Links
            .Where(link => customer.Profiles.ContainsKey(link.From) || customer.Profiles.ContainsKey(link.To))
            .Where(link => link.Holds || !IsSplit(customer, link))
            .Select(link => new ProfileLink(link.From, link.To, link.Holds ? "linked" : "candidate", link.By?.Kind ?? "hand", link.By?.Value ?? "", ReasonOf(customer, link)));

    private static IEnumerable<ProfileLink> SplitsOf(Customer customer) =>
        from profile in customer.Profiles
        from bond in profile.Value.Bonds
        where !bond.Value.Linked
        select new ProfileLink(profile.Key, bond.Key, "split", "hand", "", bond.Value.Reason);

    private static bool IsSplit(Customer customer, GraphLink link) => BondOf(customer, link) is { Linked: false };

    private static string? ReasonOf(Customer customer, GraphLink link) => link.By is null ? BondOf(customer, link)?.Reason : null;

    private static Bond? BondOf(Customer customer, GraphLink link) =>
        customer.Profiles.GetValueOrDefault(link.From)?.Bonds.GetValueOrDefault(link.To) ?? customer.Profiles.GetValueOrDefault(link.To)?.Bonds.GetValueOrDefault(link.From);
}
