using ValueChainHub.Core.Storage;
using ValueChainHub.Testing.Storage;

namespace ValueChainHub.Heads.Tests.Support;

/// <summary>A store in memory that can be switched off, as one whose disk is full or whose database is throttled.</summary>
internal sealed class SwitchableStore : IHubStore
{
    private readonly MemoryHubStore _inner = new();

    public bool IsOff { get; set; }

    public ValueTask<StoredItem?> ReadAsync(string container, string partition, string id, CancellationToken cancellationToken) =>
        WhenOn().ReadAsync(container, partition, id, cancellationToken);

    public ValueTask<IReadOnlyList<StoredItem>> ReadRangeAsync(string container, string partition, IdRange range, int limit, CancellationToken cancellationToken) =>
        WhenOn().ReadRangeAsync(container, partition, range, limit, cancellationToken);

    public ValueTask<CommitResult> CommitAsync(string container, string partition, IReadOnlyList<WriteOperation> operations, CancellationToken cancellationToken) =>
        WhenOn().CommitAsync(container, partition, operations, cancellationToken);

    public ValueTask<FeedPage> ReadFeedAsync(string container, FeedPosition from, int limit, string? idPrefix, CancellationToken cancellationToken) =>
        WhenOn().ReadFeedAsync(container, from, limit, idPrefix, cancellationToken);

    public ValueTask WaitForChangesAsync(string container, FeedPosition from, TimeSpan patience, CancellationToken cancellationToken) =>
        WhenOn().WaitForChangesAsync(container, from, patience, cancellationToken);

    private MemoryHubStore WhenOn() =>
        IsOff ? throw new StoreUnavailableException("switched off", outcomeUnknown: false) { RetryAfter = TimeSpan.FromSeconds(7) } : _inner;
}
