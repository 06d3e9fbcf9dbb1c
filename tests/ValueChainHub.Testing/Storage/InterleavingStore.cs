using ValueChainHub.Core.Storage;

namespace ValueChainHub.Testing.Storage;

/// <summary>A store whose every call waits for its turn, so that one thread can run many callers in any interleaving, and the same seed runs the same one.</summary>
public sealed class InterleavingStore(IHubStore inner, Random random) : IHubStore
{
    private readonly List<TaskCompletionSource> _waiting = [];

    /// <summary>Runs callers to their ends, one store call at a time, each time of a caller drawn by chance. A caller may be stopped for good after some calls, as a crash would.</summary>
    public async Task RunAsync(IReadOnlyList<Func<CancellationToken, Task>> callers, double crashes)
    {
        var left = new Queue<Func<CancellationToken, Task>>(callers);
        var running = new List<Task>();
        while (left.Count > 0 || running.Exists(task => !task.IsCompleted))
        {
            if (left.Count > 0 && (_waiting.Count == 0 || (_waiting.Count < 6 && random.Next(2) == 0)))
                running.Add(StartAsync(left, crashes));
            else
                Wake();
        }
        await Task.WhenAll(running);
    }

    private async Task StartAsync(Queue<Func<CancellationToken, Task>> left, double crashes)
    {
        var caller = left.Dequeue();
        if (random.NextDouble() >= crashes)
        {
            await caller(CancellationToken.None);
            return;
        }
        using var crash = new CancellationTokenSource();
        _callsLeft[crash.Token] = random.Next(1, 12);
        try
        {
            await caller(crash.Token);
        }
        catch (OperationCanceledException)
        {
            left.Enqueue(caller);
        }
    }

    private readonly Dictionary<CancellationToken, int> _callsLeft = [];

    private void Wake()
    {
        var index = random.Next(_waiting.Count);
        var next = _waiting[index];
        _waiting.RemoveAt(index);
        next.SetResult();
    }

    private async ValueTask TurnAsync(CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource();
        _waiting.Add(turn);
        await turn.Task;
        if (_callsLeft.TryGetValue(cancellationToken, out var calls) && (_callsLeft[cancellationToken] = calls - 1) < 0)
            throw new OperationCanceledException(cancellationToken);
    }

    public async ValueTask<StoredItem?> ReadAsync(string container, string partition, string id, CancellationToken cancellationToken)
    {
        await TurnAsync(cancellationToken);
        return await inner.ReadAsync(container, partition, id, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<StoredItem>> ReadRangeAsync(string container, string partition, IdRange range, int limit, CancellationToken cancellationToken)
    {
        await TurnAsync(cancellationToken);
        return await inner.ReadRangeAsync(container, partition, range, limit, cancellationToken);
    }

    public async ValueTask<CommitResult> CommitAsync(string container, string partition, IReadOnlyList<WriteOperation> operations, CancellationToken cancellationToken)
    {
        await TurnAsync(cancellationToken);
        return await inner.CommitAsync(container, partition, operations, cancellationToken);
    }

    public ValueTask<FeedPage> ReadFeedAsync(string container, FeedPosition from, int limit, string? idPrefix, CancellationToken cancellationToken) =>
        inner.ReadFeedAsync(container, from, limit, idPrefix, cancellationToken);

    public ValueTask WaitForChangesAsync(string container, FeedPosition from, TimeSpan patience, CancellationToken cancellationToken) =>
        inner.WaitForChangesAsync(container, from, patience, cancellationToken);
}
