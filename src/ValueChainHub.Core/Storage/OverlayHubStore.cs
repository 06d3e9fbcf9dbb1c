namespace ValueChainHub.Core.Storage;

/// <summary>Another store as it would be: reads go through, writes stay here, in memory. What runs on it runs as it would on the other, and changes nothing there.</summary>
/// <remarks>
/// Items, ranges and commits keep the contract of <see cref="IHubStore"/> (cases 1 to 18 and 33 to 37), but for times to live: nothing expires here.
/// A feed is the other store's: what is written here appears in none.
/// </remarks>
/// <param name="below">The other store. It may change meanwhile, and is seen as it is then.</param>
/// <param name="limitBytes">The most that the writes may hold together.</param>
public sealed class OverlayHubStore(IHubStore below, long limitBytes) : IHubStore, IDisposable
{
    /// <summary>What an item costs beside its body and its names.</summary>
    private const int BytesOfAnItem = 200;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _commits = new(1);
    private readonly Dictionary<(string Container, string Partition), SortedDictionary<string, StoredItem?>> _written = [];
    private long _bytes;
    private long _etags;

    public async ValueTask<StoredItem?> ReadAsync(string container, string partition, string id, CancellationToken cancellationToken) =>
        TryFind(container, partition, id, out var item) ? item : await below.ReadAsync(container, partition, id, cancellationToken);

    public async ValueTask<IReadOnlyList<StoredItem>> ReadRangeAsync(string container, string partition, IdRange range, int limit, CancellationToken cancellationToken)
    {
        StoreArguments.CheckRange(container, partition, limit);
        var own = Inside(container, partition, range);
        // Each of ours hides one of theirs at most, so this many are enough.
        var theirs = await below.ReadRangeAsync(container, partition, range, limit + own.Count, cancellationToken);
        var merged = theirs.Where(item => !own.ContainsKey(item.Id)).Concat(own.Values.OfType<StoredItem>());
        var ordered = range.Descending ? merged.OrderByDescending(item => item.Id, StringComparer.Ordinal) : merged.OrderBy(item => item.Id, StringComparer.Ordinal);
        return [.. ordered.Take(limit)];
    }

    public async ValueTask<CommitResult> CommitAsync(string container, string partition, IReadOnlyList<WriteOperation> operations, CancellationToken cancellationToken)
    {
        StoreArguments.CheckCommit(container, partition, operations);
        await _commits.WaitAsync(cancellationToken);
        try
        {
            for (var i = 0; i < operations.Count; i++)
            {
                if (ProblemOf(operations[i], await ReadAsync(container, partition, operations[i].Id, cancellationToken)) is { } problem)
                    return new CommitResult.Refused(i, problem);
            }
            return new CommitResult.Committed([.. operations.Select(operation => Apply(container, partition, operation))]);
        }
        finally
        {
            _commits.Release();
        }
    }

    public ValueTask<FeedPage> ReadFeedAsync(string container, FeedPosition from, int limit, string? idPrefix, CancellationToken cancellationToken) =>
        below.ReadFeedAsync(container, from, limit, idPrefix, cancellationToken);

    public ValueTask WaitForChangesAsync(string container, FeedPosition from, TimeSpan patience, CancellationToken cancellationToken) =>
        below.WaitForChangesAsync(container, from, patience, cancellationToken);

    public void Dispose() => _commits.Dispose();

    private bool TryFind(string container, string partition, string id, out StoredItem? item)
    {
        lock (_gate)
        {
            item = null;
            return _written.TryGetValue((container, partition), out var items) && items.TryGetValue(id, out item);
        }
    }

    /// <summary>What was written here inside a range; null for what was removed.</summary>
    private Dictionary<string, StoredItem?> Inside(string container, string partition, IdRange range)
    {
        lock (_gate)
        {
            if (!_written.TryGetValue((container, partition), out var items))
                return [];
            return items
                .Where(item => (range.From is null || string.CompareOrdinal(item.Key, range.From) >= 0) && (range.To is null || string.CompareOrdinal(item.Key, range.To) < 0))
                .ToDictionary(StringComparer.Ordinal);
        }
    }

    private static WriteProblem? ProblemOf(WriteOperation operation, StoredItem? present) => operation switch
    {
        WriteOperation.Create => present is null ? null : WriteProblem.AlreadyExists,
        WriteOperation.Replace replace => present is null ? WriteProblem.NotFound : present.ETag == replace.ETag ? null : WriteProblem.ETagMismatch,
        WriteOperation.Delete delete => present is null ? WriteProblem.NotFound : delete.ETag is null || present.ETag == delete.ETag ? null : WriteProblem.ETagMismatch,
        _ => null,
    };

    private string? Apply(string container, string partition, WriteOperation operation)
    {
        var body = operation switch
        {
            WriteOperation.Create create => create.Body,
            WriteOperation.Put put => put.Body,
            WriteOperation.Replace replace => replace.Body,
            _ => (ReadOnlyMemory<byte>?)null,
        };
        lock (_gate)
        {
            // No etag of the other store looks like this one.
            var item = body is { } bytes ? new StoredItem(partition, operation.Id, bytes.ToArray(), $"overlay-{++_etags}") : null;
            if (!_written.TryGetValue((container, partition), out var items))
                _written[(container, partition)] = items = new(StringComparer.Ordinal);
            _bytes += SizeOf(operation.Id, item) - (items.TryGetValue(operation.Id, out var before) ? SizeOf(operation.Id, before) : 0);
            if (_bytes > limitBytes)
                throw new OverlayFullException($"The writes would hold more than {limitBytes:N0} bytes.");
            items[operation.Id] = item;
            return item?.ETag;
        }
    }

    private static long SizeOf(string id, StoredItem? item) => BytesOfAnItem + (2 * id.Length) + (item?.Body.Length ?? 0);
}

/// <summary>An overlay would hold more than it may.</summary>
public sealed class OverlayFullException(string message) : Exception(message);
