using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace ValueChainHub.Core.Storage;

/// <summary>Remembers what would only cost time to learn again, up to a bound; then it forgets everything. Counting is its own, because a concurrent dictionary locks to count.</summary>
internal sealed class BoundedCache<TKey, TValue>(int bound)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, TValue> _entries = new();
    private int _added;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value) => _entries.TryGetValue(key, out value);

    /// <summary>True when the key was not known.</summary>
    public bool TryAdd(TKey key, TValue value)
    {
        if (!_entries.TryAdd(key, value))
            return false;
        CountUp();
        return true;
    }

    public void Set(TKey key, TValue value)
    {
        if (!TryAdd(key, value))
            _entries[key] = value;
    }

    private void CountUp()
    {
        if (Interlocked.Increment(ref _added) <= bound)
            return;
        _entries.Clear();
        Interlocked.Exchange(ref _added, 0);
    }
}
