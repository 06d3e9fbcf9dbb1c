using System.Collections.Concurrent;

namespace ValueChainHub.Sandbox.Wire;

/// <summary>What went over the wire. Safe to count from everywhere.</summary>
public sealed class WireCounts
{
    private long _made, _sent, _taken, _lost, _duplicated, _reordered, _tampered, _retried, _calls, _callsFailed;
    private readonly ConcurrentDictionary<int, long> _answers = new();

    /// <summary>Deliveries that the vendor had to make.</summary>
    public long Made => Interlocked.Read(ref _made);

    /// <summary>Requests, tries and doubles among them.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Deliveries that were answered with success.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Deliveries that never were: not sent, or given up after the last try.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Deliveries sent once more than needed.</summary>
    public long Duplicated => Interlocked.Read(ref _duplicated);

    /// <summary>Deliveries that were taken after a later one.</summary>
    public long Reordered => Interlocked.Read(ref _reordered);

    /// <summary>Requests with a wrong signature or a cut body.</summary>
    public long Tampered => Interlocked.Read(ref _tampered);

    /// <summary>Tries after the first.</summary>
    public long Retried => Interlocked.Read(ref _retried);

    /// <summary>Calls of the vendor's API that were answered with what was asked for.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>Calls that were answered 429 or 500, or not at all.</summary>
    public long CallsFailed => Interlocked.Read(ref _callsFailed);

    /// <summary>The hub's answers by status; 0 for none.</summary>
    public IReadOnlyDictionary<int, long> Answers => _answers;

    internal void CountMade() => Interlocked.Increment(ref _made);

    internal void CountSent() => Interlocked.Increment(ref _sent);

    internal void CountTaken() => Interlocked.Increment(ref _taken);

    internal void CountLost() => Interlocked.Increment(ref _lost);

    internal void CountDuplicated() => Interlocked.Increment(ref _duplicated);

    internal void CountReordered() => Interlocked.Increment(ref _reordered);

    internal void CountTampered() => Interlocked.Increment(ref _tampered);

    internal void CountRetried() => Interlocked.Increment(ref _retried);

    internal void CountCall() => Interlocked.Increment(ref _calls);

    internal void CountFailedCall() => Interlocked.Increment(ref _callsFailed);

    internal void CountAnswer(int status) => _answers.AddOrUpdate(status, 1, (_, count) => count + 1);
}
