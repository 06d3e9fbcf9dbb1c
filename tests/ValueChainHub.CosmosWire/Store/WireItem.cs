namespace ValueChainHub.CosmosWire.Store;

/// <summary>One version of an item, as it is answered.</summary>
internal sealed record WireItem(string Rid, string Partition, string Id, ReadOnlyMemory<byte> Body, string ETag, long Lsn, DateTimeOffset Changed, DateTimeOffset? Expires)
{
    /// <summary>Another version, or nothing, has taken its place: feeds leave it out.</summary>
    public bool Superseded { get; set; }

    public bool IsGone(DateTimeOffset now) => Expires <= now;
}
