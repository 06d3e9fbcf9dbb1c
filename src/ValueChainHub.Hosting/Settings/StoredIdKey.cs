using System.Security.Cryptography;
using System.Text;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Hosting.Settings;

/// <summary>Which id key a record was made with, for a store that several processes share: a digest of the key in the store itself, never the key.</summary>
internal static class StoredIdKey
{
    private const string Partition = "keys";
    private const string Id = "id-key";

    /// <summary>Notes the digest the first time, and refuses another key ever after.</summary>
    /// <exception cref="HubSettingsException">The ids in the store were made with another key.</exception>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public static async Task CheckAsync(IHubStore store, string idKey, CancellationToken cancellationToken)
    {
        var digest = Encoding.UTF8.GetBytes($"{{\"digest\":\"{Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(idKey), "the id key of a record"u8))}\"}}");
        var known = await store.ReadAsync(HubContainers.Ledger, Partition, Id, cancellationToken);
        if (known is null && await store.CommitAsync(HubContainers.Ledger, Partition, [new WriteOperation.Create(Id, digest)], cancellationToken) is CommitResult.Refused)
            known = await store.ReadAsync(HubContainers.Ledger, Partition, Id, cancellationToken);
        if (known is not null && !known.Body.Span.SequenceEqual(digest))
            throw new HubSettingsException("Hub__IdKey is not the key that the ids in the store were made with. Set that one again, or start with an empty store.");
    }
}
