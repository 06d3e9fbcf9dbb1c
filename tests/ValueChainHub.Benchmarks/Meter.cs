using System.Diagnostics;
using ValueChainHub.Benchmarks.Generator;

namespace ValueChainHub.Benchmarks;

/// <summary>Takes time and processor time of a server, and how busy the generator itself was.</summary>
public sealed class Meter
{
    private readonly ServerProcess server;
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly TimeSpan serverCpu;
    private readonly TimeSpan ownCpu = Environment.CpuUsage.TotalTime;
    private TimeSpan? stopped;

    private Meter(ServerProcess server) => (this.server, serverCpu) = (server, server.CpuTime());

    public TimeSpan Elapsed => stopped ?? Stopwatch.GetElapsedTime(started);

    public static Meter Start(ServerProcess server) => new(server);

    public void StopClock() => stopped = Elapsed;

    /// <summary>Seconds of the server's processor for a thousand deliveries, so far.</summary>
    public double CpuPerThousand(long deliveries) => (server.CpuTime() - serverCpu).TotalSeconds / Math.Max(deliveries, 1) * 1000;

    public Measure Stop(double perSecond, long deliveries, Latencies latencies) => new(
        perSecond, deliveries, latencies.Percentile(50), latencies.Percentile(95), latencies.Percentile(99), CpuPerThousand(deliveries),
        server.PeakMegabytes(), (Environment.CpuUsage.TotalTime - ownCpu) / Stopwatch.GetElapsedTime(started), server.StartUp.TotalSeconds);
}
