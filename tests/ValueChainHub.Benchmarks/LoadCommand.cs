using ValueChainHub.Benchmarks.Floors;
using ValueChainHub.Benchmarks.Generator;
using ValueChainHub.Benchmarks.Verification;

namespace ValueChainHub.Benchmarks;

/// <summary>Loads the server and the floors in turn, one after another in the same session, and demands every delivery back.</summary>
public sealed class LoadCommand(LoadSettings settings, TextWriter output)
{
    private const int Customers = 5000;
    private const string Live = "/api/health/live";
    private const string Ready = "/api/health/ready";
    private static readonly TimeSpan PatienceForStart = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PatienceForAnswers = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan PatienceForSettling = TimeSpan.FromMinutes(10);

    private readonly Pinning pinning = settings.Pin ? Pinning.Create() : Pinning.None;

    private ServerProgram Program => settings.Stub is { } fault ? ServerProgram.Own("stub", fault) : ServerProgram.Hub(settings.Server);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var report = new LoadReport(settings.Stub is null ? pinning.Says : pinning.Says + "; a STAND-IN in the hub's place", settings.Connections, settings.FloorsOnly ? [] : ColdStarts());
        foreach (var size in settings.Bodies)
        {
            var rounds = new List<Round>();
            for (var round = 0; round < settings.Rounds; round++)
            {
                rounds.Add(await RoundAsync(size, round, cancellationToken));
                await output.WriteLineAsync($"round {round + 1} of {settings.Rounds}, {(int)size} KB: {rounds[^1].OneLine()}");
            }
            report.Bodies.Add(new BodyReport((int)size, LongestBody(size), rounds));
        }
        await output.WriteLineAsync(report.ToText());
        if (settings.JsonFile is { } file)
            await File.WriteAllTextAsync(file, report.ToJson(), cancellationToken);
        return report.IsProved ? 0 : 1;
    }

    private List<double> ColdStarts()
    {
        var seconds = new List<double>();
        for (var i = 0; i < settings.ColdStarts; i++)
        {
            using var directory = WorkingDirectory.Create(settings.Directory);
            using var server = ServerProcess.Start(Program, directory.FullName, pinning);
            seconds.Add(server.WaitFor(Live, PatienceForStart).TotalSeconds);
        }
        return seconds;
    }

    // The hub stands between the floors, so that a machine that slows down slows both.
    private async Task<Round> RoundAsync(BodySize size, int round, CancellationToken cancellationToken)
    {
        var seed = settings.Seed * 1000 + (ulong)round;
        var hmac = Floor(FloorServer.Hmac, size, seed, cancellationToken);
        var commit = Floor(FloorServer.Commit, size, seed, cancellationToken);
        var burst = settings.FloorsOnly ? null : await HubAsync(size, seed, BurstAsync, cancellationToken);
        var commitWithBody = Floor(FloorServer.CommitWithBody, size, seed, cancellationToken);
        var endToEnd = settings.FloorsOnly ? null : await HubAsync(size, seed + 500, EndToEndAsync, cancellationToken);
        return new Round(hmac, commit, commitWithBody, burst, endToEnd);
    }

    private Measure Floor(string kind, BodySize size, ulong seed, CancellationToken cancellationToken)
    {
        using var directory = WorkingDirectory.Create(settings.Directory);
        using var server = ServerProcess.Start(ServerProgram.Own("floor", kind), directory.FullName, pinning);
        server.WaitFor("/", PatienceForStart);
        var stream = new DeliveryStream(new OrderPlan(seed, Customers, size));
        using var requests = new OrderRequests(stream.Plan, ServerProcess.WebhookSecret);
        Send(server, stream, requests, settings.WarmUp, cancellationToken);
        var meter = Meter.Start(server);
        var load = Send(server, stream, requests, settings.Floor, cancellationToken);
        return meter.Stop(load.PerSecond, load.Answered, load.Latencies);
    }

    private async Task<HubMeasure> HubAsync(BodySize size, ulong seed, Func<ServerProcess, DeliveryStream, OrderRequests, HubApi, CancellationToken, Task<HubMeasure>> measure, CancellationToken cancellationToken)
    {
        using var directory = WorkingDirectory.Create(settings.Directory);
        using var server = ServerProcess.Start(Program, directory.FullName, pinning);
        server.WaitFor(Ready, PatienceForStart);
        using var hub = new HubApi(server.BaseAddress);
        var stream = new DeliveryStream(new OrderPlan(seed, Customers, size));
        using var requests = new OrderRequests(stream.Plan, ServerProcess.WebhookSecret);
        Send(server, stream, requests, settings.WarmUp, cancellationToken);
        await Settling.WaitAsync(hub, stream.Answered, PatienceForSettling, cancellationToken);

        var measured = await measure(server, stream, requests, hub, cancellationToken);
        var findings = await new Demand(hub, stream, interrupted: false).EverythingAsync(cancellationToken);
        foreach (var problem in measured.Problems)
            findings.Add(problem);
        return measured with { Problems = findings.First, ProblemCount = findings.Count, DirectoryMegabytes = Megabytes(directory.FullName) };
    }

    private async Task<HubMeasure> BurstAsync(ServerProcess server, DeliveryStream stream, OrderRequests requests, HubApi hub, CancellationToken cancellationToken)
    {
        var meter = Meter.Start(server);
        var load = Send(server, stream, requests, settings.Burst, cancellationToken);
        var measure = meter.Stop(load.PerSecond, load.Answered, load.Latencies);
        stream.ForgetRepeats();
        return await SettleAsync(measure, meter, server, stream, requests, hub, cancellationToken);
    }

    private async Task<HubMeasure> EndToEndAsync(ServerProcess server, DeliveryStream stream, OrderRequests requests, HubApi hub, CancellationToken cancellationToken)
    {
        stream.Limit = stream.Begun + settings.Deliveries * 4L / 5;
        var meter = Meter.Start(server);
        var load = Send(server, stream, requests, PatienceForAnswers, cancellationToken);
        var settled = await SettleAsync(meter.Stop(load.PerSecond, load.Answered, load.Latencies), meter, server, stream, requests, hub, cancellationToken);
        return settled with { Measure = meter.Stop(load.Answered / meter.Elapsed.TotalSeconds, load.Answered, load.Latencies) };
    }

    private async Task<HubMeasure> SettleAsync(Measure measure, Meter meter, ServerProcess server, DeliveryStream stream, OrderRequests requests, HubApi hub, CancellationToken cancellationToken)
    {
        var acknowledged = meter.Elapsed;
        if (stream.Unanswered > 0)
            Send(server, stream, requests, PatienceForAnswers, cancellationToken);
        var isSettled = await Settling.WaitAsync(hub, stream.Answered, PatienceForSettling, cancellationToken);
        meter.StopClock();
        var problems = isSettled ? Array.Empty<string>() : [$"deliveries were still pending {PatienceForSettling.TotalMinutes:0} minutes after the last answer"];
        return new HubMeasure(measure, (meter.Elapsed - acknowledged).TotalSeconds, stream.Refused, meter.CpuPerThousand(measure.Deliveries), problems);
    }

    private LoadResult Send(ServerProcess server, DeliveryStream stream, OrderRequests requests, TimeSpan duration, CancellationToken cancellationToken)
    {
        var load = new HttpLoad(server.EndPoint, settings.Connections, stream, requests);
        var result = load.Run(new LoadLimits(duration), cancellationToken);
        if (load.FirstRefusal is { } refusal)
            output.WriteLine($"refused, the first answer: {refusal.ReplaceLineEndings(" | ")}");
        cancellationToken.ThrowIfCancellationRequested();
        if (result.Answered == 0)
            throw new InvalidOperationException("Nothing was answered with 200." + Environment.NewLine + server.LastLines);
        return result;
    }

    private static int LongestBody(BodySize size)
    {
        using var requests = new OrderRequests(new OrderPlan(1, Customers, size), ServerProcess.WebhookSecret);
        return requests.LongestBody;
    }

    private static double Megabytes(string directory) => new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) / 1048576.0;
}
