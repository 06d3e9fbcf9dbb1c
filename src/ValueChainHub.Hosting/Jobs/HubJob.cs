namespace ValueChainHub.Hosting.Jobs;

/// <summary>What sets a job off.</summary>
public abstract record JobTrigger
{
    private JobTrigger() { }

    /// <summary>The clock. <paramref name="Schedule"/> says the same as <paramref name="Period"/>, as a cron expression of six fields.</summary>
    public sealed record Timer(TimeSpan Period, string Schedule) : JobTrigger;

    /// <summary>Changes of a container. <paramref name="WaitAsync"/> answers when there may be some, or when its patience has ended.</summary>
    public sealed record Feed(string Container, Func<TimeSpan, CancellationToken, Task> WaitAsync) : JobTrigger;

    /// <summary>Messages of every destination's subscription. A platform that can, pushes them one by one (<see cref="PushedEvents"/>); elsewhere they are pulled, with a pause of <paramref name="Period"/> when there are none.</summary>
    public sealed record Messages(TimeSpan Period) : JobTrigger;
}

/// <summary>One row of the table of background work.</summary>
/// <param name="Name">Unique; the name of the function in Azure.</param>
/// <param name="Trigger">What sets it off.</param>
/// <param name="Summary">One line for people.</param>
/// <param name="RunAsync">Does a share of what is due; false when nothing is left for now. Safe to run twice at once and at any time.</param>
public sealed record HubJob(string Name, JobTrigger Trigger, string Summary, Func<CancellationToken, Task<bool>> RunAsync)
{
    /// <summary>Runs once more when the head stops, so that nothing in memory is lost by an orderly end.</summary>
    public bool AlsoWhenStopping { get; init; }
}
