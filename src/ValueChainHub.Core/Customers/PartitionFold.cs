using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>Folds one partition's share of a delivery in one atomic commit: state, entities and events together, under their etags.</summary>
internal sealed class PartitionFold(IHubStore store, DerivedIds ids, CustomerDirectory directory)
{
    /// <summary>Repeats until nobody wrote in between. Each round reads afresh; a round is lost only to another one that succeeded.</summary>
    public async ValueTask<FoldedPartition> CommitAsync(PartitionPlan plan, FoldInput input, CancellationToken cancellationToken)
    {
        var checkEvents = false;
        while (true)
        {
            var round = new FoldRound(plan, input, ids);
            await round.ReadAsync(store, checkEvents, cancellationToken);
            round.Merge();
            round.Write(await CustomerAsync(round, cancellationToken));
            if (round.NeedsRecount)
                await round.RecountAsync(store, cancellationToken);
            if (round.Operations.Count == 0)
                return round.Result();
            var result = await store.CommitAsync(HubContainers.Profiles, plan.Partition, round.Operations, cancellationToken);
            if (result is CommitResult.Committed)
                return round.Result();
            checkEvents |= result is CommitResult.Refused { Problem: WriteProblem.AlreadyExists };
            plan.FirstLook = null;
            plan.NewEntities.Clear();
        }
    }

    /// <summary>The customer as known now, for the events; a profile that is new is its own customer until its links are written.</summary>
    private async ValueTask<string?> CustomerAsync(FoldRound round, CancellationToken cancellationToken)
    {
        if (round.Plan.Events.Count == 0 || round.OwnerProfileId is not { } profileId)
            return null;
        return await directory.CustomerIdAsync(profileId, cancellationToken);
    }
}

/// <summary>What a partition holds after a fold.</summary>
/// <param name="Profile">The profile whose partition it is, if it is one.</param>
/// <param name="Entities">The entities that the fold was about.</param>
/// <param name="Names">Names that have to be kept before the delivery counts as done.</param>
/// <param name="HasNewEvent">An event was appended that tells of what changed here.</param>
internal sealed record FoldedPartition(Profile? Profile, IReadOnlyList<Entity> Entities, IReadOnlyList<NamedEntity> Names, bool HasNewEvent);

/// <summary>One round of a fold: what was read, what becomes of it, and what to write.</summary>
internal sealed class FoldRound(PartitionPlan plan, FoldInput input, DerivedIds ids)
{
    private readonly List<StoredEntity> _entities = [];
    private readonly List<NamedEntity> _newNames = [];
    private readonly HashSet<string> _presentEvents = new(StringComparer.Ordinal);
    private readonly HashSet<EntityKey> _changed = [];
    private Profile? _profile;
    private string? _stateETag;
    private bool _stateChanged;
    private bool _hasNewEvent;

    public PartitionPlan Plan => plan;

    public List<WriteOperation> Operations { get; } = [];

    /// <summary>An extreme of the totals left: they must be recounted from the entities before the commit.</summary>
    public bool NeedsRecount { get; private set; }

    /// <summary>The profile that the events of this partition belong to.</summary>
    public string? OwnerProfileId { get; private set; }

    public async ValueTask ReadAsync(IHubStore store, bool checkEvents, CancellationToken cancellationToken)
    {
        if (plan.Anchor is { } anchor)
        {
            var state = plan.FirstLook is { } look ? look.Item : await store.ReadAsync(HubContainers.Profiles, plan.Partition, ItemIds.State, cancellationToken);
            _stateETag = state?.ETag;
            _profile = state is null ? new Profile(anchor) : Documents.ReadProfile(state.Body);
        }
        foreach (var change in plan.Entities)
        {
            if (_profile is not null && _profile.Young.TryGetValue(change.Key, out var eventItem))
                _entities.Add(Stored(await EntityItems.InEventAsync(store, plan.Partition, eventItem, cancellationToken), null));
            else if (!plan.NewEntities.Contains(change.Key) && await store.ReadAsync(HubContainers.Profiles, plan.Partition, ItemIds.Entity(change.Key), cancellationToken) is { } item)
                _entities.Add(Stored(Documents.ReadEntity(item.Body), item.ETag));
            else
                _entities.Add(new(new Entity(change.Key), null, new Totals(), IsNew: true));
        }
        if (checkEvents)
            await ReadEventsAsync(store, cancellationToken);
    }

    private StoredEntity Stored(Entity entity, string? etag) => new(entity, etag, entity.ContributionTo(plan.Anchor), IsNew: false);

