using ValueChainHub.Core.Chain;

namespace ValueChainHub.Core.Connectors;

/// <summary>A connector whose vendor lists what it holds, so that the hub can be compared with it.</summary>
/// <remarks>
/// 1. A walk since a time answers everything changed since then, each thing at least once; from the beginning, each thing once or, where the vendor's list moves, again soon after.
/// 2. Pages are bounded, and the same request answers the same page as long as the vendor's things stay as they are.
/// 3. What changes during a walk comes again later in it; what was deleted does not come.
/// 4. The last page's cursor goes on behind it: asked again it answers what is new since.
/// </remarks>
public interface IWalkConnector : ICallingConnector
{
    /// <summary>False without API credentials.</summary>
    bool CanWalk { get; }

    /// <summary>What the vendor lists, each walked by itself and in this order.</summary>
    IReadOnlyList<WalkStream> WalkStreams { get; }

    /// <summary>One page.</summary>
    Task<WalkOutcome> WalkAsync(WalkRequest request, CancellationToken cancellationToken);

    /// <summary>Whether the page needs a call through the vendor's line. One that is read elsewhere, such as from a file that the vendor has written, does not wait for it.</summary>
    bool CallsVendor(WalkRequest request) => true;

    /// <summary>How many things a walk of the stream from the beginning brings, by the vendor's own count.</summary>
    Task<CountOutcome> CountAsync(string stream, CancellationToken cancellationToken);
}

/// <summary>A list of a vendor's.</summary>
/// <param name="Name">The connector's word for it.</param>
public sealed record WalkStream(string Name)
{
    /// <summary>How far each walk reaches behind the end of the one before, for what the vendor lists late or changes without a new time.</summary>
    public required TimeSpan Overlap { get; init; }

    /// <summary>The vendor sends a webhook for each change: one that did not come was lost.</summary>
    public bool IsTold { get; init; } = true;

    /// <summary>The list holds everything since the beginning, so that a backfill can walk it.</summary>
    public bool HasBeginning { get; init; } = true;
}

/// <summary>Which page to answer.</summary>
/// <param name="Stream">The name of one of <see cref="IWalkConnector.WalkStreams"/>.</param>
/// <param name="Since">What changed since then; null walks everything from the beginning.</param>
/// <param name="Until">What happened later need not be answered.</param>
/// <param name="Cursor">What the page before said; null for the first.</param>
public sealed record WalkRequest(string Stream, DateTimeOffset? Since, DateTimeOffset Until, string? Cursor);

/// <summary>What came of asking for a page.</summary>
public abstract record WalkOutcome
{
    private WalkOutcome() { }

    /// <summary>A page, in the vendor's order.</summary>
    public sealed record Page(IReadOnlyList<WalkedThing> Things, string? Cursor, bool HasMore) : WalkOutcome;

    /// <summary>No page. The kind alone decides whether to try again, and <paramref name="NotBefore"/> wins over our schedule.</summary>
    public sealed record Failed(FailureKind Kind, string Reason, DateTimeOffset? NotBefore = null) : WalkOutcome;
}

/// <summary>One thing of a list.</summary>
/// <param name="Id">The vendor's id of it, unique in its stream.</param>
/// <param name="ChangedAt">The vendor's time of its last change; null when it gives none.</param>
public abstract record WalkedThing(string Id, DateTimeOffset? ChangedAt)
{
    /// <summary>When it was made, where the vendor's webhooks tell that and nothing that becomes of it: only if the hub does not have it at all a webhook was lost. Null where they tell each change.</summary>
    public DateTimeOffset? ToldOnceAt { get; init; }

    /// <summary>All of it as it is now: translated as <paramref name="Topic"/> it says what <paramref name="Entity"/> should be.</summary>
    public sealed record State(string Id, DateTimeOffset? ChangedAt, EntityKey Entity, string Topic, ReadOnlyMemory<byte> Body) : WalkedThing(Id, ChangedAt);

    /// <summary>That it is there, and since when it is as it is. <paramref name="Resource"/> fetches it.</summary>
    public sealed record Pointer(string Id, DateTimeOffset? ChangedAt, EntityKey Entity, Homing Homing, string Resource) : WalkedThing(Id, ChangedAt)
    {
        /// <summary>The register that tells whether the hub knows: this one, or one whose name ends in a slash and this.</summary>
        public string Register { get; init; } = FacetNames.Core;
    }

    /// <summary>Something that happened, as its webhook says it.</summary>
    public sealed record Happening(string Id, DateTimeOffset? ChangedAt, string Topic, ReadOnlyMemory<byte> Body) : WalkedThing(Id, ChangedAt);
}

/// <summary>What came of a count.</summary>
public abstract record CountOutcome
{
    private CountOutcome() { }

    /// <param name="Count">Null where the vendor does not count.</param>
    public sealed record Counted(long? Count) : CountOutcome;

    /// <inheritdoc cref="WalkOutcome.Failed"/>
    public sealed record Failed(FailureKind Kind, string Reason, DateTimeOffset? NotBefore = null) : CountOutcome;
}
