using Microsoft.Azure.Cosmos;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Infrastructure.Cosmos;

/// <summary>The containers as Cosmos DB knows them. The infrastructure's templates are compared with this.</summary>
public static class CosmosContainers
{
    /// <summary>The leases of change feed processors and triggers; they expire by their own <c>ttl</c>.</summary>
    public const string Leases = "leases";

    /// <summary>The partition key that processors and triggers want of it.</summary>
    public const string LeasesPartitionKeyPath = "/id";

    /// <summary>What the container of leases must be. It is queried for prefixes of ids, and keeps the index that it has by itself.</summary>
    public static ContainerProperties LeaseProperties { get; } = new(Leases, LeasesPartitionKeyPath) { DefaultTimeToLive = -1 };

    /// <summary>What a container must be: items expire by their own <c>ttl</c> and by nothing else, and only what is queried is indexed.</summary>
    public static ContainerProperties Properties(string container) => new(container, HubContainers.PartitionKeyPath)
    {
        DefaultTimeToLive = -1,
        IndexingPolicy = Indexing(),
    };

    private static IndexingPolicy Indexing()
    {
        var policy = new IndexingPolicy { Automatic = true, IndexingMode = IndexingMode.Consistent };
        foreach (var path in HubContainers.IndexedPaths)
            policy.IncludedPaths.Add(new() { Path = path });
        policy.ExcludedPaths.Add(new() { Path = "/*" });
        return policy;
    }
}
