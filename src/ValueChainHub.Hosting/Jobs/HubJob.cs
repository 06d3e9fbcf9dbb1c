using ValueChainHub.Core.Storage;

namespace ValueChainHub.Hosting.Jobs;

/// <summary>What sets a job off.</summary>
public abstract record JobTrigger
{
    private JobTrigger() { }

    /// <summary>The clock. <paramref name="Schedule"/> says the same as <paramref name="Period"/>, as a cron expression of six fields.</summary>
    public sealed record Timer(TimeSpan Period, string Schedule) : JobTrigger;

    /// <summary>Changes of a container.</summary>
    public sealed record Feed(string Container) : JobTrigger;

    /// <summary>Messages of a subscription of the chain's topic.</summary>
    public sealed record Bus(string Subscription) : JobTrigger;
}

/// <summary>What a run of a job came to.</summary>
/// <param name="More">There is more to do at once.</param>
/// <param name="Position">For a feed: where it stands, so that the head can wait for what comes after.</param>
public sealed record JobOutcome(bool More, FeedPosition? Position = null)
{
    /// <summary>Nothing is left to do for now.</summary>
    public static JobOutcome Idle { get; } = new(false);
}

/// <summary>One row of the table of background work.</summary>
/// <param name="Name">Unique; the name of the function in Azure.</param>
/// <param name="Trigger">What sets it off.</param>
/// <param name="Summary">One line for people.</param>
/// <param name="RunAsync">Does what is due and says whether more is. Safe to run twice at once and at any time.</param>
public sealed record HubJob(string Name, JobTrigger Trigger, string Summary, Func<CancellationToken, Task<JobOutcome>> RunAsync);
