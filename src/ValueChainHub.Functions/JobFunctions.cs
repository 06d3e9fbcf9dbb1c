using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using ValueChainHub.Core.Storage;
using ValueChainHub.Hosting.Jobs;

namespace ValueChainHub.Functions;

/// <summary>One line for each row of <see cref="HubJobs"/>. A feed's trigger only wakes the job: the job keeps its own position, so a lost or doubled call changes nothing.</summary>
public sealed class JobFunctions(HubJobs jobs, JobRunner runner)
{
    public const string Database = "%Cosmos__Database%";
    public const string Connection = "Cosmos";
    public const string Leases = "leases";

    [Function(nameof(ProcessInbox))]
    public Task ProcessInbox(
        [CosmosDBTrigger(Database, HubContainers.Inbox, Connection = Connection, LeaseContainerName = Leases, LeaseContainerPrefix = nameof(ProcessInbox))] IReadOnlyList<JsonElement> changes,
        CancellationToken cancellationToken) => RunAsync(nameof(ProcessInbox), cancellationToken);

    [Function(nameof(PublishEvents))]
    public Task PublishEvents(
        [CosmosDBTrigger(Database, HubContainers.Profiles, Connection = Connection, LeaseContainerName = Leases, LeaseContainerPrefix = nameof(PublishEvents))] IReadOnlyList<JsonElement> changes,
        CancellationToken cancellationToken) => RunAsync(nameof(PublishEvents), cancellationToken);

    [Function(nameof(RouteEvents))]
    public Task RouteEvents([TimerTrigger(HubJobs.RouteEventsSchedule)] TimerInfo timer, CancellationToken cancellationToken) => RunAsync(nameof(RouteEvents), cancellationToken);

    [Function(nameof(RunDueWork))]
    public Task RunDueWork([TimerTrigger(HubJobs.RunDueWorkSchedule)] TimerInfo timer, CancellationToken cancellationToken) => RunAsync(nameof(RunDueWork), cancellationToken);

    [Function(nameof(Sweep))]
    public Task Sweep([TimerTrigger(HubJobs.SweepSchedule)] TimerInfo timer, CancellationToken cancellationToken) => RunAsync(nameof(Sweep), cancellationToken);

    [Function(nameof(PollConnectors))]
    public Task PollConnectors([TimerTrigger(HubJobs.PollConnectorsSchedule)] TimerInfo timer, CancellationToken cancellationToken) => RunAsync(nameof(PollConnectors), cancellationToken);

    [Function(nameof(SaveRejections))]
    public Task SaveRejections([TimerTrigger(HubJobs.SaveRejectionsSchedule)] TimerInfo timer, CancellationToken cancellationToken) => RunAsync(nameof(SaveRejections), cancellationToken);

    [Function(nameof(Purge))]
    public Task Purge([TimerTrigger(HubJobs.PurgeSchedule)] TimerInfo timer, CancellationToken cancellationToken) => RunAsync(nameof(Purge), cancellationToken);

    /// <summary>Runs until nothing is left; a failed run waits for the next trigger.</summary>
    private async Task RunAsync(string job, CancellationToken cancellationToken)
    {
        while (await runner.RunAsync(jobs[job], cancellationToken) is true)
            cancellationToken.ThrowIfCancellationRequested();
    }
}
