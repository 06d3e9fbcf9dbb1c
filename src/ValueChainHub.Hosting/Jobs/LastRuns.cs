using Microsoft.Extensions.Hosting;

namespace ValueChainHub.Hosting.Jobs;

/// <summary>Runs the jobs that run once more when the head stops; for heads whose jobs are woken from outside. Everything else may stop anywhere.</summary>
public sealed class LastRuns(HubJobs jobs, JobRunner runner) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(jobs.All.Where(job => job.AlsoWhenStopping).Select(job => runner.RunToEndAsync(job, cancellationToken)));
}
