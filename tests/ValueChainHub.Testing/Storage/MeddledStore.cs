using ValueChainHub.Core.Storage;

namespace ValueChainHub.Testing.Storage;

/// <summary>Lets something happen once, right after the first call that fits: the one moment that random schedules hardly ever hit.</summary>
public sealed class MeddledStore(IHubStore inner, Func<StoreCall, bool> when, Func<Task> happens) : IHubStore
{
    public bool HasHappened { get; private set; }

    public async ValueTask<StoredItem?> ReadAsync(string container, string partition, string id, CancellationToken cancellationToken) =>
        await MeddleAsync(new(container, partition, IsCommit: false), await inner.ReadAsync(container, partition, id, cancellationToken));

    public async ValueTask<IReadOnlyList<StoredItem>> ReadRangeAsync(string container, string partition, IdRange range, int limit, CancellationToken cancellationToken) =>
        await MeddleAsync(new(container, partition, IsCommit: false), await inner.ReadRangeAsync(container, partition, range, limit, cancellationToken));

    public async ValueTask<CommitResult> CommitAsync(string container, string partition, IReadOnlyList<WriteOperation> operations, CancellationToken cancellationToken) =>
        await MeddleAsync(new(container, partition, IsCommit: true), await inner.CommitAsync(container, partition, operations, cancellationToken));

    public ValueTask<FeedPage> ReadFeedAsync(string container, FeedPosition from, int limit, string? idPrefix, CancellationToken cancellationToken) =>
        inner.ReadFeedAsync(container, from, limit, idPrefix, cancellationToken);

    public ValueTask WaitForChangesAsync(string container, FeedPosition from, TimeSpan patience, CancellationToken cancellationToken) =>
        inner.WaitForChangesAsync(container, from, patience, cancellationToken);

    private async ValueTask<T> MeddleAsync<T>(StoreCall call, T answer)
    {
        if (!HasHappened && when(call))
        {
            HasHappened = true;
            await happens();
        }
        return answer;
    }
}

/// <summary>A call to a store.</summary>
public readonly record struct StoreCall(string Container, string Partition, bool IsCommit);
