using ValueChainHub.Core.Storage;

namespace ValueChainHub.Hosting.Jobs;

/// <summary>The table of background work: the only place where a job is published. Both heads run exactly its rows.</summary>
public sealed class HubJobs
{
    /// <summary>The job whose messages may be pushed.</summary>
    internal const string RouteEvents = "RouteEvents";

    // Constants, because the attributes of the Functions head name them.
    public const string RunDueWorkSchedule = "*/2 * * * * *";
    public const string RunDueRunsSchedule = "*/2 * * * * *";
    public const string StartReconciliationsSchedule = "45 * * * * *";
    public const string StartDriftRunsSchedule = "50 * * * * *";
    public const string SaveRejectionsSchedule = "*/5 * * * * *";
    public const string SweepSchedule = "0 * * * * *";
    public const string PollConnectorsSchedule = "15 * * * * *";
    public const string PurgeSchedule = "30 * * * * *";

    private const int PurgeStep = 1_000;

    private readonly Dictionary<string, HubJob> _byName;

    internal HubJobs(HubParts parts)
    {
        All =
        [
            new("ProcessInbox", new JobTrigger.Feed(HubContainers.Inbox, parts.ProcessInbox.WaitAsync), "Folds deliveries into profiles", parts.ProcessInbox.RunAsync),
            new("PublishEvents", new JobTrigger.Feed(HubContainers.Profiles, parts.PublishEvents.WaitAsync), "Publishes what the folds committed", parts.PublishEvents.RunAsync),
            new(RouteEvents, new JobTrigger.Messages(TimeSpan.FromSeconds(2)), "Puts what events mean for each destination into its line", parts.RouteEvents.RunAsync),
            new("RunDueWork", new JobTrigger.Timer(TimeSpan.FromSeconds(2), RunDueWorkSchedule), "Retries, fetches and deliveries that are due", token => DoneAsync(parts.RunDueWork.RunAsync(token))),
            new("RunDueRuns", new JobTrigger.Timer(TimeSpan.FromSeconds(2), RunDueRunsSchedule), "Takes the next steps of long operations", parts.RunDueRuns.RunAsync),
            new("Sweep", new JobTrigger.Timer(TimeSpan.FromMinutes(1), SweepSchedule), "Brings home what feeds and triggers left behind", token => SweepAsync(parts, token)),
            new("PollConnectors", new JobTrigger.Timer(TimeSpan.FromMinutes(1), PollConnectorsSchedule), "Asks vendors what happened since", parts.PollConnectors.RunAsync),
            new("StartReconciliations", new JobTrigger.Timer(TimeSpan.FromMinutes(1), StartReconciliationsSchedule), "Begins the reconciliations that are due", token => DoneAsync(parts.StartReconciliations.RunAsync(token))),
            new("StartDriftRuns", new JobTrigger.Timer(TimeSpan.FromMinutes(1), StartDriftRunsSchedule), "Begins the measurings of drift that are due", token => DoneAsync(parts.StartDriftRuns.RunAsync(token))),
            new("SaveRejections", new JobTrigger.Timer(TimeSpan.FromSeconds(5), SaveRejectionsSchedule), "Keeps the counts of refused requests", token => DoneAsync(parts.Rejections.SaveAsync(token).AsTask()))
                { AlsoWhenStopping = true },
            new("Purge", new JobTrigger.Timer(TimeSpan.FromMinutes(1), PurgeSchedule), "Removes what has expired, in a store that does not do so by itself", token => PurgeAsync(parts.Storage, token)),
        ];
        _byName = All.ToDictionary(job => job.Name, StringComparer.Ordinal);
    }

    /// <summary>Every job.</summary>
    public IReadOnlyList<HubJob> All { get; }

    /// <summary>The job of this name.</summary>
    public HubJob this[string name] => _byName[name];

    private static async Task<bool> SweepAsync(HubParts parts, CancellationToken cancellationToken)
    {
        await parts.CatchUp.RunAsync(cancellationToken);
        await parts.Sweep.RunAsync(cancellationToken);
        while (await parts.RouteEvents.RunAsync(cancellationToken))
        {
            // What nobody pushed; and all there is of a destination that has no trigger.
        }
        return false;
    }

    private static async Task<bool> DoneAsync(Task work)
    {
        await work;
        return false;
    }

    private static async Task<bool> PurgeAsync(HubStorage storage, CancellationToken cancellationToken)
    {
        var removed = storage.PurgeExpiredAsync is { } purge ? await purge(PurgeStep, cancellationToken) : 0;
        return removed >= PurgeStep;
    }
}
