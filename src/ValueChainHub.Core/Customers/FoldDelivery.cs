using System.Collections.ObjectModel;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>A translated delivery joins the record: every entity in its home, whole or not at all, each event once.</summary>
/// <remarks>
/// Runs for every delivery and never asks whether it has seen it: all writes are joins or create-once. Everything that leaves a partition (homes, references, links,
/// mirrors, notices) is written here too, before the delivery counts as done; a crash in between is mended by running it again, which is what the feed does.
/// </remarks>
public sealed class FoldDelivery(IHubStore store, DerivedIds ids, CustomerDirectory directory, GraphLimits limits, EchoGuard? echoes = null, PushRecords? records = null)
{
    private const int EventsSearched = 1_000;
    private readonly Homes _homes = new(store, ids);
    private readonly PartitionFold _fold = new(store, ids, directory);
    private readonly MirrorEntities _mirrors = new(store, ids);
    private readonly JoinParcels _parcels = new(store, ids, new PartitionFold(store, ids, directory));
    private readonly ParcelEvents _parcelEvents = new(store, ids, directory);
    private readonly LinkProfiles _links = new(store, ids, directory, limits);
    private readonly NameIndex _names = new(store, ids);

    /// <summary>Folds one delivery, to the end.</summary>
    public async Task HandleAsync(FoldInput input, CancellationToken cancellationToken) =>
        await NameAsync(await FoldAsync(input, cancellationToken), cancellationToken);

    /// <summary>Keeps the names that deliveries of one batch gave, together. The deliveries are not done before.</summary>
    internal Task NameAsync(IEnumerable<NamedEntity> names, CancellationToken cancellationToken) => _names.WriteAsync(names, cancellationToken);

    /// <summary>Folds one delivery but for the names that it gives to entities, which it answers for <see cref="NameAsync"/>.</summary>
    internal async Task<IReadOnlyList<NamedEntity>> FoldAsync(FoldInput read, CancellationToken cancellationToken)
    {
        var input = await SettleAsync(read, cancellationToken);
        var (names, untold) = (new List<NamedEntity>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var plan in (await PlanAsync(input, cancellationToken)).SelectMany(plan => plan.Parts()))
        {
            if (plan.Entities is [{ Key: var parcel }] && ParcelTracking.IsParcel(parcel))
                plan.Owners = await _parcelEvents.OwnersAsync(parcel, plan.Events, cancellationToken);
            var folded = await _fold.CommitAsync(plan, input, cancellationToken);
            names.AddRange(folded.Names);
            if (folded.Profile is { } profile)
                await _links.SyncAsync(plan.Partition, profile, input, cancellationToken);
            if (folded is { Profile: not null, HasNewEvent: false } && (plan.Account is not null || plan.Entities.Count > 0))
                untold.Add(plan.Partition);
            foreach (var entity in folded.Entities)
                untold.UnionWith(await FollowAsync(plan, entity, input, cancellationToken));
        }
        foreach (var identity in input.Translation.Identities())
            await _links.FindsAsync(identity, cancellationToken);
        if (records is not null)
            await records.PushAsync(untold, input.Origin, cancellationToken);
        return names;
    }

    /// <summary>The delivery as it is folded: where it repeats what the hub wrote, with the times of the acts behind it. The same whenever it is asked.</summary>
    public ValueTask<FoldInput> SettleAsync(FoldInput input, CancellationToken cancellationToken) =>
        echoes is null ? ValueTask.FromResult(input) : echoes.SettleAsync(input, cancellationToken);

    /// <summary>True when every event of the delivery stands in the partition where its entity lives: the evidence that it was folded.</summary>
    public async ValueTask<bool> IsFoldedAsync(FoldInput input, CancellationToken cancellationToken)
    {
        var translated = (await SettleAsync(input, cancellationToken)).Translation;
        foreach (var draft in translated.Events)
        {
            if (await PartitionOfAsync(translated, draft.Subject, cancellationToken) is not { } partition
                || !await EventItems.ExistsAsync(store, partition, draft, ids.OfEvent(draft), cancellationToken))
                return false;
        }
        return true;
    }

