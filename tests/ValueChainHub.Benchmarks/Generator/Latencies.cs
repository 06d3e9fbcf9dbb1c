using System.Diagnostics;

namespace ValueChainHub.Benchmarks.Generator;

/// <summary>Every latency of a run, in microseconds.</summary>
public sealed class Latencies
{
    private readonly List<int> microseconds = new(1 << 16);
    private bool sorted;

    public void Add(long ticks)
    {
        sorted = false;
        microseconds.Add((int)Math.Min(int.MaxValue, ticks * 1_000_000 / Stopwatch.Frequency));
    }

    public void AddAll(Latencies others)
    {
        sorted = false;
        microseconds.AddRange(others.microseconds);
    }

    /// <summary>The percentile by nearest rank, in milliseconds; zero when nothing was measured.</summary>
    public double Percentile(double percent)
    {
        if (microseconds.Count == 0)
            return 0;
        if (!sorted)
            microseconds.Sort();
        sorted = true;
        var rank = (int)Math.Ceiling(percent / 100 * microseconds.Count) - 1;
        return microseconds[Math.Clamp(rank, 0, microseconds.Count - 1)] / 1000.0;
    }
}
