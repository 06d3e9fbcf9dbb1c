namespace ValueChainHub.Infrastructure.Cosmos;

/// <summary>Wakes who waits for changes of a container that this process makes. Changes of other processes are found by looking.</summary>
internal sealed class FeedSignal
{
    private volatile TaskCompletionSource _next = New();

    /// <summary>Done at the next change after this was asked for.</summary>
    public Task Next => _next.Task;

    public void Raise() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
