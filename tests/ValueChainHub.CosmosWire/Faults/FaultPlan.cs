using System.Collections.Concurrent;
using ValueChainHub.CosmosWire.Wire;

namespace ValueChainHub.CosmosWire.Faults;

/// <summary>What a plan may ask about a request.</summary>
public sealed record FaultTarget(WireOperation Operation, string? Container, string? Item);

/// <summary>Which requests fail, and how. Rules are asked in the order in which they were added; the first that has a fault for a request wins.</summary>
public sealed class FaultPlan
{
    private readonly ConcurrentQueue<WireFault> _happened = new();
    private readonly Lock _gate = new();
    private readonly List<Func<FaultTarget, WireFault?>> _rules = [];

    /// <summary>How much later every answer comes, in real time: the SDK knows no other.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>The faults so far: a test that means to survive some must see that there were some.</summary>
    public IReadOnlyList<WireFault> Happened => [.. _happened];

    /// <summary>The next requests, as many as there are faults; writes, if nothing else is said.</summary>
    public void Next(Func<FaultTarget, bool>? of, params WireFault[] faults)
    {
        var left = new Queue<WireFault>(faults);
        Add(target => Concerns(of, target) && left.TryDequeue(out var fault) ? fault : null);
    }

    /// <summary>One in each <paramref name="n"/> requests, at a place that the seed draws, with one of the faults; writes, if nothing else is said.</summary>
    public void OneInEvery(int n, int seed, Func<FaultTarget, bool>? of, params WireFault[] faults)
    {
        var (random, count, unlucky) = (new Random(seed), 0, 0);
        Add(target =>
        {
            if (!Concerns(of, target))
                return null;
            if (count % n == 0)
                unlucky = random.Next(n);
            return count++ % n == unlucky ? faults[random.Next(faults.Length)] : null;
        });
    }

    /// <summary>Nothing fails any more.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _rules.Clear();
        }
    }

    internal WireFault? Draw(WireRequest request)
    {
        var target = new FaultTarget(request.Operation, request.Container, request.Item);
        lock (_gate)
        {
            var fault = _rules.Select(rule => rule(target)).FirstOrDefault(one => one is not null);
            if (fault is not null)
                _happened.Enqueue(fault);
            return fault;
        }
    }

    private static bool Concerns(Func<FaultTarget, bool>? of, FaultTarget target) => of?.Invoke(target) ?? target.Operation.IsWrite();

    private void Add(Func<FaultTarget, WireFault?> rule)
    {
        lock (_gate)
        {
            _rules.Add(rule);
        }
    }
}
