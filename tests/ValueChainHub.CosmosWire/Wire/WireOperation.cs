namespace ValueChainHub.CosmosWire.Wire;

/// <summary>What a request asks for. The service tells them apart by verb, path and headers.</summary>
public enum WireOperation
{
    Unknown,
    ReadAccount,
    CreateDatabase,
    ReadDatabase,
    CreateContainer,
    ReadContainer,
    ReplaceContainer,
    DeleteContainer,
    ReadRanges,
    CreateItem,
    UpsertItem,
    ReadItem,
    ReplaceItem,
    DeleteItem,
    Batch,
    Bulk,
    QueryPlan,
    Query,
    ChangeFeed,
}

public static class WireOperations
{
    /// <summary>Writes items: what a fault between "done" and "answered" can harm.</summary>
    public static bool IsWrite(this WireOperation operation) =>
        operation is WireOperation.CreateItem or WireOperation.UpsertItem or WireOperation.ReplaceItem or WireOperation.DeleteItem or WireOperation.Batch or WireOperation.Bulk;
}
