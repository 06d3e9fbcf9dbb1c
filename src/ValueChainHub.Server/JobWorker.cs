using ValueChainHub.Core.Storage;
using ValueChainHub.Hosting.Jobs;

namespace ValueChainHub.Server;

/// <summary>Walks the table of jobs: each job in a loop of its own, woken by its clock or its feed.</summary>
/// <remarks>A job is switched off as the platform does it for the other head: <c>AzureWebJobs__(name)__Disabled=true</c>.</remarks>
public sealed class JobWorker(HubJobs jobs, JobRunner runner, IConfiguration configuration, TimeProvider time) : BackgroundService
{
    // A wake-up may be lost; after this long a feed is looked at all the same.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(jobs.All.Where(IsOn).Select(job => Task.Run(() => LoopAsync(job, stoppingToken), stoppingToken)));

    private bool IsOn(HubJob job) => !string.Equals(configuration[$"AzureWebJobs:{job.Name}:Disabled"], "true", StringComparison.OrdinalIgnoreCase);

    private async Task LoopAsync(HubJob job, CancellationToken stopping)
    {
        try
        {
            for (var pause = FirstPause; !stopping.IsCancellationRequested;)
            {
                var found = await runner.RunAsync(job, stopping);
                if (found is false)
                    await WaitAsync(job.Trigger, stopping);
                else if (found is null)
                    await Task.Delay(pause, time, stopping);
                pause = found is not null ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The head stops; the next start goes on where this one left off.
        }
        if (job.AlsoWhenStopping)
            await runner.RunAsync(job, CancellationToken.None);
    }

    private async Task WaitAsync(JobTrigger trigger, CancellationToken stopping)
    {
        switch (trigger)
        {
            case JobTrigger.Feed feed:
                await WaitForFeedAsync(feed, stopping);
                break;
            case JobTrigger.Timer timer:
                await Task.Delay(timer.Period, time, stopping);
                break;
            case JobTrigger.Messages messages:
                await Task.Delay(messages.Period, time, stopping);
                break;
        }
    }

    private async Task WaitForFeedAsync(JobTrigger.Feed feed, CancellationToken stopping)
    {
        try
        {
            await feed.WaitAsync(Patience, stopping);
        }
        catch (StoreUnavailableException)
        {
            await Task.Delay(FirstPause, time, stopping);
        }
    }
}
