namespace ValueChainHub.CosmosWire.Store;

internal sealed partial class PartitionRange
{
    /// <summary>The living items of a partition that <paramref name="accepts"/>, in order of their ids from <paramref name="lowest"/> on, or backwards down to it.</summary>
    public List<WireItem> Select(string partition, string lowest, bool descending, Func<WireItem, bool> accepts, int limit)
    {
        lock (_gate)
        {
            if (!_partitions.TryGetValue(partition, out var items))
                return [];
            var now = container.Time.GetUtcNow();
            var first = items.FirstFrom(lowest);
            var places = Enumerable.Range(first, items.Count - first);
            return [.. (descending ? places.Reverse() : places).Select(place => items[place]).Where(item => !item.IsGone(now) && accepts(item)).Take(limit)];
        }
    }

    /// <summary>The living items of all partitions that <paramref name="accepts"/>, in order of partition and id.</summary>
    public List<WireItem> SelectAll(Func<WireItem, bool> accepts, int limit)
    {
        lock (_gate)
        {
            var now = container.Time.GetUtcNow();
            return
            [
                .. _partitions.OrderBy(partition => partition.Key, StringComparer.Ordinal)
                    .SelectMany(partition => Enumerable.Range(0, partition.Value.Count).Select(place => partition.Value[place]))
                    .Where(item => !item.IsGone(now) && accepts(item)).Take(limit),
            ];
        }
    }
}
