using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Core.Drift;

/// <summary>The destination cannot be asked or told now: the step is taken again then.</summary>
internal sealed class VendorPauseException(string reason, DateTimeOffset notBefore) : Exception(reason)
{
    public DateTimeOffset NotBefore { get; } = notBefore;
}

/// <summary>How a step behaves under the line that it shares with deliveries, fetches and polls.</summary>
internal sealed class VendorPause(TimeProvider time)
{
    /// <summary>A rate limit that frees up so soon is waited for.</summary>
    private static readonly TimeSpan ShortPause = TimeSpan.FromSeconds(5);

    /// <summary>The wait where nobody names one.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Returns when a call may be made.</summary>
    /// <exception cref="VendorPauseException">The line is closed for longer than a step waits.</exception>
    public async ValueTask WaitAsync(ICallingConnector connector, CancellationToken cancellationToken)
    {
        while (connector.Line?.NotBefore is { } free)
        {
            var pause = free - time.GetUtcNow();
            if (pause > ShortPause)
                throw new VendorPauseException("The vendor's line is closed.", free);
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>The step waits for what passes by itself or is mended by a person; only a refusal is an answer.</summary>
    public VendorPauseException? Of(ICallingConnector connector, FailureKind kind, string reason, DateTimeOffset? notBefore) =>
        kind == FailureKind.Refused ? null : new($"{kind}: {reason}", notBefore ?? connector.Line?.NotBefore ?? time.GetUtcNow() + Patience);
}
