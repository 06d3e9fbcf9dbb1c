using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using ValueChainHub.Core;
using ValueChainHub.Core.Messaging;
using ValueChainHub.Core.Storage;
using ValueChainHub.Hosting.Telemetry;

namespace ValueChainHub.Hosting.Jobs;

/// <summary>Runs jobs for a head: a failed run is logged and counted, never thrown, and remembered for <c>/health/ready</c>.</summary>
public sealed partial class JobRunner(TimeProvider time, ILogger<JobRunner> logger)
{
    /// <summary>A job that has failed this often in a row is stuck.</summary>
    public const int FailuresOfAStuckJob = 3;

    /// <summary>A run that takes longer is stuck.</summary>
    public static TimeSpan LongestRun { get; } = TimeSpan.FromMinutes(2);

    private long _runs;

    /// <summary>Runs of jobs so far.</summary>
    public long Runs => Interlocked.Read(ref _runs);

    private readonly ConcurrentDictionary<string, State> _states = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, StrongBox<int>> _calls = new(StringComparer.Ordinal);

    /// <summary>
    /// Runs a job until nothing is left or a run fails; for a head that is woken, often several times at once. While the job runs in this process already, it leaves
    /// word and answers at once: that run looks once more before it ends. Never throws: what is left undone is still there for whoever is woken next.
    /// </summary>
    public async Task RunToEndAsync(HubJob job, CancellationToken cancellationToken)
    {
        var calls = _calls.GetOrAdd(job.Name, _ => new());
        if (Interlocked.Increment(ref calls.Value) > 1)
            return;
        int answered;
        do
        {
            answered = Volatile.Read(ref calls.Value);
            await RunWhileThereIsMoreAsync(job, cancellationToken);
        }
        while (Interlocked.Add(ref calls.Value, -answered) > 0);
    }

    private async Task RunWhileThereIsMoreAsync(HubJob job, CancellationToken cancellationToken)
    {
        try
        {
            while (await RunAsync(job, cancellationToken) is true)
                cancellationToken.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The head stops; the next start goes on where this one left off.
        }
    }

    /// <summary>Whether the run found something to do, or null when it failed. Cancellation is thrown.</summary>
    public async Task<bool?> RunAsync(HubJob job, CancellationToken cancellationToken)
    {
        var failures = _states.TryGetValue(job.Name, out var before) ? before.Failures : 0;
        _states[job.Name] = new(time.GetTimestamp(), Running: true, failures);
        using var span = job.Trigger is JobTrigger.Timer ? HubTelemetry.Activities.StartActivity(job.Name, ActivityKind.Internal, default(ActivityContext)) : null;
        try
        {
            var found = await job.RunAsync(cancellationToken);
            Finish(job, failures: 0, "done");
            return found;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Finish(job, failures, "stopped");
            throw;
        }
        catch (Exception fault) when (fault is StoreUnavailableException or BusUnavailableException)
        {
            Finish(job, failures + 1, "unavailable");
            LogUnavailable(logger, job.Name, failures + 1, fault is StoreUnavailableException ? "store" : "bus");
            return null;
        }
        catch (Exception fault)
        {
            Finish(job, failures + 1, "failed");
            span?.SetStatus(ActivityStatusCode.Error);
            LogFailed(logger, job.Name, failures + 1, Fault.Describe(fault));
            return null;
        }
    }

    /// <summary>The jobs that do not get on, each with why; empty when all is well.</summary>
    public IReadOnlyList<string> Stuck()
    {
        var reasons = new List<string>();
        foreach (var (name, state) in _states)
        {
            if (state.Failures >= FailuresOfAStuckJob)
                reasons.Add($"The job {name} has failed {state.Failures} times in a row.");
            else if (state.Running && time.GetElapsedTime(state.Since) > LongestRun)
                reasons.Add($"The job {name} has been busy with one run for more than {LongestRun.TotalMinutes:0} minutes.");
        }
        return reasons;
    }

    private void Finish(HubJob job, int failures, string outcome)
    {
        _states[job.Name] = new(time.GetTimestamp(), Running: false, failures);
        Interlocked.Increment(ref _runs);
        HostMetrics.CountJobRun(job.Name, outcome);
    }

    private readonly record struct State(long Since, bool Running, int Failures);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The job {Job} waits ({Failures} in a row): the {Part} does not answer")]
    private static partial void LogUnavailable(ILogger logger, string job, int failures, string part);

    [LoggerMessage(Level = LogLevel.Error, Message = "The job {Job} failed ({Failures} in a row): {Fault}")]
    private static partial void LogFailed(ILogger logger, string job, int failures, string fault);
}
