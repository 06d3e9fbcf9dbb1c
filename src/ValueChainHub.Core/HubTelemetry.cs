using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ValueChainHub.Core;

/// <summary>The hub's own source of spans and metrics. Tags are names from the code or from the settings, never from a body, a header or a query string.</summary>
public static class HubTelemetry
{
    /// <summary>The name of the source and of the meter.</summary>
    public const string Name = "ValueChainHub";

    public static ActivitySource Source { get; } = new(Name);

    public static Meter Meter { get; } = new(Name);

    private static readonly Counter<long> DeliveriesCounter =
        Meter.CreateCounter<long>("valuechainhub.deliveries", "{delivery}", "Webhook requests and fetched answers by connector and outcome.");

    private static readonly Histogram<double> HttpDuration = Meter.CreateHistogram(
        "valuechainhub.http.duration",
        "s",
        "Answered HTTP requests by method, route template and status.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] });

    private static readonly Counter<long> JobRuns = Meter.CreateCounter<long>("valuechainhub.job.runs", "{run}", "Runs of background jobs by job and outcome.");

    /// <summary>Counts a delivery. <paramref name="connector"/> is the name of a configured connector, never what a caller typed.</summary>
    public static void CountDelivery(string connector, string outcome) =>
        DeliveriesCounter.Add(1, new KeyValuePair<string, object?>("connector", connector), new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Records an answered request. <paramref name="route"/> is the template, never the path.</summary>
    public static void RecordHttp(string method, string route, int status, TimeSpan duration)
    {
        if (!HttpDuration.Enabled)
            return;
        var tags = new TagList { { "http.request.method", method }, { "http.route", route }, { "http.response.status_code", status } };
        HttpDuration.Record(duration.TotalSeconds, tags);
    }

    /// <summary>Counts a run of a background job.</summary>
    public static void CountJobRun(string job, string outcome) =>
        JobRuns.Add(1, new KeyValuePair<string, object?>("job", job), new KeyValuePair<string, object?>("outcome", outcome));
}
