using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Tests.Delivery;

/// <summary>A store of a process that dies after so many calls: from then on nothing is done.</summary>
internal sealed class MortalStore(IHubStore inner, int calls) : IHubStore
{
    private int _left = calls;

    public ValueTask<StoredItem?> ReadAsync(string container, string partition, string id, CancellationToken cancellationToken)
    {
        Live();
        return inner.ReadAsync(container, partition, id, cancellationToken);
    }

    public ValueTask<IReadOnlyList<StoredItem>> ReadRangeAsync(string container, string partition, IdRange range, int limit, CancellationToken cancellationToken)
    {
        Live();
        return inner.ReadRangeAsync(container, partition, range, limit, cancellationToken);
    }

    public ValueTask<CommitResult> CommitAsync(string container, string partition, IReadOnlyList<WriteOperation> operations, CancellationToken cancellationToken)
    {
        Live();
        return inner.CommitAsync(container, partition, operations, cancellationToken);
    }

    public ValueTask<FeedPage> ReadFeedAsync(string container, FeedPosition from, int limit, string? idPrefix, CancellationToken cancellationToken)
    {
        Live();
        return inner.ReadFeedAsync(container, from, limit, idPrefix, cancellationToken);
    }

    public ValueTask WaitForChangesAsync(string container, FeedPosition from, TimeSpan patience, CancellationToken cancellationToken) =>
        inner.WaitForChangesAsync(container, from, patience, cancellationToken);

    private void Live()
    {
        if (Interlocked.Decrement(ref _left) < 0)
            throw new OperationCanceledException("died");
    }
}
