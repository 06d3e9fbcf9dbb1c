using System.Globalization;
using System.Text.Json;
using ValueChainHub.Benchmarks.Verification;
using ValueChainHub.Sandbox;

namespace ValueChainHub.Benchmarks.Kills;

/// <summary>What <c>kill --during</c> was asked to do.</summary>
public sealed record KillDuringSettings : ServerSettings
{
    public const string Deliveries = "deliveries";
    public const string Replay = "replay";
    public const string Backfill = "backfill";
    public const string Reconciliation = "reconciliation";

    private static readonly string[] All = [Deliveries, Replay, Backfill, Reconciliation];

    private KillDuringSettings(Arguments arguments)
        : base(arguments)
    {
        var during = arguments.Text("during");
        Works = during == "all" ? All : [during ?? ""];
        if (Works.Except(All).Any())
            throw new ArgumentException($"--during is one of {string.Join(", ", All)}, all.");
        Kills = arguments.Number("kills", 50);
        Shoppers = arguments.Number("shoppers", 20);
        Seed = arguments.Number("seed", 1);
        arguments.RefuseOthers();
    }

    /// <summary>In the middle of what.</summary>
    public IReadOnlyList<string> Works { get; }

    /// <summary>So many in the middle of each.</summary>
    public int Kills { get; }

    /// <summary>How large each story is.</summary>
    public int Shoppers { get; }

    public int Seed { get; }

    public static KillDuringSettings Parse(Arguments arguments) => new(arguments);
}

/// <summary>kill -9 in the middle of a work of the hub's, again and again, while the vendors live on; then everything is demanded, at the hub and at each vendor.</summary>
/// <remarks>A kill counts when the work went on at that moment: asked for right before, or known because the hub had not come up again. A stage takes so many kills, then there is another one with another story.</remarks>
public sealed class KillDuringCommand(KillDuringSettings settings, TextWriter output)
{
    private const int KillsOfAStage = 25;

    /// <summary>Kills that found the work done already are repeated so often.</summary>
    private const int MostTries = 4;

    private readonly Pinning pinning = settings.Pin ? Pinning.Create() : Pinning.None;
    private readonly List<object> json = [];

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await output.WriteLineAsync($"{settings.Kills} kills during each of {string.Join(", ", settings.Works)}; {pinning.Says}");
        var isProved = true;
        foreach (var work in settings.Works)
            isProved &= await KillDuringAsync(work, cancellationToken);
        if (settings.JsonFile is { } file)
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(json, LoadReport.Json), cancellationToken);
        return isProved ? 0 : 1;
    }

    private async Task<bool> KillDuringAsync(string work, CancellationToken cancellationToken)
    {
        var (sum, findings, longest) = (new KillTally(), new Findings(), TimeSpan.Zero);
        for (var stage = 0; sum.Counted < settings.Kills || stage == 0; stage++)
        {
            var (tally, verdict, recovery) = await OneStageAsync(work, settings.Seed + stage, Math.Min(KillsOfAStage, settings.Kills - sum.Counted), cancellationToken);
            (sum, longest) = (sum + tally, recovery > longest ? recovery : longest);
            verdict.Findings.CopyTo(findings);
            await output.WriteLineAsync($"{work}, stage {stage + 1} (seed {settings.Seed + stage}): {tally}");
            await output.WriteLineAsync("  looked at " + string.Join("; ", verdict.Looked));
            foreach (var finding in verdict.Findings.First)
                await output.WriteLineAsync("  FOUND " + finding);
            if (tally.Counted == 0 && settings.Kills > 0)
            {
                findings.Add("no kill came in the middle of the work");
                break;
            }
        }
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{work}: {sum}; recovery up to {longest.TotalSeconds:0.0} s; {(findings.Count == 0 ? "PROVED: all resumed, nothing lost, nothing doubled" : $"FAILED: {findings.Count} findings")}"));
        json.Add(new { work, sum.AtWork, sum.InRecovery, sum.AtRest, longestRecovery = longest.TotalSeconds, findings = findings.Count, first = findings.First });
        return findings.Count == 0;
    }

    private async Task<(KillTally Tally, KillVerdict Verdict, TimeSpan Recovery)> OneStageAsync(string name, int seed, int kills, CancellationToken cancellationToken)
    {
        var options = KilledWork.Options(name, seed, settings.Shoppers);
        await using var vendors = await SandboxRun.StartAsync(options, KillStage.Now, cancellationToken);
        using var directory = WorkingDirectory.Create(settings.Directory);
        using var hub = new MortalHub(settings.Server, directory.FullName, pinning, HubSettings(vendors));
        using var api = new OperatorApi(hub.Address);
        vendors.Connect(hub.Address);
        hub.Start();
        await hub.ReadyAsync();
        await api.PutAsync("operations/routes", new { items = (object[])[new { name = KillDemands.Marketing + "/events", enabled = true, types = KillDemands.Appended }] }, cancellationToken);
        var work = KilledWork.Create(name, new(vendors, hub, api, options.Past), kills);
        await work.PrepareAsync(cancellationToken);
        var tally = await new Killer(hub, work, new Random(seed)).KillAsync(kills, MostTries * kills, cancellationToken);
        if (kills == 0)
            await work.GoOnAsync(cancellationToken);
        var verdict = new KillVerdict();
        await work.FinishAsync(verdict, cancellationToken);
        return (tally, verdict, hub.LongestRecovery);
    }

    private static Dictionary<string, string> HubSettings(SandboxRun vendors)
    {
        var settings = vendors.HubSettings().ToDictionary(one => one.Key.Replace(":", "__", StringComparison.Ordinal), one => one.Value, StringComparer.Ordinal);
        settings["Hub__WriteBack"] = "true";
        settings["Hub__PublicUrl"] = "https://hub.example";
        // Reconciliations are begun by the work that is about them, and by nothing else.
        settings["Hub__ReconcileEveryMinutes"] = "0";
        return settings;
    }
}

/// <summary>Kills, by what the hub was at.</summary>
public sealed record KillTally(int AtWork = 0, int InRecovery = 0, int AtRest = 0)
{
    /// <summary>Those in the middle of the work.</summary>
    public int Counted => AtWork + InRecovery;

    public static KillTally operator +(KillTally one, KillTally other) => new(one.AtWork + other.AtWork, one.InRecovery + other.InRecovery, one.AtRest + other.AtRest);

    public override string ToString() => $"{Counted} kills in the middle of the work: {AtWork} while it went on, {InRecovery} while the hub came up again; {AtRest} more came too late";
}