    /// <summary>Joins what the delivery says; then it is known whose the events are.</summary>
    public void Merge()
    {
        _stateChanged = MergeIdentity() | MergeAccount() | _stateETag is null;
        for (var i = 0; i < _entities.Count; i++)
        {
            var (change, entity) = (plan.Entities[i], _entities[i].Entity);
            _newNames.AddRange(NamesOf(change).Where(name => !entity.Names.Contains(NameIndex.NameOf(name.Name))));
            if (Merge(entity, change))
                _changed.Add(change.Key);
        }
        OwnerProfileId = OwnerNow();
    }

    /// <summary>Decides what to write: events that are not there, entities and state that changed.</summary>
    public void Write(string? customerId)
    {
        foreach (var stored in _entities)
            WriteEntity(stored, customerId);
        foreach (var draft in plan.Events.Where(draft => !_entities.Exists(entity => entity.Entity.Key == draft.Subject)))
            Append(draft, null, customerId);
        if (_profile is { } profile && _stateChanged)
            Operations.Add(Write(ItemIds.State, Documents.Write(profile), _stateETag));
    }

    /// <remarks>A fold that told nothing new may be the second one of a delivery whose first was cut off before the names were kept: they are kept again.</remarks>
    public FoldedPartition Result() => new(
        _profile,
        [.. _entities.Select(entity => entity.Entity)],
        _hasNewEvent ? _newNames : [.. plan.Entities.Concat(plan.Account is { } account ? [account] : []).SelectMany(NamesOf)],
        _hasNewEvent);

    /// <summary>Totals counted from every entity and mirror of the partition: exact, and needed only when a first or last time was taken back.</summary>
    public async ValueTask RecountAsync(IHubStore store, CancellationToken cancellationToken)
    {
        var pending = _entities.ToDictionary(entity => ItemIds.Entity(entity.Entity.Key), entity => entity.Entity, StringComparer.Ordinal);
        _profile!.Totals = await TotalsRecount.OfAsync(store, plan.Partition, _profile, pending, cancellationToken);
        Operations.RemoveAll(operation => operation.Id == ItemIds.State);
        Operations.Add(Write(ItemIds.State, Documents.Write(_profile), _stateETag));
    }

    private bool Merge(Entity entity, EntityChange change)
    {
        if (plan.TakesOver)
            return entity.Join(change.Facets);
        var identity = input.Translation.IdentityOf(change);
        return entity.Merge(change, change.Homing == Homing.Own ? null : identity.Anchor, identity.At);
    }

    private bool MergeIdentity()
    {
        var changed = false;
        if (_profile is null)
            return changed;
        foreach (var identity in plan.Identities)
        {
            foreach (var claim in identity.Claims)
                changed |= _profile.See(claim, claimed: true, identity.At, input.Connector);
            foreach (var change in input.Translation.Entities.Where(change => !_profile.Anchor.IsAccount && input.Translation.IdentityOf(change) == identity))
                changed |= _profile.Call(GuestNames.In(change), identity.At);
            changed |= _profile.Touch(identity.At);
        }
        return changed;
    }

    private bool MergeAccount()
    {
        if (plan.Account is not { } change || _profile is null)
            return false;
        var identity = input.Translation.IdentityOf(change);
        var seen = _profile.See(_profile.Anchor, claimed: true, identity.At, change.Key.Connector);
        return seen | _profile.MergeAccount(change, identity) | _profile.Touch(identity.At);
    }

    private void WriteEntity(StoredEntity stored, string? customerId)
    {
        var (entity, first) = (stored.Entity, Operations.Count);
        var changed = stored.IsNew || _changed.Contains(entity.Key);
        foreach (var draft in plan.Events.Where(draft => draft.Subject == entity.Key))
            changed |= Append(draft, entity, customerId);
        if (!(changed | Announce(entity, customerId)))
            return;
        entity.Revision++;
        if (!(stored.IsNew && StaysYoung(entity, first)))
            Operations.Add(Write(ItemIds.Entity(entity.Key), Documents.Write(entity), stored.ETag));
        if (_profile is not { } profile)
            return;
        // Whoever makes an entity writes the state too, so that of two who do it at once one begins again and sees the other's.
        _stateChanged |= stored.IsNew | (stored.ETag is null && !stored.IsNew && profile.Young.Remove(entity.Key));
        _stateChanged |= Tie(profile, entity) | Count(profile, stored.Before, entity.ContributionTo(plan.Anchor));
    }

