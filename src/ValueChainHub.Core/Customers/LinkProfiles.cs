using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>Keeps the index of identifiers in step with the profiles that hold them, and tells when two customers turn out to be one.</summary>
internal sealed class LinkProfiles(IHubStore store, DerivedIds ids, CustomerDirectory directory, GraphLimits limits)
{
    private const int CacheSize = 100_000;
    private readonly IdentityNotices _notices = new(store, ids);

    /// <summary>What was last written for a profile; a known shopper costs nothing.</summary>
    private readonly BoundedCache<string, int> _written = new(CacheSize);
    private readonly BoundedCache<(string Identifier, string Profile), byte> _found = new(CacheSize / 2);

    /// <summary>Calls that were cut off so far. One may have begun from an older state and taken a link away that is wanted now, so what others wrote meanwhile does not count as written.</summary>
    private int _cutOff;

    /// <summary>Writes the identifiers that the profile holds. Whoever is last reads the state again, so racing calls end with the latest.</summary>
    public async ValueTask SyncAsync(string profileId, Profile profile, FoldInput input, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(profileId, profile, input, cancellationToken);
        }
        catch
        {
            Interlocked.Increment(ref _cutOff);
            _written.Set(profileId, 0);
            throw;
        }
    }

    private async ValueTask WriteAsync(string profileId, Profile profile, FoldInput input, CancellationToken cancellationToken)
    {
        var linking = profile.LinkingIdentifiers();
        var signature = SignatureOf(profile, linking);
        for (var tookAway = false; tookAway || !(_written.TryGet(profileId, out var written) && written == signature);)
        {
            (tookAway, var meets, var cutOff) = (false, profile.Bonds.Count > 0, Volatile.Read(ref _cutOff));
            foreach (var identifier in profile.Sightings.Keys.Union(linking))
            {
                if (linking.Contains(identifier))
                    meets |= await LinkAsync(identifier, profileId, profile.Anchor, input, cancellationToken);
                else
                    tookAway |= await UnlinkAsync(identifier, profileId, profile.Anchor, cancellationToken);
            }
            if (!meets)
                directory.KnowAlone(profileId);
            if (cutOff == Volatile.Read(ref _cutOff))
                _written.Set(profileId, signature);
            // What was taken away may be wanted since, by somebody who found it still there: whoever takes away looks again, whatever counts as written.
            var state = await store.ReadAsync(HubContainers.Profiles, profileId, ItemIds.State, cancellationToken);
            if (state is null)
                return;
            profile = Documents.ReadProfile(state.Body);
            linking = profile.LinkingIdentifiers();
            signature = SignatureOf(profile, linking);
        }
    }

    /// <summary>Notes the contacts that may look the delivery's person up, and link nobody.</summary>
    public async ValueTask FindsAsync(DeliveryIdentity identity, CancellationToken cancellationToken)
    {
        if (identity.Anchor is not { } anchor)
            return;
        foreach (var find in identity.Finds)
        {
            var pair = (Identifier: ids.Of(find), Profile: ids.Of(anchor));
            if (_found.TryGet(pair, out _))
                continue;
            await CreateAsync(pair.Identifier, ItemIds.Find(pair.Profile), anchor, cancellationToken);
            _found.Set(pair, 0);
        }
    }

    /// <summary>True when the profile meets another in the identifier.</summary>
    private async ValueTask<bool> LinkAsync(Identifier identifier, string profileId, Identifier anchor, FoldInput input, CancellationToken cancellationToken)
    {
        var partition = ids.Of(identifier);
        await CreateAsync(partition, ItemIds.Link(profileId), anchor, cancellationToken);
        return await TellAsync(identifier, partition, profileId, input, cancellationToken);
    }

    /// <summary>True when it was linked before.</summary>
    private async ValueTask<bool> UnlinkAsync(Identifier identifier, string profileId, Identifier anchor, CancellationToken cancellationToken)
    {
        var partition = ids.Of(identifier);
        await CreateAsync(partition, ItemIds.Find(profileId), anchor, cancellationToken);
        if (await store.CommitAsync(HubContainers.Identifiers, partition, [new WriteOperation.Delete(ItemIds.Link(profileId))], cancellationToken) is not CommitResult.Committed)
            return false;
        await directory.ResolveAsync(profileId, cancellationToken);
        return true;
    }

    private async ValueTask CreateAsync(string partition, string id, Identifier anchor, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(HubContainers.Identifiers, partition, id, cancellationToken) is null)
        {
            var holder = new Holder(id[2..], anchor.Kind, anchor.Value);
            await store.CommitAsync(HubContainers.Identifiers, partition, [new WriteOperation.Create(id, Documents.Write(holder))], cancellationToken);
        }
    }

    /// <summary>Where profiles meet in an identifier, every one but the strongest hears that it has become part of another customer. Create-once by identifier and profile.</summary>
    private async ValueTask<bool> TellAsync(Identifier identifier, string partition, string profileId, FoldInput input, CancellationToken cancellationToken)
    {
        var items = await store.ReadRangeAsync(
            HubContainers.Identifiers, partition, IdRange.StartingWith(ItemIds.LinkPrefix), limits.HoldersPerIdentifier + 1, cancellationToken);
        if (items.Count < 2 || items.Count > limits.HoldersPerIdentifier)
            return items.Count > 1;
        var holders = items.Select(item => Documents.ReadHolder(item.Body)).OrderBy(holder => holder.Anchor).ToList();
        var before = holders.ToDictionary(holder => holder.Profile, holder => directory.KnownCustomerId(holder.Profile) ?? holder.Profile, StringComparer.Ordinal);
        var customer = await directory.ResolveAsync(profileId, cancellationToken);
        if (customer is null || !customer.Profiles.ContainsKey(holders[0].Profile))
            return true;
        foreach (var holder in holders.Skip(1).Where(holder => customer.Profiles.ContainsKey(holder.Profile)))
        {
            var previous = before[holder.Profile] == customer.Id ? null : before[holder.Profile];
            await _notices.TellAsync(
                EventCatalogue.CustomerMerged, new IdentityChange(holder.Profile, previous, customer.Id, identifier.Kind), partition, input.Envelope("", null, null), cancellationToken);
        }
        return true;
    }

    private static int SignatureOf(Profile profile, IReadOnlySet<Identifier> linking)
    {
        var hash = new HashCode();
        foreach (var identifier in profile.Sightings.Keys.Union(linking))
        {
            hash.Add(identifier);
            hash.Add(linking.Contains(identifier));
        }
        return hash.ToHashCode();
    }
}
