using System.Runtime.CompilerServices;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>Keeps the profiles that an entity names in step with it when it lives elsewhere: its share of the owner's totals, its events in the owner's timeline.</summary>
/// <remarks>A mirror is a register ordered by the entity's revision, so late and doubled updates are harmless.</remarks>
internal sealed class MirrorEntities(IHubStore store, DerivedIds ids)
{
    private const int EventsPerCommit = 90;

    /// <summary>Updates every profile concerned, and answers them as they are then: those that were up to date too, for whoever wrote them may have been cut off before their links were.</summary>
    public async IAsyncEnumerable<(string ProfileId, Profile Profile)> UpdateAsync(
        string home, Entity entity, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var anchor in entity.Affiliations.Keys)
        {
            var profileId = ids.Of(anchor);
            if (profileId != home && await UpdateAsync(home, entity, anchor, profileId, cancellationToken) is { } profile)
                yield return (profileId, profile);
        }
    }

    private async ValueTask<Profile?> UpdateAsync(string home, Entity entity, Identifier anchor, string profileId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var state = await store.ReadAsync(HubContainers.Profiles, profileId, ItemIds.State, cancellationToken);
            var item = await store.ReadAsync(HubContainers.Profiles, profileId, ItemIds.Mirror(entity.Key), cancellationToken);
            var (profile, mirror) = (state is null ? new Profile(anchor) : Documents.ReadProfile(state.Body), item is null ? null : Documents.ReadMirror(item.Body));
            var changed = Tie(profile, entity);
            var operations = new List<WriteOperation>();
            if (Next(mirror, home, entity, anchor) is { } next)
            {
                operations.Add(item is null ? new WriteOperation.Create(ItemIds.Mirror(entity.Key), Documents.Write(next)) : new WriteOperation.Replace(item.Id, Documents.Write(next), item.ETag));
                await CopyEventsAsync(operations, home, entity.EventItems.Skip(mirror?.Copied ?? 0).Take(next.Copied - (mirror?.Copied ?? 0)), cancellationToken);
                changed |= await CountAsync(profile, profileId, anchor, entity, mirror, next, cancellationToken);
            }
            if (changed)
                operations.Add(state is null ? new WriteOperation.Create(ItemIds.State, Documents.Write(profile)) : new WriteOperation.Replace(state.Id, Documents.Write(profile), state.ETag));
            if (operations.Count == 0)
                return state is null ? null : profile;
            if (await store.CommitAsync(HubContainers.Profiles, profileId, operations, cancellationToken) is CommitResult.Committed && IsComplete(mirror, entity))
                return profile;
        }

        bool IsComplete(Mirror? before, Entity of) => of.EventItems.Count - (before?.Copied ?? 0) <= EventsPerCommit || of.Owner != anchor;
    }

    /// <summary>What the mirror becomes, or null when it is up to date. It is written for a profile that does not own the entity too: it keeps an older update, still on its way, from counting.</summary>
    private static Mirror? Next(Mirror? mirror, string home, Entity entity, Identifier anchor)
    {
        var owned = entity.Owner == anchor;
        var copied = owned ? Math.Min(entity.EventItems.Count, (mirror?.Copied ?? 0) + EventsPerCommit) : mirror?.Copied ?? 0;
        if (mirror is not null && (mirror.Revision > entity.Revision || (mirror.Revision == entity.Revision && mirror.Copied >= copied)))
            return null;
        return new Mirror(entity.Key.ToString(), home, entity.Revision, owned, copied, owned ? entity.ContributionTo(anchor) : new Totals());
    }

    private async ValueTask<bool> CountAsync(
        Profile profile, string profileId, Identifier anchor, Entity entity, Mirror? mirror, Mirror next, CancellationToken cancellationToken)
    {
        var before = mirror?.Share ?? new Totals();
        if (before.SameAs(next.Share))
            return false;
        if (!profile.Totals.Replace(before, next.Share))
            profile.Totals = await TotalsRecount.WithMirrorAsync(store, profileId, profile, ItemIds.Mirror(entity.Key), next.Share, cancellationToken);
        return true;
    }

    private async ValueTask CopyEventsAsync(List<WriteOperation> operations, string home, IEnumerable<string> eventItems, CancellationToken cancellationToken)
    {
        foreach (var itemId in eventItems)
        {
            if (await store.ReadAsync(HubContainers.Profiles, home, itemId, cancellationToken) is { } item)
                operations.Add(new WriteOperation.Put(ItemIds.CopyOf(itemId), EventItems.EventOf(item.Body)));
        }
    }

    private static bool Tie(Profile profile, Entity entity)
    {
        var changed = false;
        foreach (var (_, contact, named) in entity.Ties().Where(tie => tie.Account == profile.Anchor))
            changed |= profile.See(contact, named, entity.Key.Connector);
        return changed;
    }
}
