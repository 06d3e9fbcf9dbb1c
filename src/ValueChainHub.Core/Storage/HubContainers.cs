namespace ValueChainHub.Core.Storage;

/// <summary>The hub's containers. Infrastructure creates exactly these.</summary>
public static class HubContainers
{
    /// <summary>Partition: delivery. The delivery, its doubles and its changes of state. Expires.</summary>
    public const string Inbox = "inbox";

    /// <summary>Partition: profile or home. State, entities, events.</summary>
    public const string Profiles = "profiles";

    /// <summary>Partition: entity. The entity's home; by order number and tracking number, the entities they name.</summary>
    public const string Homes = "homes";

    /// <summary>Partition: the identifier's derived id. The profiles that hold it.</summary>
    public const string Identifiers = "identifiers";

    /// <summary>Partition: kind and shard. Due, parked and dead items.</summary>
    public const string Work = "work";

    /// <summary>Partition: job. Feed positions with the counts of what they have passed.</summary>
    public const string Ledger = "ledger";

    /// <summary>Where a document store keeps the partition of an item.</summary>
    public const string PartitionKeyPath = "/pk";

    /// <summary>The only paths that a document store has to index: queries are for ids, which are indexed anyway, inside one partition.</summary>
    public static IReadOnlyList<string> IndexedPaths { get; } = [PartitionKeyPath + "/?"];

    public static IReadOnlyList<string> All { get; } = [Inbox, Profiles, Homes, Identifiers, Work, Ledger];

    /// <summary>How long a delivery is kept.</summary>
    public static TimeSpan InboxRetention { get; } = TimeSpan.FromDays(90);
}
