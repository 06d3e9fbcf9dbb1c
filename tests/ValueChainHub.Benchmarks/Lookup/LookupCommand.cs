using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ValueChainHub.Benchmarks.Generator;
using ValueChainHub.Benchmarks.Verification;

namespace ValueChainHub.Benchmarks.Lookup;

/// <summary>Fills a hub with shoppers by their vendors' webhooks, then asks its lookup adapter as Gladly does, and says how long the answers took. Every answer is looked at.</summary>
public sealed class LookupCommand(LookupSettings settings, TextWriter output)
{
    private const string Ready = "/api/health/ready";
    private const double WantedMilliseconds = 20;
    private const int WarmUp = 300;
    private static readonly TimeSpan PatienceForStart = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PatienceForSettling = TimeSpan.FromMinutes(60);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var pinning = settings.Pin ? Pinning.Create() : Pinning.None;
        await using var carrier = await ParcelCarrier.StartAsync(cancellationToken);
        using var directory = WorkingDirectory.Create(settings.Directory);
        var options = new Dictionary<string, string>(carrier.Settings) { ["Connectors__gladly__LookupSigningKey"] = SupportDesk.SigningKey };
        using var server = ServerProcess.Start(ServerProgram.Hub(settings.Server), directory.FullName, pinning, options);
        server.WaitFor(Ready, PatienceForStart);
        var shoppers = new Shoppers(settings.Customers);

        var began = Stopwatch.GetTimestamp();
        var sent = await FillAsync(server.BaseAddress, shoppers, carrier, cancellationToken);
        using var hub = new HubApi(server.BaseAddress);
        if (!await Settling.WaitAsync(hub, sent.Shop, PatienceForSettling, cancellationToken))
            throw new TimeoutException("Deliveries were still pending.");
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{shoppers.Count} shoppers, {sent.Shop + sent.Parcels} deliveries, filled in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s; {pinning.Says}"));

        await AskAsync(server.BaseAddress, shoppers, WarmUp, cancellationToken);
        var (basic, detailed) = await AskAsync(server.BaseAddress, shoppers, settings.Lookups, cancellationToken);
        await ReportAsync(basic, detailed, server, cancellationToken);
        return basic.Percentile(99) < WantedMilliseconds && detailed.Percentile(99) < WantedMilliseconds ? 0 : 1;
    }

    private async Task<(long Shop, long Parcels)> FillAsync(Uri address, Shoppers shoppers, ParcelCarrier carrier, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = settings.FillConnections, UseProxy = false }) { BaseAddress = address };
        var (shop, parcels) = (0L, 0L);
        var options = new ParallelOptions { MaxDegreeOfParallelism = settings.FillConnections, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, shoppers.Count), options, async (shopper, token) =>
        {
            foreach (var request in Shoppers.Webhooks(shopper, carrier))
            {
                using (request)
                {
                    using var response = await client.SendAsync(request, token);
                    response.EnsureSuccessStatusCode();
                    if (request.RequestUri!.OriginalString.EndsWith("shopify", StringComparison.Ordinal))
                        Interlocked.Increment(ref shop);
                    else
                        Interlocked.Increment(ref parcels);
                }
            }
        });
        return (shop, parcels);
    }

    /// <summary>BASIC for a shopper drawn by the seed, then DETAILED by the id that it answered; on several connections at once.</summary>
    private async Task<(Latencies Basic, Latencies Detailed)> AskAsync(Uri address, Shoppers shoppers, int lookups, CancellationToken cancellationToken)
    {
        var (basic, detailed) = (new Latencies(), new Latencies());
        var runs = await Task.WhenAll(Enumerable.Range(0, settings.Connections).Select(async connection =>
        {
            using var desk = new SupportDesk(address);
            var (random, ofBasic, ofDetailed) = (new Random((settings.Seed * 1000) + connection), new Latencies(), new Latencies());
            for (var lookup = connection; lookup < lookups; lookup += settings.Connections)
            {
                var shopper = random.Next(shoppers.Count);
                var id = await desk.BasicAsync(shopper, ofBasic, cancellationToken);
                await desk.DetailedAsync(shopper, id, ofDetailed, cancellationToken);
            }
            return (Basic: ofBasic, Detailed: ofDetailed);
        }));
        foreach (var run in runs)
        {
            basic.AddAll(run.Basic);
            detailed.AddAll(run.Detailed);
        }
        return (basic, detailed);
    }

    private async Task ReportAsync(Latencies basic, Latencies detailed, ServerProcess server, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{"",-10}{"p50 ms",9}{"p99 ms",9}{"max ms",9}   {settings.Lookups} of each, {settings.Connections} connection(s), every answer looked at"));
        foreach (var (name, latencies) in new[] { ("BASIC", basic), ("DETAILED", detailed) })
        {
            var verdict = latencies.Percentile(99) < WantedMilliseconds ? "reached" : "NOT reached";
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name,-10}{latencies.Percentile(50),9:0.00}{latencies.Percentile(99),9:0.00}{latencies.Percentile(100),9:0.00}   p99 below {WantedMilliseconds:0} ms: {verdict}"));
        }
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"peak {server.PeakMegabytes():0} MB"));
        if (settings.JsonFile is { } file)
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { settings.Customers, settings.Lookups, basic = Figures(basic), detailed = Figures(detailed) }, LoadReport.Json), cancellationToken);
    }

    private static object Figures(Latencies latencies) => new { p50 = latencies.Percentile(50), p99 = latencies.Percentile(99), max = latencies.Percentile(100) };
}