    /// <summary>The events that stand there because of this very delivery and cause, and of no other: the evidence of what folding it for that cause has added, however often it was folded.</summary>
    internal async ValueTask<IReadOnlyList<EventHead>> OwnEventsAsync(FoldInput input, CancellationToken cancellationToken)
    {
        var (translated, own) = ((await SettleAsync(input, cancellationToken)).Translation, new Dictionary<string, EventHead>(StringComparer.Ordinal));
        foreach (var draft in translated.Events)
        {
            if (await PartitionOfAsync(translated, draft.Subject, cancellationToken) is not { } partition)
                continue;
            var itemId = ItemIds.Event(draft.Time ?? input.ReceivedAt, ids.OfEvent(draft));
            if (await store.ReadAsync(HubContainers.Profiles, partition, itemId, cancellationToken) is not { } item)
                continue;
            var head = CloudEvent.ReadHead(EventItems.EventOf(item.Body));
            if (head.Attributes.GetValueOrDefault("causationid") == input.Cause && head.Attributes.GetValueOrDefault("deliveryid") == input.DeliveryId)
                own[head.Id] = head;
        }
        return [.. own.Values];
    }

    /// <summary>How many events stand in the partitions it is about because of this very delivery, in whatever reading. Of a long partition only the latest events are looked at: what is not found then is not counted.</summary>
    internal async ValueTask<int> CountOwnAsync(FoldInput input, CancellationToken cancellationToken)
    {
        var own = new HashSet<string>(StringComparer.Ordinal);
        foreach (var partition in await PartitionsAsync(input.Translation, cancellationToken))
        {
            var events = await store.ReadRangeAsync(HubContainers.Profiles, partition, IdRange.StartingWith(ItemIds.EventPrefix), EventsSearched, cancellationToken);
            own.UnionWith(events.Select(item => CloudEvent.ReadHead(EventItems.EventOf(item.Body))).Where(IsOwn).Select(head => head.Id));
        }
        return own.Count;

        bool IsOwn(EventHead head) => head.Type != EventCatalogue.CustomerLinked && !head.Attributes.ContainsKey("causationid") && head.Attributes.GetValueOrDefault("deliveryid") == input.DeliveryId;
    }

    /// <summary>The partitions that the delivery is about: those of the people it names, and where its entities live.</summary>
    internal async ValueTask<IReadOnlySet<string>> PartitionsAsync(Translation.Translated translated, CancellationToken cancellationToken)
    {
        var partitions = translated.Identities().Select(identity => identity.Anchor).OfType<Identifier>().Select(ids.Of).ToHashSet(StringComparer.Ordinal);
        foreach (var change in translated.Entities)
        {
            if (await PartitionOfAsync(change.Key, change.Homing, cancellationToken) is { } partition)
                partitions.Add(partition);
        }
        return partitions;
    }

    private ValueTask<string?> PartitionOfAsync(Translation.Translated translated, EntityKey subject, CancellationToken cancellationToken) =>
        PartitionOfAsync(subject, translated.Entities.FirstOrDefault(change => change.Key == subject)?.Homing ?? Homing.Shopper, cancellationToken);

    private async ValueTask<string?> PartitionOfAsync(EntityKey entity, Homing homing, CancellationToken cancellationToken) => homing switch
    {
        Homing.Account => ids.Of(Identifier.Account(entity.Connector, entity.Id)),
        Homing.Own => ids.OfOwnHome(entity),
        _ => (await _homes.FindAsync(entity, cancellationToken))?.Partition,
    };

    /// <summary>What a changed entity means elsewhere: in the orders that name it as their parcel, and in the profiles that it names. Answers the profiles whose record that may have changed.</summary>
    private async Task<IReadOnlySet<string>> FollowAsync(PartitionPlan plan, Entity entity, FoldInput input, CancellationToken cancellationToken)
    {
        var concerned = new HashSet<string>(StringComparer.Ordinal);
        if (ParcelTracking.IsParcel(entity.Key))
        {
            await foreach (var (home, order) in _parcels.TellOrdersAsync(plan.Partition, entity, input, cancellationToken))
                await JoinAsync(home, order, [entity.Key]);
            return concerned;
        }
        var joined = await _parcels.AskParcelsAsync(plan.Partition, plan.Anchor, entity, input, cancellationToken);
        await JoinAsync(plan.Partition, joined, [.. ParcelTracking.ParcelsOf(joined)]);
        return concerned;

        async Task JoinAsync(string home, Entity order, IReadOnlyList<EntityKey> parcels)
        {
            if (parcels.Count > 0 && order.Owner is { } owner)
                concerned.Add(ids.Of(owner));
            concerned.UnionWith(await MirrorAsync(home, order, input, cancellationToken));
            foreach (var parcel in parcels)
                await _parcelEvents.ShowAsync(parcel, order, input, cancellationToken);
        }
    }

