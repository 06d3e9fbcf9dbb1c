namespace ValueChainHub.Hosting.Jobs;

/// <summary>The table of background work: the only place where a job is published. Both heads run exactly its rows.</summary>
public sealed class HubJobs
{
    internal HubJobs(IReadOnlyList<HubJob> all) => All = all;

    /// <summary>Every job.</summary>
    public IReadOnlyList<HubJob> All { get; }

    /// <summary>The job of this name.</summary>
    public HubJob this[string name] => All.First(job => job.Name == name);
}
