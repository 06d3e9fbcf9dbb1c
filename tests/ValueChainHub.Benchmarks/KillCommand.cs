using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ValueChainHub.Benchmarks.Generator;
using ValueChainHub.Benchmarks.Verification;

namespace ValueChainHub.Benchmarks;

/// <summary>What the kill command was asked to do.</summary>
public sealed record KillSettings : ServerSettings
{
    private KillSettings(Arguments arguments)
        : base(arguments)
    {
        Kills = arguments.Number("kills", 50);
        Connections = arguments.Number("connections", 16);
        Seed = (ulong)arguments.Number("seed", 1);
        Stub = arguments.Text("stub");
        arguments.RefuseOthers();
    }

    public int Kills { get; }
    public int Connections { get; }
    public ulong Seed { get; }

    /// <summary>The fault of the stand-in that runs in the hub's place; null for the hub.</summary>
    public string? Stub { get; }

    public static KillSettings Parse(Arguments arguments) => new(arguments);
}

/// <summary>kill -9 under load, again and again, on one data directory; then every delivery that was answered with 200 is demanded back, applied once.</summary>
public sealed class KillCommand(KillSettings settings, TextWriter output)
{
    private const int Customers = 500;
    private const string Ready = "/api/health/ready";
    private static readonly TimeSpan PatienceForStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PatienceForSettling = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(30);

    private readonly Pinning pinning = settings.Pin ? Pinning.Create() : Pinning.None;
    private readonly List<double> recoveries = [];
    private readonly DeliveryStream stream = new(new OrderPlan(settings.Seed, Customers, BodySize.Four));
    private int killsDuringStart;

    private ServerProgram Program => settings.Stub is { } fault ? ServerProgram.Own("stub", fault) : ServerProgram.Hub(settings.Server);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var directory = WorkingDirectory.Create(settings.Directory);
        using var requests = new OrderRequests(stream.Plan, ServerProcess.WebhookSecret);
        await output.WriteLineAsync($"{settings.Kills} kills, {settings.Connections} connections; {pinning.Says}");
        for (var kill = 0; kill < settings.Kills; kill++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await OneLifeAsync(kill, directory, requests, cancellationToken);
            if ((kill + 1) % 10 == 0)
                await output.WriteLineAsync($"{kill + 1} kills, {stream.Answered} answered, {stream.Lost} cut off, recovery up to {recoveries.DefaultIfEmpty(0).Max():0.00} s");
        }
        return await LastLifeAsync(directory, requests, cancellationToken);
    }

    /// <summary>Start, load, kill at a moment that the seed decides: one life in five already ends while the server starts.</summary>
    private async Task OneLifeAsync(int kill, WorkingDirectory directory, OrderRequests requests, CancellationToken cancellationToken)
    {
        var dice = OrderPlan.Mix(settings.Seed * 7919 + (ulong)kill);
        using var server = ServerProcess.Start(Program, directory.FullName, pinning);
        if (dice % 5 == 0 && recoveries.Count > 0)
        {
            await Task.Delay(TimeSpan.FromSeconds(recoveries[^1] * (0.2 + 0.9 * (dice >> 20 & 1023) / 1023)), cancellationToken);
            server.Kill();
            killsDuringStart++;
            return;
        }
        recoveries.Add(server.WaitFor(Ready, PatienceForStart).TotalSeconds);
        var life = TimeSpan.FromMilliseconds(50 + (dice >> 20) % 1450);
        var killed = KillAfterAsync(server, life);
        new HttpLoad(server.EndPoint, settings.Connections, stream, requests).Run(new LoadLimits(LongestLife, Reconnect: false), cancellationToken);
        await killed;
    }

    private static async Task KillAfterAsync(ServerProcess server, TimeSpan life)
    {
        await Task.Delay(life, CancellationToken.None);
        server.Kill();
    }

    private async Task<int> LastLifeAsync(WorkingDirectory directory, OrderRequests requests, CancellationToken cancellationToken)
    {
        using var server = ServerProcess.Start(Program, directory.FullName, pinning);
        recoveries.Add(server.WaitFor(Ready, PatienceForStart).TotalSeconds);
        using var hub = new HubApi(server.BaseAddress);
        stream.ForgetRepeats();
        if (stream.Unanswered > 0)
            new HttpLoad(server.EndPoint, settings.Connections, stream, requests).Run(new LoadLimits(TimeSpan.FromMinutes(2)), cancellationToken);
        var started = Stopwatch.GetTimestamp();
        var isSettled = await Settling.WaitAsync(hub, stream.Answered, PatienceForSettling, cancellationToken);
        var settling = Stopwatch.GetElapsedTime(started);
        var findings = await new Demand(hub, stream, interrupted: true).EverythingAsync(cancellationToken);
        if (!isSettled)
            findings.Add($"deliveries were still pending after {PatienceForSettling.TotalMinutes:0} minutes");
        await ReportAsync(findings, settling, cancellationToken);
        return findings.Count == 0 ? 0 : 1;
    }

    private async Task ReportAsync(Findings findings, TimeSpan settling, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"""
            kills                 {settings.Kills}, of which {killsDuringStart} while the server started
            orders                {stream.Begun}
            deliveries answered   {stream.Answered} ({stream.Accepted} accepted, {stream.Duplicates} duplicate)
            cut off, sent again   {stream.Lost} (refused: {stream.Refused})
            recovery              longest {recoveries.Max():0.00} s, from the start of the process to ready ({recoveries.Count} starts)
            settled               {settling.TotalSeconds:0.0} s after the last answer
            {(findings.Count == 0 ? "PROVED: every answered delivery is there, applied once; the ledger balances" : $"FAILED: {findings.Count} findings; the first:")}
            """));
        foreach (var finding in findings.First)
            await output.WriteLineAsync("  " + finding);
        if (settings.JsonFile is { } file)
            await File.WriteAllTextAsync(file, ToJson(findings, settling), cancellationToken);
    }

    private string ToJson(Findings findings, TimeSpan settling) => JsonSerializer.Serialize(
        new
        {
            settings.Kills,
            killsDuringStart,
            orders = stream.Begun,
            stream.Answered,
            stream.Accepted,
            stream.Duplicates,
            stream.Lost,
            stream.Refused,
            longestRecovery = recoveries.Max(),
            settlingSeconds = settling.TotalSeconds,
            findings = findings.Count,
            first = findings.First,
        },
        LoadReport.Json);
}
