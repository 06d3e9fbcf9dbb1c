using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Core.Intake;

/// <summary>How work that calls a vendor behaves under its line: the same for what is fetched and for what is delivered (ADR 12).</summary>
internal static class VendorTurn
{
    /// <summary>Taken at a time, so that a run ends soon after its time is up, however slow the vendor.</summary>
    public const int Handful = 16;

    /// <summary>Calls to one vendor at the same time.</summary>
    private const int Concurrency = 4;

    /// <summary>A rate limit that frees up so soon is waited for; any other pause ends the lane's turn.</summary>
    private static readonly TimeSpan ShortPause = TimeSpan.FromSeconds(1);

    /// <summary>Does what is due of one connector, while its line is open.</summary>
    /// <returns>After which pause there may be more; null when nothing can be done for now.</returns>
    public static async Task<TimeSpan?> TakeAsync<T>(
        ICallingConnector connector, IReadOnlyCollection<T> due, TimeProvider time, Func<T, CancellationToken, ValueTask> doAsync, CancellationToken cancellationToken)
    {
        if (due.Count == 0)
            return null;
        if (connector.Line?.NotBefore is { } free)
            return free - time.GetUtcNow() is var pause && pause <= ShortPause ? (pause > TimeSpan.Zero ? pause : TimeSpan.Zero) : null;
        var options = new ParallelOptions { MaxDegreeOfParallelism = connector.Line is { Stands: false } ? 1 : Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(due, options, async (one, token) =>
        {
            if (connector.Line?.NotBefore is null)
                await doAsync(one, token);
        });
        return TimeSpan.Zero;
    }

    /// <summary>What is done with work whose call failed.</summary>
    /// <param name="line">The connector's line, after the call.</param>
    /// <param name="lineStood">Whether it stood before the call.</param>
    /// <param name="kind">Why the call failed.</param>
    /// <param name="notBefore">What the vendor said.</param>
    public static AfterFailure After(IVendorLine? line, bool lineStood, FailureKind kind, DateTimeOffset? notBefore) => kind switch
    {
        FailureKind.Throttled when line?.NotBefore is not null => new AfterFailure.Stay(),
        FailureKind.Throttled => new AfterFailure.Later(notBefore),
        FailureKind.Refused => new AfterFailure.Bury(),
        _ when !lineStood => new AfterFailure.Later(line?.NotBefore),
        _ => new AfterFailure.Again(notBefore),
    };
}

/// <summary>What is done with work whose call failed.</summary>
internal abstract record AfterFailure
{
    private AfterFailure() { }

    /// <summary>The line closed before it was asked: it stays where it is.</summary>
    public sealed record Stay : AfterFailure;

    /// <summary>Put off by no fault of its own: it costs no attempt.</summary>
    public sealed record Later(DateTimeOffset? NotBefore) : AfterFailure;

    /// <summary>It failed: it costs an attempt, and the last one buries it.</summary>
    public sealed record Again(DateTimeOffset? NotBefore) : AfterFailure;

    /// <summary>No attempt would help: it waits for a person.</summary>
    public sealed record Bury : AfterFailure;
}
