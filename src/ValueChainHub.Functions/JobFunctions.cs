using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using ValueChainHub.Core.Storage;
using ValueChainHub.Hosting.Jobs;
using ValueChainHub.Infrastructure.Cosmos;

namespace ValueChainHub.Functions;

/// <summary>One line for each row of <see cref="HubJobs"/> but that of messages, which are pushed: <see cref="RouteFunctions"/>.</summary>
/// <remarks>
/// A feed's trigger only wakes the job; what it brings is not looked at. The job keeps its own position in the store, so a call that is lost, doubled or cut off changes nothing,
/// and it does not matter that the trigger's own position passes a batch whose function failed. No function here throws: a failed run is counted, shows in
/// <c>/health/ready</c>, and waits for the next call. With every other trigger switched off, the sweep's timer brings everything home.
/// </remarks>
public sealed class JobFunctions(HubJobs jobs, JobRunner runner)
{
    public const string Database = "%Cosmos__Database%";
    public const string Connection = "Cosmos";
    public const string Leases = CosmosContainers.Leases;

    /// <summary>Milliseconds. The time that a change may wait for its job.</summary>
    private const int Poll = 500;

    [Function(nameof(ProcessInbox))]
    public Task ProcessInbox(
        [CosmosDBTrigger(
            Database, HubContainers.Inbox, Connection = Connection, LeaseContainerName = Leases, LeaseContainerPrefix = nameof(ProcessInbox), StartFromBeginning = true, FeedPollDelay = Poll)]
        IReadOnlyList<JsonElement> changes,
        CancellationToken cancellationToken) => RunAsync(nameof(ProcessInbox), cancellationToken);

    [Function(nameof(PublishEvents))]
    public Task PublishEvents(
        [CosmosDBTrigger(
            Database, HubContainers.Profiles, Connection = Connection, LeaseContainerName = Leases, LeaseContainerPrefix = nameof(PublishEvents), StartFromBeginning = true, FeedPollDelay = Poll)]
        IReadOnlyList<JsonElement> changes,
        CancellationToken cancellationToken) => RunAsync(nameof(PublishEvents), cancellationToken);

    [Function(nameof(RunDueWork))]
    public Task RunDueWork([TimerTrigger(HubJobs.RunDueWorkSchedule)] TimerInfo timer, CancellationToken cancellationToken) => RunAsync(nameof(RunDueWork), cancellationToken);

    [Function(nameof(RunDueRuns))]
    public Task RunDueRuns([TimerTrigger(HubJobs.RunDueRunsSchedule)] TimerInfo timer, CancellationToken cancellationToken) => RunAsync(nameof(RunDueRuns), cancellationToken);

    [Function(nameof(Sweep))]
    public Task Sweep([TimerTrigger(HubJobs.SweepSchedule)] TimerInfo timer, CancellationToken cancellationToken) => RunAsync(nameof(Sweep), cancellationToken);

    [Function(nameof(PollConnectors))]
    public Task PollConnectors([TimerTrigger(HubJobs.PollConnectorsSchedule)] TimerInfo timer, CancellationToken cancellationToken) => RunAsync(nameof(PollConnectors), cancellationToken);

    [Function(nameof(StartReconciliations))]
    public Task StartReconciliations([TimerTrigger(HubJobs.StartReconciliationsSchedule)] TimerInfo timer, CancellationToken cancellationToken) => RunAsync(nameof(StartReconciliations), cancellationToken);

    [Function(nameof(StartDriftRuns))]
    public Task StartDriftRuns([TimerTrigger(HubJobs.StartDriftRunsSchedule)] TimerInfo timer, CancellationToken cancellationToken) => RunAsync(nameof(StartDriftRuns), cancellationToken);

    [Function(nameof(SaveRejections))]
    public Task SaveRejections([TimerTrigger(HubJobs.SaveRejectionsSchedule)] TimerInfo timer, CancellationToken cancellationToken) => RunAsync(nameof(SaveRejections), cancellationToken);

    [Function(nameof(Purge))]
    public Task Purge([TimerTrigger(HubJobs.PurgeSchedule)] TimerInfo timer, CancellationToken cancellationToken) => RunAsync(nameof(Purge), cancellationToken);

    private Task RunAsync(string job, CancellationToken cancellationToken) => runner.RunToEndAsync(jobs[job], cancellationToken);
}
