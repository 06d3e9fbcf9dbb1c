namespace ValueChainHub.Infrastructure.Sqlite;

/// <summary>Wakes readers of a feed when the writer has made a change durable.</summary>
internal sealed class ChangeSignal(long sequence)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _waiters;
    private long _sequence = sequence;

    /// <summary>The last durable change.</summary>
    public long Sequence => Volatile.Read(ref _sequence);

    public void Raise(long sequence)
    {
        TaskCompletionSource? waiters;
        lock (_gate)
        {
            Volatile.Write(ref _sequence, sequence);
            (waiters, _waiters) = (_waiters, null);
        }

        waiters?.TrySetResult();
    }

    /// <summary>Done with the next change after <paramref name="seen"/>; at once if there has been one.</summary>
    public Task After(long seen)
    {
        lock (_gate)
        {
            return _sequence > seen ? Task.CompletedTask : (_waiters ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Waits for a change after <paramref name="seen"/>, at most as long as <paramref name="patience"/>.</summary>
    public async ValueTask WaitAsync(long seen, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        var changed = After(seen);
        if (changed.IsCompleted || patience <= TimeSpan.Zero)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(changed, Task.Delay(patience, time, stop.Token));
        await stop.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
