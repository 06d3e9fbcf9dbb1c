namespace ValueChainHub.CosmosWire.Store;

/// <summary>A page of changes, and how far it reaches: what is read on from there.</summary>
internal sealed record Changes(IReadOnlyList<WireItem> Items, long Reached);

internal sealed partial class PartitionRange
{
    /// <summary>Where a feed begins that wants no earlier change.</summary>
    public long Now => Interlocked.Read(ref _lsn);

    /// <summary>The number before the first change of <paramref name="time"/> or later. Times are whole seconds, as in <c>_ts</c>.</summary>
    public long Before(DateTimeOffset time)
    {
        lock (_gate)
        {
            var first = _log.FindIndex(item => item.Changed.ToUnixTimeSeconds() >= time.ToUnixTimeSeconds());
            return first < 0 ? _lsn : _log[first].Lsn - 1;
        }
    }

    /// <summary>The latest versions after <paramref name="lsn"/>, of one partition or of all, in order. What was committed at once comes on one page, however small that is.</summary>
    public Changes ChangesAfter(long lsn, string? partition, int size)
    {
        lock (_gate)
        {
            var (items, now) = (new List<WireItem>(), container.Time.GetUtcNow());
            for (var place = FirstAfter(lsn); place < _log.Count; place++)
            {
                var item = _log[place];
                if (item.Superseded || item.IsGone(now) || (partition is not null && item.Partition != partition))
                    continue;
                if (items.Count >= size && items[^1].Lsn < item.Lsn)
                    return new(items, items[^1].Lsn);
                items.Add(item);
            }

            return new(items, _lsn);
        }
    }

    private int FirstAfter(long lsn)
    {
        var (low, high) = (0, _log.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _log[middle].Lsn > lsn ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
