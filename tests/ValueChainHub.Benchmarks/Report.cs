using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ValueChainHub.Benchmarks;

/// <summary>One stretch of load on one server. Latencies in milliseconds; <paramref name="GeneratorBusy"/> is the share of one core.</summary>
public sealed record Measure(double PerSecond, long Deliveries, double P50, double P95, double P99, double CpuPerThousand, double PeakMegabytes, double GeneratorBusy, double StartUpSeconds);

/// <summary>A stretch of load on the hub, with what was demanded afterwards and not found.</summary>
/// <param name="SettlingSeconds">From the last answer to the last published event.</param>
/// <param name="WholeCpuPerThousand">As in the measure, but up to the last published event.</param>
public sealed record HubMeasure(Measure Measure, double SettlingSeconds, long Refused, double WholeCpuPerThousand, IReadOnlyList<string> Problems)
{
    public int ProblemCount { get; init; }
    public double DirectoryMegabytes { get; init; }
}

/// <summary>The floors and the hub, once each, in one session.</summary>
public sealed record Round(Measure Hmac, Measure GroupCommit, Measure GroupCommitWithBody, HubMeasure? Burst, HubMeasure? EndToEnd)
{
    public string OneLine() => string.Create(CultureInfo.InvariantCulture,
        $"hmac {Hmac.PerSecond:0}/s, group commit {GroupCommit.PerSecond:0}/s, with body {GroupCommitWithBody.PerSecond:0}/s, acknowledged {Burst?.Measure.PerSecond:0}/s, end to end {EndToEnd?.Measure.PerSecond:0}/s");
}

/// <summary>All rounds with bodies of one size.</summary>
public sealed record BodyReport(int Kilobytes, int LongestBody, IReadOnlyList<Round> Rounds);

/// <summary>What a load run came to, as a table and as JSON.</summary>
public sealed class LoadReport(string pinned, int connections, IReadOnlyList<double> coldStarts)
{
    public const double WantedAcknowledged = 0.5;
    public const double WantedEndToEnd = 0.25;
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public List<BodyReport> Bodies { get; } = [];

    /// <summary>True when everything that was demanded was there.</summary>
    public bool IsProved => Hubs.All(hub => hub.ProblemCount == 0);

    private IEnumerable<HubMeasure> Hubs => Bodies.SelectMany(body => body.Rounds).SelectMany(round => new[] { round.Burst, round.EndToEnd }).OfType<HubMeasure>();

    public string ToJson() => JsonSerializer.Serialize(new { pinned, connections, coldStarts, proved = IsProved, bodies = Bodies }, Json);

    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{connections} connections; {pinned}.");
        if (coldStarts.Count > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"Cold start to the first 200: {Median(coldStarts):0.00} s, median of {coldStarts.Count} ({coldStarts.Min():0.00} to {coldStarts.Max():0.00}).");
        foreach (var body in Bodies)
            Append(text, body);
        return text.ToString();
    }

    private static void Append(StringBuilder text, BodyReport body)
    {
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Bodies of {body.LongestBody} bytes, {body.Rounds.Count} round(s), medians");
        text.AppendLine($"{"",-38}{"per s",8}{"p50 ms",9}{"p95 ms",9}{"p99 ms",9}{"CPU s/1000",12}{"peak MB",9}{"gen. busy",11}");
        Append(text, "floor: Kestrel + HMAC", body.Rounds.Select(round => round.Hmac));
        Append(text, "floor: + group commit of three rows", body.Rounds.Select(round => round.GroupCommit));
        Append(text, "floor: + group commit, body stored", body.Rounds.Select(round => round.GroupCommitWithBody));
        var bursts = body.Rounds.Select(round => round.Burst).OfType<HubMeasure>().ToList();
        var ends = body.Rounds.Select(round => round.EndToEnd).OfType<HubMeasure>().ToList();
        if (bursts.Count == 0)
            return;
        Append(text, "hub: acknowledged in the burst", bursts.Select(burst => burst.Measure));
        Append(text, "hub: end to end", ends.Select(end => end.Measure));
        text.AppendLine(CultureInfo.InvariantCulture, $"burst settled {Median(bursts.Select(burst => burst.SettlingSeconds)):0.0} s after the last answer, CPU s/1000 then {Median(bursts.Select(burst => burst.WholeCpuPerThousand)):0.000}; refused and sent again: {bursts.Concat(ends).Sum(hub => hub.Refused)}");
        AppendRatio(text, "acknowledged / group commit", WantedAcknowledged, body.Rounds.Select(round => round.Burst!.Measure.PerSecond / round.GroupCommit.PerSecond));
        AppendRatio(text, "end to end / group commit", WantedEndToEnd, body.Rounds.Select(round => round.EndToEnd!.Measure.PerSecond / round.GroupCommit.PerSecond));
        AppendRatio(text, "acknowledged / with body stored", null, body.Rounds.Select(round => round.Burst!.Measure.PerSecond / round.GroupCommitWithBody.PerSecond));
        AppendRatio(text, "acknowledged / group commit, by processor time", null, body.Rounds.Select(round => round.GroupCommit.CpuPerThousand / round.Burst!.Measure.CpuPerThousand));
        AppendRatio(text, "end to end / group commit, by processor time", null, body.Rounds.Select(round => round.GroupCommit.CpuPerThousand / round.EndToEnd!.Measure.CpuPerThousand));
        AppendVerdict(text, bursts.Concat(ends).ToList());
    }

    private static void Append(StringBuilder text, string name, IEnumerable<Measure> rounds)
    {
        var measures = rounds.ToList();
        text.AppendLine(CultureInfo.InvariantCulture, $"{name,-38}{Middle(m => m.PerSecond),8:0}{Middle(m => m.P50),9:0.00}{Middle(m => m.P95),9:0.00}{Middle(m => m.P99),9:0.00}{Middle(m => m.CpuPerThousand),12:0.000}{Middle(m => m.PeakMegabytes),9:0}{Middle(m => m.GeneratorBusy),11:0.00}");

        double Middle(Func<Measure, double> of) => Median(measures.Select(of));
    }

    private static void AppendRatio(StringBuilder text, string name, double? wanted, IEnumerable<double> ratios)
    {
        var all = ratios.ToList();
        var verdict = wanted is { } least ? string.Create(CultureInfo.InvariantCulture, $", wanted {least:0.00}: {(Median(all) >= least ? "reached" : "NOT reached")}") : "";
        text.AppendLine(CultureInfo.InvariantCulture, $"ratio {name}: {Median(all):0.00} ({all.Min():0.00} to {all.Max():0.00}){verdict}");
    }

    private static void AppendVerdict(StringBuilder text, List<HubMeasure> hubs)
    {
        var deliveries = hubs.Sum(hub => hub.Measure.Deliveries);
        if (hubs.All(hub => hub.ProblemCount == 0))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"PROVED: {deliveries} deliveries (and the warm-ups), every one demanded back: none missing, none doubled, none wrong");
            return;
        }
        text.AppendLine(CultureInfo.InvariantCulture, $"FAILED: {hubs.Sum(hub => hub.ProblemCount)} findings in {deliveries} deliveries; the first:");
        foreach (var problem in hubs.SelectMany(hub => hub.Problems).Take(10))
            text.AppendLine("  " + problem);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? 0 : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
