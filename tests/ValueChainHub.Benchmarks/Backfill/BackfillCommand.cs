using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ValueChainHub.Benchmarks.Verification;
using ValueChainHub.Sandbox;
using ValueChainHub.Sandbox.Vendors.Shopify;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Benchmarks.Backfill;

/// <summary>Connects a hub to a shop with a past and has it walk all of that, with kill -9 in between; then demands every customer and order, once, in little memory.</summary>
public sealed class BackfillCommand(BackfillSettings settings, TextWriter output)
{
    private const string Shop = "shopify";
    private const string Ready = "/api/health/ready";
    private static readonly TimeSpan PatienceForStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PatienceForSettling = TimeSpan.FromMinutes(60);
    private static readonly TimeSpan PatienceForRest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    private readonly Pinning pinning = settings.Pin ? Pinning.Create() : Pinning.None;
    private readonly long began = Stopwatch.GetTimestamp();
    private double peak;
    private int kills;
    private TimeSpan lastLine = -BetweenLines;

    private long Total => settings.Customers + settings.Orders;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var past = new ShopSeed(settings.Seed, settings.Customers, settings.Orders, new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero));
        await using var vendors = await SandboxRun.StartAsync(new() { Seed = settings.Seed, Shoppers = 0, Faults = Faults.None, Past = past }, past.Until, cancellationToken);
        using var directory = WorkingDirectory.Create(settings.Directory);
        var options = vendors.HubSettings().ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value, StringComparer.Ordinal);
        options["Hub__ReconcileEveryMinutes"] = "0";
        options["Hub__WriteBack"] = settings.WriteBack ? "true" : "false";
        await output.WriteLineAsync(Text($"{settings.Customers} customers, {settings.Orders} orders, {settings.Kills} kills; {pinning.Says}"));

        var server = Start(directory, options);
        try
        {
            var (id, walked) = ((string?)null, TimeSpan.Zero);
            var started = Stopwatch.GetTimestamp();
            var run = new BackfillRun("running", null, new Dictionary<string, StreamFigures>());
            while (run.State == "running")
            {
                using var hub = new HubApi(server.BaseAddress, ServerProcess.AdminKey);
                id ??= await hub.BackfillAsync(Shop, cancellationToken);
                run = await WalkAsync(hub, server, id, cancellationToken);
                if (run.State != "running")
                    break;
                server.Dispose();
                kills++;
                server = Start(directory, options);
            }
            walked = Stopwatch.GetElapsedTime(started);
            using var last = new HubApi(server.BaseAddress, ServerProcess.AdminKey);
            var isSettled = await SettleAsync(last, server, cancellationToken);
            var settled = Stopwatch.GetElapsedTime(started);
            if (settings.WriteBack)
                await RestAsync(vendors, cancellationToken);
            Look(server);
            var findings = await new BackfillDemand(last, past, vendors).EverythingAsync(run, cancellationToken);
            if (!isSettled)
                findings.Add(Text($"deliveries were still pending after {PatienceForSettling.TotalMinutes:0} minutes"));
            if (kills < settings.Kills)
                findings.Add(Text($"only {kills} kills came before the end"));
            if (peak > settings.Megabytes)
                findings.Add(Text($"the server's peak was {peak:0} MB, more than {settings.Megabytes}"));
            await ReportAsync(findings, walked, settled, Writes(vendors), cancellationToken);
            return findings.Count == 0 ? 0 : 1;
        }
        catch (HttpRequestException)
        {
            await output.WriteLineAsync(server.LastLines);
            throw;
        }
        finally
        {
            server.Dispose();
        }
    }

    private ServerProcess Start(WorkingDirectory directory, Dictionary<string, string> options)
    {
        var server = ServerProcess.Start(ServerProgram.Hub(settings.Server), directory.FullName, pinning, options);
        server.WaitFor(Ready, PatienceForStart);
        return server;
    }

    /// <summary>Until the run has ended, or until the next kill is due.</summary>
    private async Task<BackfillRun> WalkAsync(HubApi hub, ServerProcess server, string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            var run = await hub.RunAsync(id, cancellationToken);
            Look(server);
            await SayAsync(Text($"{string.Join(", ", run.Streams.Select(stream => Text($"{stream.Key} {stream.Value.Compared} of {stream.Value.Of}")))} {run.Reason}"));
            if (run.State != "running" || (kills < settings.Kills && run.Compared > Total * (kills + 1) / (settings.Kills + 1)))
                return run;
            await Task.Delay(Between, cancellationToken);
        }
    }

    private async Task<bool> SettleAsync(HubApi hub, ServerProcess server, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < PatienceForSettling)
        {
            var ledger = await hub.LedgerAsync(cancellationToken);
            Look(server);
            await SayAsync(Text($"settling: {ledger.Pending} deliveries and {ledger.OutboxPending} events are waiting"));
            if (ledger.IsSettled)
                return true;
            await Task.Delay(Between, cancellationToken);
        }
        return false;
    }

    private void Look(ServerProcess server) => peak = Math.Max(peak, server.PeakMegabytes());

    private async Task SayAsync(string line)
    {
        if (Stopwatch.GetElapsedTime(began) - lastLine < BetweenLines)
            return;
        lastLine = Stopwatch.GetElapsedTime(began);
        await output.WriteLineAsync(Text($"{lastLine.TotalSeconds,6:0} s  peak {peak:0} MB  {line}"));
    }

    /// <summary>What the vendors are told of it comes behind: waits until they have been told nothing for a while, or long enough.</summary>
    private static async Task RestAsync(SandboxRun vendors, CancellationToken cancellationToken)
    {
        var (began, calmSince, seen) = (Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp(), -1);
        while (Stopwatch.GetElapsedTime(calmSince) < Calm && Stopwatch.GetElapsedTime(began) < PatienceForRest)
        {
            if (Writes(vendors) is var now && now != seen)
                (seen, calmSince) = (now, Stopwatch.GetTimestamp());
            await Task.Delay(Between, cancellationToken);
        }
    }

    private static int Writes(SandboxRun vendors) => vendors.Counts.Keys.Sum(name => vendors.Vendor(name).Desk.Writes.Count);

    private async Task ReportAsync(Findings findings, TimeSpan walked, TimeSpan settled, int writes, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync(Text(
            $"""
            kills                 {kills}
            walked                {walked.TotalSeconds:0.0} s, {Total / walked.TotalSeconds:0} entities per second
            applied, published    {settled.TotalSeconds:0.0} s, {Total / settled.TotalSeconds:0} entities per second
            peak of the server    {peak:0} MB
            vendors were told     {(settings.WriteBack ? Text($"{writes} states") : "nothing: write-back is off")}
            {(findings.Count == 0 ? "PROVED: every customer and order is there, once; the counts agree; no vendor got a task, a note or an event" : Text($"FAILED: {findings.Count} findings; the first:"))}
            """));
        foreach (var finding in findings.First)
            await output.WriteLineAsync("  " + finding);
        if (settings.JsonFile is { } file)
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { settings.Customers, settings.Orders, kills, walkedSeconds = walked.TotalSeconds, settledSeconds = settled.TotalSeconds, perSecond = Total / settled.TotalSeconds, peakMegabytes = peak, findings = findings.Count, first = findings.First }, LoadReport.Json), cancellationToken);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
