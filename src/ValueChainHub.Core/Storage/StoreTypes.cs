namespace ValueChainHub.Core.Storage;

/// <summary>One item as it was read. <paramref name="Body"/> is UTF-8 JSON.</summary>
public sealed record StoredItem(string Partition, string Id, ReadOnlyMemory<byte> Body, string ETag);

/// <summary>One change of a feed: the item at its latest version.</summary>
/// <param name="Item">The item.</param>
/// <param name="Sequence">Rises with every change of one partition; comparable only inside one partition.</param>
public sealed record FeedChange(StoredItem Item, long Sequence);

/// <summary>A page of changes. <paramref name="Next"/> is where to read on, also when the page is empty.</summary>
public sealed record FeedPage(IReadOnlyList<FeedChange> Changes, FeedPosition Next, bool More);

/// <summary>Ids from <paramref name="From"/> (included) to <paramref name="To"/> (excluded), compared as UTF-8 bytes. A null bound is open.</summary>
public readonly record struct IdRange(string? From, string? To, bool Descending = false)
{
    /// <summary>Every id that starts with <paramref name="prefix"/>.</summary>
    public static IdRange StartingWith(string prefix, bool descending = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        return new(prefix, prefix[..^1] + (char)(prefix[^1] + 1), descending);
    }

    /// <summary>The rest of the range after <paramref name="id"/>, in the range's own direction.</summary>
    public IdRange After(string id) => Descending ? this with { To = id } : this with { From = id + '\u0001' };
}

/// <summary>Where a feed is read from: the beginning, a time, or a continuation of the store's own making.</summary>
public sealed record FeedPosition
{
    private FeedPosition(string? continuation, DateTimeOffset? at) => (Continuation, At) = (continuation, at);

    /// <summary>The beginning of the container.</summary>
    public static FeedPosition Beginning { get; } = new(null, null);

    public string? Continuation { get; }

    public DateTimeOffset? At { get; }

    /// <summary>At or before the first change committed at <paramref name="time"/> or later.</summary>
    public static FeedPosition FromTime(DateTimeOffset time) => new(null, time);

    /// <summary>After what an earlier page answered.</summary>
    public static FeedPosition FromContinuation(string continuation) => new(continuation ?? throw new ArgumentNullException(nameof(continuation)), null);
}

/// <summary>One operation of a commit.</summary>
public abstract record WriteOperation
{
    private WriteOperation(string id) => Id = id;

    public string Id { get; }

    /// <summary>Stores an item that must not exist yet.</summary>
    public sealed record Create(string Id, ReadOnlyMemory<byte> Body, TimeSpan? TimeToLive = null) : WriteOperation(Id);

    /// <summary>Stores an item whether it exists or not.</summary>
    public sealed record Put(string Id, ReadOnlyMemory<byte> Body, TimeSpan? TimeToLive = null) : WriteOperation(Id);

    /// <summary>Stores an item that must still have the etag it was read with.</summary>
    public sealed record Replace(string Id, ReadOnlyMemory<byte> Body, string ETag, TimeSpan? TimeToLive = null) : WriteOperation(Id);

    /// <summary>Removes an item, if given only while it has that etag.</summary>
    public sealed record Delete(string Id, string? ETag = null) : WriteOperation(Id);
}

/// <summary>Why an operation was refused.</summary>
public enum WriteProblem
{
    AlreadyExists,
    ETagMismatch,
    NotFound,
}

/// <summary>What became of a commit.</summary>
public abstract record CommitResult
{
    private CommitResult() { }

    /// <summary>All operations are durable. One etag for each operation, in order; null for a delete.</summary>
    public sealed record Committed(IReadOnlyList<string?> ETags) : CommitResult;

    /// <summary>Nothing was stored. <paramref name="Index"/> is the first operation that could not be done.</summary>
    public sealed record Refused(int Index, WriteProblem Problem) : CommitResult;
}

/// <summary>The bounds that every store keeps. They are those of Cosmos DB, so that what fits one store fits all.</summary>
public static class StoreLimits
{
    public const int OperationsPerCommit = 100;

    /// <summary>The largest body of one item, and of the items of one commit together, in bytes; Cosmos DB allows 2 MiB for the whole batch.</summary>
    public const int ItemBytes = 1_900_000;

    public const int IdCharacters = 255;

    /// <summary>Ids and partitions are printable ASCII without <c>/ \ ? # %</c>.</summary>
    public static bool IsValidId(string id) =>
        !string.IsNullOrEmpty(id) && id.Length <= IdCharacters && !id.AsSpan().ContainsAnyExceptInRange(' ', '~') && !id.AsSpan().ContainsAny("/\\?#%");
}

/// <summary>The store cannot answer now: throttled, offline, out of time, disk full.</summary>
public sealed class StoreUnavailableException(string message, bool outcomeUnknown, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when a write may have been stored all the same (contract case 17).</summary>
    public bool OutcomeUnknown { get; } = outcomeUnknown;

    /// <summary>How long the store asked to be left alone, if it said so.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>A feed cannot be read on from a continuation (contract case 26).</summary>
public sealed class ContinuationExpiredException(string message) : Exception(message);
