using System.Globalization;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Testing.Storage;

/// <summary>The storage port in memory: a small real implementation, for tests that need thousands of stores.</summary>
public sealed class MemoryHubStore : IHubStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Container, string Partition), SortedDictionary<string, (byte[] Body, long Sequence)>> _partitions = [];
    private long _sequence;

    public ValueTask<StoredItem?> ReadAsync(string container, string partition, string id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(
                _partitions.TryGetValue((container, partition), out var items) && items.TryGetValue(id, out var item) ? Item(partition, id, item) : null);
        }
    }

    public ValueTask<IReadOnlyList<StoredItem>> ReadRangeAsync(string container, string partition, IdRange range, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_partitions.TryGetValue((container, partition), out var items))
                return ValueTask.FromResult<IReadOnlyList<StoredItem>>([]);
            var inside = items.Where(item =>
                (range.From is null || string.CompareOrdinal(item.Key, range.From) >= 0) && (range.To is null || string.CompareOrdinal(item.Key, range.To) < 0));
            return ValueTask.FromResult<IReadOnlyList<StoredItem>>(
                [.. (range.Descending ? inside.Reverse() : inside).Take(limit).Select(item => Item(partition, item.Key, item.Value))]);
        }
    }

    public ValueTask<CommitResult> CommitAsync(string container, string partition, IReadOnlyList<WriteOperation> operations, CancellationToken cancellationToken)
    {
        if (operations.Count is 0 or > StoreLimits.OperationsPerCommit || operations.DistinctBy(operation => operation.Id).Count() != operations.Count)
            throw new ArgumentException("A commit has 1 to 100 operations on different ids.", nameof(operations));
        if (!StoreLimits.IsValidId(partition) || !operations.All(operation => StoreLimits.IsValidId(operation.Id)))
            throw new ArgumentException("An id or partition breaks the limits.", nameof(operations));
        lock (_gate)
        {
            if (!_partitions.TryGetValue((container, partition), out var items))
                _partitions[(container, partition)] = items = new(StringComparer.Ordinal);
            for (var i = 0; i < operations.Count; i++)
            {
                if (ProblemOf(items, operations[i]) is { } problem)
                    return ValueTask.FromResult<CommitResult>(new CommitResult.Refused(i, problem));
            }
            return ValueTask.FromResult<CommitResult>(new CommitResult.Committed([.. operations.Select(operation => Apply(items, operation))]));
        }
    }

    public ValueTask<FeedPage> ReadFeedAsync(string container, FeedPosition from, int limit, string? idPrefix, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var after = from.Continuation is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
            var changes = _partitions
                .Where(partition => partition.Key.Container == container)
                .SelectMany(partition => partition.Value, (partition, item) => new FeedChange(Item(partition.Key.Partition, item.Key, item.Value), item.Value.Sequence))
                .Where(change => change.Sequence > after)
                .OrderBy(change => change.Sequence)
                .Take(limit)
                .ToList();
            var next = changes.Count == 0 ? after : changes[^1].Sequence;
            var matching = idPrefix is null ? changes : changes.FindAll(change => change.Item.Id.StartsWith(idPrefix, StringComparison.Ordinal));
            return ValueTask.FromResult(new FeedPage(matching, FeedPosition.FromContinuation(next.ToString(CultureInfo.InvariantCulture)), changes.Count == limit));
        }
    }

    public async ValueTask WaitForChangesAsync(string container, FeedPosition from, TimeSpan patience, CancellationToken cancellationToken) =>
        await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(5, patience.TotalMilliseconds)), cancellationToken);

    private static WriteProblem? ProblemOf(SortedDictionary<string, (byte[] Body, long Sequence)> items, WriteOperation operation)
    {
        var exists = items.TryGetValue(operation.Id, out var present);
        return operation switch
        {
            WriteOperation.Create => exists ? WriteProblem.AlreadyExists : null,
            WriteOperation.Replace replace => !exists ? WriteProblem.NotFound : replace.ETag == ETag(present.Sequence) ? null : WriteProblem.ETagMismatch,
            WriteOperation.Delete delete => !exists ? WriteProblem.NotFound : delete.ETag is null || delete.ETag == ETag(present.Sequence) ? null : WriteProblem.ETagMismatch,
            _ => null,
        };
    }

    private string? Apply(SortedDictionary<string, (byte[] Body, long Sequence)> items, WriteOperation operation)
    {
        var body = operation switch
        {
            WriteOperation.Create create => create.Body,
            WriteOperation.Put put => put.Body,
            WriteOperation.Replace replace => replace.Body,
            _ => (ReadOnlyMemory<byte>?)null,
        };
        if (body is not { } bytes)
        {
            items.Remove(operation.Id);
            return null;
        }
        items[operation.Id] = (bytes.ToArray(), ++_sequence);
        return ETag(_sequence);
    }

    private static StoredItem Item(string partition, string id, (byte[] Body, long Sequence) item) => new(partition, id, item.Body, ETag(item.Sequence));

    private static string ETag(long sequence) => sequence.ToString(CultureInfo.InvariantCulture);
}
