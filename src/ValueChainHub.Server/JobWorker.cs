using ValueChainHub.Core.Storage;
using ValueChainHub.Hosting.Jobs;

namespace ValueChainHub.Server;

/// <summary>Walks the table of jobs: each job in a loop of its own, woken by its clock or its feed.</summary>
public sealed class JobWorker(HubJobs jobs, JobRunner runner, IHubStore store, TimeProvider time) : BackgroundService
{
    // A wake-up may be lost; after this long a feed is looked at all the same.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(jobs.All.Select(job => Task.Run(() => LoopAsync(job, stoppingToken), stoppingToken)));

    private async Task LoopAsync(HubJob job, CancellationToken stopping)
    {
        var pause = FirstPause;
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                if (await runner.RunAsync(job, stopping) is not { } outcome)
                {
                    await Task.Delay(pause, time, stopping);
                    pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                    continue;
                }
                pause = FirstPause;
                if (!outcome.More)
                    await WaitAsync(job.Trigger, outcome, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The head stops; the next start goes on where this one left off.
        }
    }

    private async Task WaitAsync(JobTrigger trigger, JobOutcome outcome, CancellationToken stopping)
    {
        switch (trigger)
        {
            case JobTrigger.Feed feed:
                await WaitForFeedAsync(feed, outcome.Position ?? FeedPosition.Beginning, stopping);
                break;
            case JobTrigger.Timer timer:
                await Task.Delay(timer.Period, time, stopping);
                break;
            default:
                await Task.Delay(FirstPause, time, stopping);
                break;
        }
    }

    private async Task WaitForFeedAsync(JobTrigger.Feed feed, FeedPosition position, CancellationToken stopping)
    {
        try
        {
            await store.WaitForChangesAsync(feed.Container, position, Patience, stopping);
        }
        catch (StoreUnavailableException)
        {
            await Task.Delay(FirstPause, time, stopping);
        }
    }
}
