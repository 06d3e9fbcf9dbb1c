using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ValueChainHub.EndToEnd.Tests.Support;
using ValueChainHub.Sandbox;
using ValueChainHub.Sandbox.Vendors;

namespace ValueChainHub.EndToEnd.Tests.Sandbox.InStep;

/// <summary>A hub that writes to the simulated vendors, and is asked for reconciliations and drift by nobody but the test.</summary>
internal sealed class WritingHub : IAsyncDisposable
{
    public const string Shop = "shopify", ShopAbroad = "shopify-eu", Shipping = "shipstation", Support = "gladly", Marketing = "klaviyo";

    /// <summary>Nothing may move for so long: what changes of a customer within a second is one delivery, and an event is on its way to a destination's line for a moment.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly DateTimeOffset BeforeTheStory = DateTimeOffset.UtcNow.AddDays(-100);

    private readonly SandboxHub _hub;
    private readonly TimeSpan _patience;

    private WritingHub(SandboxHub hub, TimeSpan patience) => (_hub, _patience) = (hub, patience);

    /// <summary>All vendors, those that are written to last.</summary>
    public static IReadOnlyList<string> Vendors { get; } = [Shipping, Support, Marketing, Shop, ShopAbroad];

    /// <summary>Those that are written to.</summary>
    public static IReadOnlyList<string> Destinations { get; } = [Support, Marketing, Shop, ShopAbroad];

    public SandboxRun Run => _hub.Run;

    public SandboxHub Hub => _hub;

    public HubClient Client => _hub.Client;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="options">What is played.</param>
    /// <param name="patience">How long the hub may take to come to rest, and a run to its end.</param>
    public static async Task<WritingHub> StartAsync(SandboxOptions options, TimeSpan patience) => new(
        await SandboxHub.StartAsync(options, null, ("Hub:WriteBack", "true"), ("Hub:ReconcileEveryMinutes", "0"), ("Hub:ReconcileGraceMinutes", "0")), patience);

    public ISandboxVendor Vendor(string name) => Run.Vendor(name);

    /// <summary>Writes that each vendor has accepted so far.</summary>
    public IReadOnlyDictionary<string, int> Writes() => Vendors.ToDictionary(name => name, name => Vendor(name).Desk.Writes.Count, StringComparer.Ordinal);

    /// <summary>Returns when nothing moves any more: all that came in is folded and published, all that vendors are to be told is told, and no webhook is on its way.</summary>
    public async Task RestAsync()
    {
        var (waited, calmSince, last) = (Stopwatch.StartNew(), TimeSpan.Zero, "");
        while (waited.Elapsed < _patience)
        {
            var pulse = await PulseAsync();
            if (!pulse.IsAtRest || pulse.Text != last)
                (calmSince, last) = (waited.Elapsed, pulse.Text);
            else if (waited.Elapsed - calmSince >= Calm)
                return;
            await Task.Delay(Pause, Token);
        }
        var answers = await Task.WhenAll(((string[])["operations/ledger", "connectors", "operations/dead-letters?stage=delivery"]).Select(async path => $"{path}: {(await Client.GetAsync(path)).Text}"));
        Assert.Fail($"It did not come to rest: {last}\n{string.Join(", ", Run.Books.Owed().Take(5))}\n{string.Join('\n', answers)}");
    }

    /// <summary>Reconciles every vendor with all that ever happened there, and answers the report of each.</summary>
    public async Task<IReadOnlyDictionary<string, JsonElement>> ReconcileAsync()
    {
        var runs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var vendor in Vendors)
            runs[vendor] = IdOf(await Client.PostAsync("reconciliations/" + vendor, new { since = BeforeTheStory }));
        var reports = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (vendor, run) in runs)
            reports[vendor] = (await EndOfAsync(run)).Report;
        return reports;
    }

    /// <summary>Runs a drift run to its end.</summary>
    public async Task<(string Id, JsonElement Report)> DriftAsync(string destination, object asked) => await EndOfAsync(IdOf(await Client.PostAsync("operations/drift/" + destination, asked)));

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    private static string IdOf(HubAnswer accepted)
    {
        accepted.Status.ShouldBe(202, accepted.Text);
        return accepted.Json.GetProperty("id").GetString()!;
    }

    private async Task<(string Id, JsonElement Report)> EndOfAsync(string id)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < _patience; await Task.Delay(Pause, Token))
        {
            var run = (await Client.GetAsync("operations/runs/" + id)).Json;
            if (run.GetProperty("state").GetString() == "running")
                continue;
            run.GetProperty("state").GetString().ShouldBe("done", run.GetRawText());
            return (id, run.GetProperty("report").Clone());
        }
        throw new TimeoutException("The run has no end: " + (await Client.GetAsync("operations/runs/" + id)).Text);
    }

    /// <summary>Parcels that may still become late wait in support's line by themselves; nothing else may wait anywhere.</summary>
    private async Task<(bool IsAtRest, string Text)> PulseAsync()
    {
        var ledger = await Client.LedgerAsync();
        var connectors = (await Client.GetAsync("connectors")).Json.GetProperty("items").EnumerateArray().ToList();
        var fetches = string.Join(',', connectors.Select(one => one.TryGetProperty("fetches", out var waiting) ? waiting.GetRawText() : "none"));
        var isFetching = connectors.Exists(one => one.TryGetProperty("fetches", out var waiting) && waiting.GetProperty("pending").GetInt64() > 0);
        var isOpen = connectors.Exists(one => one.TryGetProperty("line", out var line) && line.ValueKind == JsonValueKind.Object && line.GetProperty("breaker").GetString() != "closed");
        var waits = ledger.Deliveries.Any(one => one.Key != Support && one.Value.Pending > 0);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"received {ledger.Connectors.Values.Sum(line => line.Received)}, delivered {string.Join(',', ledger.Deliveries.Select(one => $"{one.Key} {one.Value}"))}, written {Writes().Values.Sum()}, fetches {fetches}, carrying {Run.Carrying}");
        return (ledger.IsSettled && !isFetching && !isOpen && !waits && Run.Carrying == 0 && Run.Books.Owed().Count == 0, text);
    }
}
