using ValueChainHub.CosmosWire.Bills;

namespace ValueChainHub.CosmosWire.Store;

/// <summary>What is to be done with an item. The numbers are those of an operation inside a batch.</summary>
internal enum ItemVerb
{
    Create = 0,
    Read = 2,
    Delete = 4,
    Replace = 5,
    Upsert = 20,
}

/// <summary>One operation on one item, alone or in a batch.</summary>
internal sealed record ItemOperation(ItemVerb Verb, string Id, ItemDocument? Document = null, string? IfMatch = null)
{
    /// <summary>The status, if the operation was found wanting before it came to the item.</summary>
    public int? Refused { get; init; }

    /// <summary>Of a write: the item itself is not wanted back.</summary>
    public bool WantsNoBody { get; init; }
}

/// <summary>What became of an operation. <paramref name="Item"/> is the version that stands now, or that was deleted.</summary>
internal sealed record ItemResult(ItemOperation Operation, int Status, WireItem? Item = null, bool Replaced = false)
{
    /// <summary>Of a batch: another operation failed, so this one was not done.</summary>
    public const int FailedDependency = 424;

    public bool Succeeded => Status < 300;

    public long Bytes => Item?.Body.Length ?? 0;

    public double Charge { get; init; } = Status == FailedDependency ? 0 : RequestCharge.Of(Operation.Verb, Item);
}
