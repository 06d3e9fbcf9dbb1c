using System.Collections.Concurrent;

namespace ValueChainHub.Core.Storage;

/// <summary>What a store that charges has charged this process, in its own units: request units for Cosmos DB.</summary>
public sealed class StoreBill
{
    private readonly ConcurrentDictionary<(string Operation, string Container), Sum> _sums = new();

    /// <summary>Notes one call.</summary>
    public void Note(string operation, string container, double units)
    {
        _sums.GetOrAdd((operation, container), static _ => new()).Add(units);
        HubTelemetry.RequestUnits.Add(units, new("operation", operation), new("container", container));
    }

    /// <summary>The sums so far, dearest first.</summary>
    public IReadOnlyList<BillItem> Read() =>
        [.. _sums.Select(sum => sum.Value.Read(sum.Key.Operation, sum.Key.Container)).OrderByDescending(item => item.Units)];

    private sealed class Sum
    {
        private readonly Lock _gate = new();
        private long _calls;
        private double _units;

        public void Add(double units)
        {
            lock (_gate)
            {
                _calls++;
                _units += units;
            }
        }

        public BillItem Read(string operation, string container)
        {
            lock (_gate)
                return new(operation, container, _calls, Math.Round(_units, 2));
        }
    }
}

/// <summary>One line of a bill.</summary>
/// <param name="Operation">read, range, commit or feed.</param>
/// <param name="Container">Where.</param>
/// <param name="Calls">How many calls.</param>
/// <param name="Units">What they cost together.</param>
public sealed record BillItem(string Operation, string Container, long Calls, double Units);
