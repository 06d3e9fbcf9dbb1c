namespace ValueChainHub.Core.Connectors;

/// <summary>A connector whose vendor can be asked what happened since: for accounts without webhooks, and for what webhooks lose.</summary>
/// <remarks>
/// 1. Every answer is stored as a delivery of kind <see cref="DeliveryKind.Reconciled"/> and translated like any other; what a webhook told before collapses on the event ids.
/// 2. The same event has the same delivery id in every page, so a page asked for twice is taken once.
/// 3. Store the answers before the cursor: asking again from an older cursor is always right.
/// </remarks>
public interface IPollConnector : ICallingConnector
{
    /// <summary>False without API credentials.</summary>
    bool CanPoll { get; }

    /// <summary>What can be asked for, each with a cursor of its own.</summary>
    IReadOnlyList<string> PollStreams { get; }

    /// <summary>Asks for one page.</summary>
    Task<PollOutcome> PollAsync(PollRequest request, CancellationToken cancellationToken);
}

/// <summary>Where to go on.</summary>
/// <param name="Stream">One of <see cref="IPollConnector.PollStreams"/>.</param>
/// <param name="Since">Where to begin while there is no cursor.</param>
/// <param name="Cursor">What the last page of the stream said; null before the first.</param>
public sealed record PollRequest(string Stream, DateTimeOffset Since, string? Cursor);

/// <summary>One thing that the vendor says happened, in a body that the connector translates.</summary>
/// <param name="DeliveryId">The same whenever the same thing is answered.</param>
/// <param name="Topic">The topic to store and translate it under.</param>
/// <param name="Body">The vendor's own words.</param>
public sealed record PolledAnswer(string DeliveryId, string Topic, ReadOnlyMemory<byte> Body);

/// <summary>What came of a poll.</summary>
public abstract record PollOutcome
{
    private PollOutcome() { }

    /// <summary>A page, oldest first.</summary>
    /// <param name="Answers">What happened; may be nothing.</param>
    /// <param name="Cursor">Where the next page begins.</param>
    /// <param name="HasMore">The next page is there already.</param>
    public sealed record Page(IReadOnlyList<PolledAnswer> Answers, string? Cursor, bool HasMore) : PollOutcome;

    /// <summary>No page: the cursor stays. The kind alone decides whether to try again, and <paramref name="NotBefore"/> wins over our schedule.</summary>
    public sealed record Failed(FailureKind Kind, string Reason, DateTimeOffset? NotBefore = null) : PollOutcome;
}