    /// <summary>Puts a small new entity into the item of its first event, instead of an item of its own.</summary>
    private bool StaysYoung(Entity entity, int first)
    {
        if (_profile is not { Young.Count: < EntityItems.MostYoung } profile || BelongsToNobody(entity.Key))
            return false;
        var index = Operations.FindIndex(first, operation => operation.Id.StartsWith(ItemIds.EventPrefix, StringComparison.Ordinal));
        if (index < 0 || Operations[index] is not WriteOperation.Create append || Documents.Write(entity) is not { Length: <= EntityItems.LargestYoung } document)
            return false;
        Operations[index] = append with { Body = EventItems.WithEntity(append.Body, document) };
        profile.Young[entity.Key] = append.Id;
        return true;
    }

    private bool Count(Profile profile, Totals before, Totals after)
    {
        if (before.SameAs(after))
            return false;
        NeedsRecount |= !profile.Totals.Replace(before, after);
        return true;
    }

    private static bool Tie(Profile profile, Entity entity)
    {
        var changed = false;
        foreach (var (_, contact, named) in entity.Ties().Where(tie => tie.Account == profile.Anchor))
            changed |= profile.See(contact, named, entity.Key.Connector);
        return changed;
    }

    /// <summary>Appends the event if it is not there; true when the entity must remember its item, because it is a shopper's and may be another's tomorrow.</summary>
    private bool Append(ChainEventDraft draft, Entity? entity, string? customerId)
    {
        var eventId = ids.OfEvent(draft);
        if (!_presentEvents.Add(eventId) || (entity is null && _profile?.Told.Contains(eventId, StringComparer.Ordinal) == true))
            return false;
        _hasNewEvent = true;
        if (entity is null && _profile is { } told)
        {
            told.Tell(eventId);
            _stateChanged = true;
        }
        var owner = entity?.Owner is { } person ? ids.Of(person) : plan.Anchor is null ? null : plan.Partition;
        if (plan.Owners.TryGetValue(draft, out var known))
            (owner, customerId) = (known.Profile, known.Customer);
        var itemId = EventItems.Append(Operations, draft, input.Envelope(eventId, owner, customerId ?? owner) with { IsEcho = input.Echoes.Contains(draft) });
        if (entity is null || BelongsToNobody(entity.Key) || entity.EventItems.Contains(itemId, StringComparer.Ordinal))
            return false;
        entity.EventItems.Add(itemId);
        return true;
    }

    private bool BelongsToNobody(EntityKey key) => plan.Entities.Exists(change => change.Key == key && change.Homing == Homing.Own);

    /// <summary>Once there was doubt whose the entity is, tells for each profile that was named that it is named (SEMANTICS 6).</summary>
    private bool Announce(Entity entity, string? customerId)
    {
        if (!entity.WasInDoubt)
            return false;
        var changed = false;
        foreach (var profileId in entity.Affiliations.Keys.Select(ids.Of).Where(entity.Announced.Add).ToList())
        {
            var draft = new ChainEventDraft(
                EventCatalogue.CustomerLinked, entity.Key, null, ChainJson.Write(new IdentityChange(profileId, null, customerId ?? profileId, entity.Key.ToString())));
            var eventId = ids.OfNotice(EventCatalogue.CustomerLinked, entity.Key.ToString(), profileId);
            EventItems.Append(Operations, draft, input.Envelope(eventId, profileId, customerId ?? profileId));
            changed = true;
        }
        return changed;
    }

    private async ValueTask ReadEventsAsync(IHubStore store, CancellationToken cancellationToken)
    {
        foreach (var draft in plan.Events)
        {
            var eventId = ids.OfEvent(draft);
            if (await EventItems.ExistsAsync(store, plan.Partition, draft, eventId, cancellationToken))
                _presentEvents.Add(eventId);
        }
    }

    private string? OwnerNow()
    {
        if (plan.Anchor is not null && _entities.TrueForAll(entity => entity.Entity.Owner == plan.Anchor))
            return plan.Partition;
        return _entities.Select(entity => entity.Entity.Owner).FirstOrDefault(owner => owner is not null) is { } person ? ids.Of(person) : null;
    }

    private static WriteOperation Write(string id, ReadOnlyMemory<byte> body, string? etag) =>
        etag is null ? new WriteOperation.Create(id, body) : new WriteOperation.Replace(id, body, etag);

    private static IEnumerable<NamedEntity> NamesOf(EntityChange change) => change.References.Select(reference => new NamedEntity(reference, change.Key));

    /// <summary>An entity as it was read: with the etag of its item, if it has one of its own, and its share of the totals.</summary>
    private sealed record StoredEntity(Entity Entity, string? ETag, Totals Before, bool IsNew);
}
