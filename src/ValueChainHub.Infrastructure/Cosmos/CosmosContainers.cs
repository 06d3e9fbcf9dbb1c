using Microsoft.Azure.Cosmos;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Infrastructure.Cosmos;

/// <summary>The containers as Cosmos DB knows them. The infrastructure's templates are compared with this.</summary>
public static class CosmosContainers
{
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
