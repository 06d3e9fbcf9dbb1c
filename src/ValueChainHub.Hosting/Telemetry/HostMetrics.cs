using System.Diagnostics;
using System.Diagnostics.Metrics;
using ValueChainHub.Core;

namespace ValueChainHub.Hosting.Telemetry;

/// <summary>What the heads measure. Tags are words of the tables, never what a caller sent.</summary>
internal static class HostMetrics
{
    private static readonly Histogram<double> HttpDuration = HubTelemetry.Meter.CreateHistogram(
        "hub.http.duration",
        "s",
        "Answered HTTP requests by method, route template and status.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] });

    private static readonly Counter<long> JobRuns = HubTelemetry.Meter.CreateCounter<long>("hub.job.runs", "{run}", "Runs of background jobs by job and outcome.");

    /// <summary>Records an answered request. <paramref name="route"/> is the template, never the path.</summary>
    public static void RecordHttp(string method, string route, int status, TimeSpan duration)
    {
        if (!HttpDuration.Enabled)
            return;
        var tags = new TagList { { "http.request.method", method }, { "http.route", route }, { "http.response.status_code", status } };
        HttpDuration.Record(duration.TotalSeconds, tags);
    }

    /// <summary>Counts a run of a background job.</summary>
    public static void CountJobRun(string job, string outcome) => JobRuns.Add(1, new("job", job), new("outcome", outcome));
}