    /// <summary>Answers the profiles elsewhere that the entity names.</summary>
    private async Task<IReadOnlyList<string>> MirrorAsync(string partition, Entity entity, FoldInput input, CancellationToken cancellationToken)
    {
        var named = new List<string>();
        await foreach (var (profileId, profile) in _mirrors.UpdateAsync(partition, entity, cancellationToken))
        {
            await _links.SyncAsync(profileId, profile, input, cancellationToken);
            named.Add(profileId);
        }
        return named;
    }

    /// <summary>One plan for each partition that the delivery touches; the anchors' profiles among them, so that what the delivery says of the person is never lost.</summary>
    private async Task<IReadOnlyCollection<PartitionPlan>> PlanAsync(FoldInput input, CancellationToken cancellationToken)
    {
        var plans = new Dictionary<string, PartitionPlan>(StringComparer.Ordinal);
        foreach (var identity in input.Translation.Identities())
        {
            if (identity.Anchor is { } anchor)
                PlanOf(plans, ids.Of(anchor), anchor).Identities.Add(identity);
        }
        var partitions = new Dictionary<EntityKey, PartitionPlan>();
        foreach (var change in input.Translation.Entities)
        {
            var plan = await PlanOfAsync(plans, change, input.Translation.IdentityOf(change), cancellationToken);
            partitions[change.Key] = plan;
            if (change.Homing == Homing.Account)
                plan.Account = change;
            else
                plan.Entities.Add(change);
        }
        foreach (var draft in input.Translation.Events)
        {
            var plan = partitions.TryGetValue(draft.Subject, out var home) ? home : await PlanOfSubjectAsync(plans, draft.Subject, input.Translation.Identity, cancellationToken);
            plan.Events.Add(draft);
        }
        return plans.Values;
    }

    private async ValueTask<PartitionPlan> PlanOfAsync(
        Dictionary<string, PartitionPlan> plans, EntityChange change, DeliveryIdentity identity, CancellationToken cancellationToken)
    {
        switch (change.Homing)
        {
            case Homing.Account:
                var account = Identifier.Account(change.Key.Connector, change.Key.Id);
                return PlanOf(plans, ids.Of(account), account);
            case Homing.Own:
                return PlanOf(plans, ids.OfOwnHome(change.Key), null);
            default:
                if (identity.Anchor is { } person && !_homes.Knows(change.Key))
                    await LookFirstAsync(PlanOf(plans, ids.Of(person), person), cancellationToken);
                var (home, isNew) = await _homes.FindOrCreateAsync(change.Key, identity.Anchor, cancellationToken);
                var plan = PlanOf(plans, home.Partition, home.Anchor);
                if (isNew)
                    plan.NewEntities.Add(change.Key);
                return plan;
        }
    }

    /// <summary>
    /// Reads the state of what may become an entity's home before it does. Who folds into a new home changes its state, so a commit under this one's etag
    /// knows without looking that nobody was there before; one that read the state later would not.
    /// </summary>
    private async ValueTask LookFirstAsync(PartitionPlan plan, CancellationToken cancellationToken) =>
        plan.FirstLook ??= new(await store.ReadAsync(HubContainers.Profiles, plan.Partition, ItemIds.State, cancellationToken));

    /// <summary>An event about an entity that the delivery does not change goes where that entity lives.</summary>
    private async ValueTask<PartitionPlan> PlanOfSubjectAsync(
        Dictionary<string, PartitionPlan> plans, EntityKey subject, DeliveryIdentity identity, CancellationToken cancellationToken)
    {
        var (home, _) = await _homes.FindOrCreateAsync(subject, identity.Anchor, cancellationToken);
        return PlanOf(plans, home.Partition, home.Anchor);
    }

