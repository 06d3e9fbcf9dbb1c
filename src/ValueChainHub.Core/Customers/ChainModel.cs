using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Core.Customers;

/// <summary>The model itself, without stores and schedules: what a set of deliveries means. The pipeline must end where this does, whatever the order and number of deliveries.</summary>
/// <remarks>
/// A function of the set: entities are joins of registers, owners and links are read off the joined entities, records are composed from the joined profiles.
/// Nothing in it is incremental, so nothing in it can depend on a schedule. See ADR 7.
/// </remarks>
public sealed class ChainModel
{
    private readonly DerivedIds _ids;
    private readonly GraphLimits _limits;
    private readonly Dictionary<EntityKey, Entity> _entities = [];
    private readonly Dictionary<Identifier, Profile> _profiles = [];
    private readonly List<ChainEventDraft> _parcelEvents = [];
    private readonly Lazy<IdentityGraph> _graph;

    public ChainModel(DerivedIds ids, GraphLimits limits, IEnumerable<Translation.Translated> deliveries, IEnumerable<ModelBond> bonds)
    {
        (_ids, _limits) = (ids, limits);
        foreach (var delivery in deliveries)
            Join(delivery);
        foreach (var entity in _entities.Values)
            JoinParcels(entity);
        foreach (var entity in _entities.Values)
            Attribute(entity);
        foreach (var bond in bonds)
        {
            ProfileOf(bond.One).Bind(ids.Of(bond.Other), bond.Bond);
            ProfileOf(bond.Other).Bind(ids.Of(bond.One), bond.Bond);
        }
        _graph = new(BuildGraph);
    }

    /// <summary>Ids of the chain events that the deliveries give rise to.</summary>
    public HashSet<string> EventIds { get; } = new(StringComparer.Ordinal);

    /// <summary>Every entity but accounts, which are in their profiles.</summary>
    public IReadOnlyCollection<Entity> Entities => _entities.Values;

    public IReadOnlyCollection<Profile> Profiles => _profiles.Values;

    /// <summary>The id of the customer that a profile belongs to.</summary>
    public string CustomerOf(Profile profile) => _graph.Value.ComponentOf(_ids.Of(profile.Anchor))[0].Id;

    /// <summary>The records of all customers, by id.</summary>
    public IReadOnlyDictionary<string, CustomerRecord> Records()
    {
        var byId = _profiles.ToDictionary(profile => _ids.Of(profile.Key), profile => profile.Value, StringComparer.Ordinal);
        return byId.Keys
            .Select(id => _graph.Value.ComponentOf(id))
            .DistinctBy(component => component[0].Id)
            .Select(component => RecordComposer.Compose(component.ToDictionary(node => node.Id, node => byId[node.Id], StringComparer.Ordinal), _limits))
            .ToDictionary(record => record.Id, StringComparer.Ordinal);
    }

    /// <summary>The events of carriers that stand in the timeline of each customer: of parcels that an order of theirs names.</summary>
    public IReadOnlyDictionary<string, SortedSet<string>> ParcelEvents()
    {
        var byCustomer = Records().Keys.ToDictionary(id => id, _ => new SortedSet<string>(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var draft in _parcelEvents)
        {
            foreach (var owner in _entities.Values.Where(order => ParcelTracking.Names(order, draft.Subject, draft.Time)).Select(order => order.Owner).OfType<Identifier>())
                byCustomer[CustomerOf(owner)].Add(_ids.OfEvent(draft));
        }
        return byCustomer;
    }

    /// <summary>Ids of the notices of whose something turned out to be: one for each profile that was named for a thing that there was doubt about.</summary>
    public HashSet<string> LinkNotices() =>
        [.. from entity in _entities.Values
            where entity.WasInDoubt
            from anchor in entity.Affiliations.Keys
            select _ids.OfNotice(EventCatalogue.CustomerLinked, entity.Key.ToString(), _ids.Of(anchor))];

    private string CustomerOf(Identifier owner)
    {
        var byId = _profiles.ToDictionary(profile => _ids.Of(profile.Key), profile => profile.Value, StringComparer.Ordinal);
        return RecordComposer.Compose(_graph.Value.ComponentOf(_ids.Of(owner)).ToDictionary(node => node.Id, node => byId[node.Id], StringComparer.Ordinal), _limits).Id;
    }

    /// <summary>Every identifier that some profile holds: the ways a record can be found.</summary>
    public IEnumerable<Identifier> Identifiers() => _profiles.Values.SelectMany(profile => profile.Sightings.Keys).Distinct();

    private void Join(Translation.Translated delivery)
    {
        foreach (var identity in delivery.Identities())
            Join(identity, delivery.Source());
        foreach (var change in delivery.Entities)
            Join(change, delivery.IdentityOf(change));
        foreach (var draft in delivery.Events)
        {
            EventIds.Add(_ids.OfEvent(draft));
            if (ParcelTracking.IsParcel(draft.Subject))
                _parcelEvents.Add(draft);
        }
    }

    private void Join(DeliveryIdentity identity, string source)
    {
        if (identity.Anchor is not { } anchor)
            return;
        var profile = ProfileOf(anchor);
        foreach (var claim in identity.Claims)
            profile.See(claim, claimed: true, identity.At, source);
        profile.Touch(identity.At);
    }

    private void Join(EntityChange change, DeliveryIdentity identity)
    {
        if (change.Homing == Homing.Account)
        {
            var account = Identifier.Account(change.Key.Connector, change.Key.Id);
            var profile = ProfileOf(account);
            profile.See(account, claimed: true, identity.At, change.Key.Connector);
            profile.MergeAccount(change, identity);
            profile.Touch(identity.At);
            return;
        }
        if (!_entities.TryGetValue(change.Key, out var entity))
            _entities[change.Key] = entity = new Entity(change.Key);
        entity.Merge(change, change.Homing == Homing.Own ? null : identity.Anchor, identity.At);
        if (GuestNames.In(change) is { } name && identity.Anchor is { IsAccount: false } guest)
            ProfileOf(guest).Call(name, identity.At);
    }

    /// <summary>An order takes over what is known of the parcels that it names.</summary>
    private void JoinParcels(Entity order)
    {
        foreach (var parcel in ParcelTracking.ParcelsOf(order))
        {
            if (_entities.TryGetValue(parcel, out var tracking))
                order.Join(ParcelTracking.ForOrder(tracking));
        }
    }

    /// <summary>Gives the entity to its owner, and ties the guest contacts that named it to the accounts that did.</summary>
    private void Attribute(Entity entity)
    {
        if (entity.Owner is not { } owner)
            return;
        ProfileOf(owner).Totals.Add(entity.ContributionTo(owner));
        foreach (var (account, contact, named) in entity.Ties())
            ProfileOf(account).See(contact, named, entity.Key.Connector);
    }

    private Profile ProfileOf(Identifier anchor)
    {
        if (!_profiles.TryGetValue(anchor, out var profile))
            _profiles[anchor] = profile = new Profile(anchor);
        return profile;
    }

    private IdentityGraph BuildGraph() => new(_profiles.Values.Select(profile => profile.ToNode(_ids, _limits)), _limits);
}

/// <summary>A link or split by hand between two profiles, named by their anchors.</summary>
public sealed record ModelBond(Identifier One, Identifier Other, Bond Bond);
