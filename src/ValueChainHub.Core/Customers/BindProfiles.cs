using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>Links or splits two profiles by hand. Nothing is moved: it is a statement about the pair, and the latest one counts.</summary>
public sealed class BindProfiles(IHubStore store, CustomerDirectory directory)
{
    /// <summary>False when one of the profiles does not exist.</summary>
    public async ValueTask<bool> HandleAsync(string one, string other, Bond bond, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(one, cancellationToken) || !await ExistsAsync(other, cancellationToken))
            return false;
        await WriteAsync(one, other, bond, cancellationToken);
        await WriteAsync(other, one, bond, cancellationToken);
        await directory.ResolveAsync(one, cancellationToken);
        await directory.ResolveAsync(other, cancellationToken);
        return true;
    }

    private async ValueTask<bool> ExistsAsync(string profileId, CancellationToken cancellationToken) =>
        await store.ReadAsync(HubContainers.Profiles, profileId, ItemIds.State, cancellationToken) is not null;

    private async ValueTask WriteAsync(string profileId, string other, Bond bond, CancellationToken cancellationToken)
    {
        while (await store.ReadAsync(HubContainers.Profiles, profileId, ItemIds.State, cancellationToken) is { } item)
        {
            var profile = Documents.ReadProfile(item.Body);
            if (!profile.Bind(other, bond))
                return;
            var write = new WriteOperation.Replace(ItemIds.State, Documents.Write(profile), item.ETag);
            if (await store.CommitAsync(HubContainers.Profiles, profileId, [write], cancellationToken) is CommitResult.Committed)
                return;
        }
    }
}
