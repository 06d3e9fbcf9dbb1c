using System.Globalization;
using ValueChainHub.CosmosWire.Wire;

namespace ValueChainHub.CosmosWire.Store;

/// <summary>One physical partition: logical partitions, and the log of what changed in them. Whatever reads or writes it holds its lock.</summary>
internal sealed partial class PartitionRange(WireContainer container, int number, string from, string until)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, PartitionItems> _partitions = [];
    private long _lsn;

    public string Id { get; } = number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The first effective partition key, included.</summary>
    public string From => from;

    /// <summary>The last effective partition key, excluded.</summary>
    public string Until => until;

    /// <summary>Hash version 2 fills 00 to 3F, so that is what is split; the last range reaches to FF, as the service's does.</summary>
    public static IEnumerable<PartitionRange> Split(WireContainer container, int count) =>
        Enumerable.Range(0, count).Select(number => new PartitionRange(container, number, Boundary(number, count), number == count - 1 ? "FF" : Boundary(number + 1, count)));

    public WireSession Session() => new(container.Rid, container.Path, Id, Interlocked.Read(ref _lsn));

    private static string Boundary(int number, int count) =>
        number == 0 ? "" : (0x40 * number / count).ToString("X2", CultureInfo.InvariantCulture) + new string('0', 30);

    private WireItem? Living(string partition, string id) =>
        _partitions.TryGetValue(partition, out var items) && items.Find(id) is { } item && !item.IsGone(container.Time.GetUtcNow()) ? item : null;

    private PartitionItems Partition(string partition) =>
        _partitions.TryGetValue(partition, out var items) ? items : _partitions[partition] = new();
}
