namespace ValueChainHub.Core.Intake;

/// <summary>Several lines of work done at the same time in one run of a job, so that a slow one holds none of the others.</summary>
/// <remarks>A lane that has nothing to do looks again while others still work: nobody's work waits for the end of the run. The run ends when all rest, or when its time is up.</remarks>
internal sealed class Lanes(TimeProvider time)
{
    /// <summary>After this no lane begins another step; the next run goes on there.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly long _began = time.GetTimestamp();
    private readonly TaskCompletionSource _allRest = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _working;

    /// <param name="steps">For each lane a step of its work: answers after which pause there is more, or null when nothing can be done for now.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public Task RunAsync(IReadOnlyCollection<Func<CancellationToken, Task<TimeSpan?>>> steps, CancellationToken cancellationToken)
    {
        _working = steps.Count;
        return Task.WhenAll(steps.Select(step => RunAsync(step, cancellationToken)));
    }

    private async Task RunAsync(Func<CancellationToken, Task<TimeSpan?>> step, CancellationToken cancellationToken)
    {
        // A step may do all its work before it first gives way; the others must not wait for that.
        await Task.Yield();
        var isWorking = true;
        try
        {
            while (time.GetElapsedTime(_began) < LongestRun)
            {
                if (await step(cancellationToken) is { } pause)
                {
                    if (pause > TimeSpan.Zero)
                        await Task.Delay(pause, time, cancellationToken);
                    continue;
                }
                isWorking = false;
                if (Interlocked.Decrement(ref _working) == 0)
                    _allRest.TrySetResult();
                await Task.WhenAny(_allRest.Task, Task.Delay(Rest, time, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
                if (_allRest.Task.IsCompleted)
                    return;
                Interlocked.Increment(ref _working);
                isWorking = true;
            }
        }
        finally
        {
            if (isWorking && Interlocked.Decrement(ref _working) == 0)
                _allRest.TrySetResult();
        }
    }
}
