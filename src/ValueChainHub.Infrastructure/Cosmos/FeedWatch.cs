using Microsoft.Azure.Cosmos;

namespace ValueChainHub.Infrastructure.Cosmos;

/// <summary>The SDK's change feed processor as a wake-up call: it says that a container has changes, also those of other processes, and not one word of which (ADR 17).</summary>
/// <remarks>
/// Its leases share the ranges among the processes that wait, and keep a position of its own that nothing rests on: while it cannot start, or has lost its leases, those who
/// wait look again when their patience ends.
/// </remarks>
/// <param name="watched">The container.</param>
/// <param name="leases">Where the processor keeps its leases.</param>
/// <param name="poll">How often it looks at a range that has nothing new.</param>
/// <param name="signal">Raised for every page of changes.</param>
internal sealed class FeedWatch(Container watched, Container leases, TimeSpan poll, FeedSignal signal, TimeProvider time)
{
    /// <summary>A processor that could not start is tried again after so long.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>Leases that are not let go in this time end by themselves.</summary>
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5);

    private static int _instances;

    private readonly Lock _turn = new();
    private Task<ChangeFeedProcessor?>? _running;
    private long _tried;
    private bool _stopped;

    /// <summary>Sees to it that the processor runs or is about to. Does not wait for it and never throws.</summary>
    public void Start()
    {
        lock (_turn)
        {
            if (_stopped || (_running is not null && !HasFailed(_running)))
                return;
            _tried = time.GetTimestamp();
            _running = Task.Run(StartAsync);
        }
    }

    /// <summary>Stops it and lets its leases go, so that another process has them at once.</summary>
    public async ValueTask StopAsync()
    {
        Task<ChangeFeedProcessor?>? running;
        lock (_turn)
            (_stopped, running) = (true, _running);
        if (running is not null)
            await Task.WhenAny(StopAsync(running), Task.Delay(LongestStop, time));
    }

    private bool HasFailed(Task<ChangeFeedProcessor?> running) => running is { IsCompletedSuccessfully: true, Result: null } && time.GetElapsedTime(_tried) >= Pause;

    private async Task<ChangeFeedProcessor?> StartAsync()
    {
        try
        {
            var processor = watched.GetChangeFeedProcessorBuilder("server-" + watched.Id, WakeAsync)
                .WithInstanceName($"{Environment.MachineName}-{Environment.ProcessId}-{Interlocked.Increment(ref _instances)}")
                .WithLeaseContainer(leases)
                .WithStartTime(DateTime.MinValue.ToUniversalTime())
                .WithPollInterval(poll)
                .Build();
            await processor.StartAsync();
            return processor;
        }
        catch (Exception fault) when (CosmosFault.Is(fault) || fault is OperationCanceledException or InvalidOperationException)
        {
            return null;
        }
    }

    private Task WakeAsync(ChangeFeedProcessorContext context, Stream changes, CancellationToken cancellationToken)
    {
        signal.Raise();
        return Task.CompletedTask;
    }

    private static async Task StopAsync(Task<ChangeFeedProcessor?> running)
    {
        try
        {
            if (await running is { } processor)
                await processor.StopAsync();
        }
        catch (Exception fault) when (CosmosFault.Is(fault) || fault is OperationCanceledException or InvalidOperationException)
        {
            // Its leases end by themselves.
        }
    }
}