    private static PartitionPlan PlanOf(Dictionary<string, PartitionPlan> plans, string partition, Identifier? anchor)
    {
        if (!plans.TryGetValue(partition, out var plan))
            plans[partition] = plan = new PartitionPlan(partition, anchor);
        return plan;
    }
}

/// <summary>A delivery ready to be folded.</summary>
/// <param name="Translation">What it says.</param>
/// <param name="Connector">The connector's name.</param>
/// <param name="DeliveryId">The hub's id of it.</param>
/// <param name="ReceivedAt">When it was received.</param>
/// <param name="Origin"><c>live</c>, <c>reconciled</c>, <c>backfill</c>, <c>replayed</c>.</param>
/// <param name="Cause">The replay it belongs to, if any.</param>
/// <param name="Trace">The W3C trace it came with; its events carry it on.</param>
public sealed record FoldInput(
    Translation.Translated Translation, string Connector, string DeliveryId, DateTimeOffset ReceivedAt, string Origin = "live", string? Cause = null, string? Trace = null)
{
    /// <summary>Its events that repeat what the hub wrote.</summary>
    internal IReadOnlySet<ChainEventDraft> Echoes { get; init; } = ReadOnlySet<ChainEventDraft>.Empty;

    /// <summary>What the hub adds to an event of this delivery.</summary>
    internal CloudEvent.Envelope Envelope(string eventId, string? profile, string? customer) =>
        new(eventId, Connector, profile, customer, DeliveryId, Cause, Origin, ReceivedAt, Trace);
}

/// <summary>A look at a partition's state: what was there, if anything was.</summary>
internal sealed record StateLook(StoredItem? Item);

/// <summary>What a delivery changes in one partition.</summary>
internal sealed class PartitionPlan(string partition, Identifier? anchor)
{
    public string Partition { get; } = partition;

    /// <summary>The anchor of the profile whose partition it is; null for an entity's own home.</summary>
    public Identifier? Anchor { get; } = anchor;

    /// <summary>What the delivery says of the person whose profile it is: more than once where it holds several events of theirs.</summary>
    public List<DeliveryIdentity> Identities { get; } = [];

    public EntityChange? Account { get; set; }

    public List<EntityChange> Entities { get; } = [];

    public List<ChainEventDraft> Events { get; } = [];

    /// <summary>Whose single events are, where the entity is nobody's and others know whose it is.</summary>
    public IReadOnlyDictionary<ChainEventDraft, EventOwner> Owners { get; set; } = ReadOnlyDictionary<ChainEventDraft, EventOwner>.Empty;

    /// <summary>Registers are taken over from another entity: nobody states anything about the entities here.</summary>
    public bool TakesOver { get; init; }

    /// <summary>The plan in parts that each fit one commit, for deliveries that carry many entities; each part is idempotent by itself.</summary>
    public IEnumerable<PartitionPlan> Parts()
    {
        if (Entities.Count + Events.Count <= MembersPerCommit)
            return [this];
        var ofEntities = Entities.Chunk(MembersPerCommit / 4).Select(chunk => Part(chunk, Events.Where(draft => Array.Exists(chunk, change => change.Key == draft.Subject))));
        var others = Events.Where(draft => !Entities.Exists(change => change.Key == draft.Subject)).Chunk(MembersPerCommit / 2).Select(chunk => Part([], chunk));
        var parts = ofEntities.Concat(others).ToList();
        parts[0].Identities.AddRange(Identities);
        parts[0].Account = Account;
        return parts;
    }

    /// <summary>A part never has more operations than a commit may: an entity, its events, each with a marker at worst, and the state.</summary>
    private const int MembersPerCommit = 40;

    private PartitionPlan Part(IEnumerable<EntityChange> entities, IEnumerable<ChainEventDraft> events)
    {
        var part = new PartitionPlan(Partition, Anchor) { TakesOver = TakesOver };
        part.Entities.AddRange(entities);
        part.Events.AddRange(events);
        return part;
    }

    /// <summary>Entities whose home was made just now: they are created without looking for them, as long as the state is still the one of <see cref="FirstLook"/>.</summary>
    public HashSet<EntityKey> NewEntities { get; } = [];

    /// <summary>The partition's state before any of <see cref="NewEntities"/> had its home here; null when nobody looked.</summary>
    public StateLook? FirstLook { get; set; }
}
