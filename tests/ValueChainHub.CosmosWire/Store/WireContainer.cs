using System.Globalization;
using ValueChainHub.CosmosWire.Wire;

namespace ValueChainHub.CosmosWire.Store;

/// <summary>A container: its definition and its ranges.</summary>
internal sealed class WireContainer
{
    private readonly (int Database, int Container) _numbers;
    private readonly WireDatabase _database;
    private long _items;
    private long _etags;

    public WireContainer(WireAccount account, WireDatabase database, ContainerDefinition definition, (int Database, int Container) numbers)
    {
        (_database, _numbers, Time, Definition) = (database, numbers, account.Options.Time, definition);
        Rid = ResourceId.Container(numbers.Database, numbers.Container);
        Ranges = [.. PartitionRange.Split(this, account.Options.Ranges)];
        ETag = NextETag();
        Changed = Time.GetUtcNow();
    }

    public TimeProvider Time { get; }

    public ContainerDefinition Definition { get; private set; }

    public string Rid { get; }

    public string ETag { get; private set; }

    public DateTimeOffset Changed { get; }

    public string Name => Definition.Id;

    public string Path => $"dbs/{_database.Id}/colls/{Name}";

    public IReadOnlyList<PartitionRange> Ranges { get; }

    /// <summary>The range of a partition key: the last one that does not begin after its effective key.</summary>
    public PartitionRange RangeOf(string partition)
    {
        var place = EffectivePartitionKey.Of(partition);
        return Ranges.Last(range => string.CompareOrdinal(range.From, place) <= 0);
    }

    /// <exception cref="WireRefusal">The range is gone: 410 makes the SDK read the ranges again.</exception>
    public PartitionRange Range(string id) =>
        Ranges.FirstOrDefault(range => range.Id == id) ?? throw new WireRefusal(410, "Gone", "The partition key range is gone.", 1002);

    public void Replace(ContainerDefinition definition)
    {
        if (definition.PartitionProperty != Definition.PartitionProperty)
            throw WireRefusal.BadRequest("The partition key of a container cannot be changed.");
        (Definition, ETag) = (definition, NextETag());
    }

    public ReadOnlyMemory<byte> Stamped() => Definition.Stamped(Rid, _database.Rid, ETag, Changed.ToUnixTimeSeconds());

    /// <summary>An item as it will be answered: a new etag, the <c>_rid</c> of the version before. <paramref name="now"/> is one for all items of a batch.</summary>
    public WireItem NewVersion(ItemDocument document, string partition, WireItem? before, long lsn, DateTimeOffset now)
    {
        var rid = before?.Rid ?? ResourceId.Item(_numbers.Database, _numbers.Container, Interlocked.Increment(ref _items));
        var etag = NextETag();
        var body = document.Stamped(rid, $"dbs/{_database.Rid}/colls/{Rid}/docs/{rid}/", etag, now.ToUnixTimeSeconds());
        return new(rid, partition, document.Id, body, etag, lsn, now, Expiry(document, now));
    }

    /// <summary>Without a default in the container an item's own ttl means nothing; with one, the item's own wins; -1 is never.</summary>
    private DateTimeOffset? Expiry(ItemDocument document, DateTimeOffset now) =>
        Definition.DefaultTimeToLive is { } @default && (document.TimeToLive ?? @default) is > 0 and var seconds ? now.AddSeconds(seconds) : null;

    private string NextETag() => string.Create(CultureInfo.InvariantCulture, $"\"{_numbers.Container:x8}-0000-0000-0000-{Interlocked.Increment(ref _etags):x12}\"");
}
