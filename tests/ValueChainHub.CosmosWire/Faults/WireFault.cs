namespace ValueChainHub.CosmosWire.Faults;

/// <summary>What happens to a request instead of, or after, what it asked for.</summary>
public sealed record WireFault
{
    private WireFault(string name) => Name = name;

    /// <summary>Not done; the connection is cut.</summary>
    public static WireFault DroppedBefore { get; } = new("dropped before") { Drops = true };

    /// <summary>Done; the connection is cut before the answer.</summary>
    public static WireFault DroppedAfter { get; } = new("dropped after") { Drops = true, Does = true };

    /// <summary>Not done, and no answer until the caller gives up or the server stops.</summary>
    public static WireFault HangsBefore { get; } = new("hangs before") { Hangs = true };

    /// <summary>Done, and no answer until the caller gives up or the server stops.</summary>
    public static WireFault HangsAfter { get; } = new("hangs after") { Hangs = true, Does = true };

    /// <summary>449: a concurrent write was in the way; nothing was done.</summary>
    public static WireFault RetryWith { get; } = new("449") { Status = 449, Code = "RetryWith" };

    /// <summary>503: nothing was done.</summary>
    public static WireFault Unavailable { get; } = new("503") { Status = 503, Code = "ServiceUnavailable" };

    public string Name { get; }

    internal bool Does { get; private init; }

    internal bool Drops { get; private init; }

    internal bool Hangs { get; private init; }

    internal int Status { get; private init; }

    internal int SubStatus { get; private init; }

    internal string Code { get; private init; } = "";

    internal TimeSpan? RetryAfter { get; private init; }

    /// <summary>429, sub-status 3200: more request units asked for than there are. Nothing was done.</summary>
    public static WireFault Throttled(TimeSpan retryAfter) =>
        new("429") { Status = 429, SubStatus = 3200, Code = "TooManyRequests", RetryAfter = retryAfter };
}
