using ValueChainHub.EndToEnd.Tests.Support;
using ValueChainHub.Sandbox;
using ValueChainHub.Sandbox.Audit;

namespace ValueChainHub.EndToEnd.Tests.Sandbox;

/// <summary>A hub with the simulated vendors connected.</summary>
internal sealed class SandboxHub : IAsyncDisposable
{
    // A line to a vendor that opened on a busy machine is tried again ever later: up to two minutes of waits.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>For stories that are compared with each other: their bodies carry its times.</summary>
    public static readonly DateTimeOffset FixedNow = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly RunningHub _hub = new();
    private HubReader _reader = null!;

    private SandboxHub(SandboxRun run) => Run = run;

    public SandboxRun Run { get; }

    public HubReader Reader => _reader;

    public HubClient Client => _hub.Client;

    public static async Task<SandboxHub> StartAsync(SandboxOptions options, DateTimeOffset? now = null, params IReadOnlyList<(string Name, string Value)> settings)
    {
        var hub = new SandboxHub(await SandboxRun.StartAsync(options, now ?? DateTimeOffset.UtcNow, TestContext.Current.CancellationToken));
        foreach (var (name, value) in hub.Run.HubSettings())
            hub._hub.Settings[name] = value;
        foreach (var (name, value) in settings)
            hub._hub.Settings[name] = value;
        await hub._hub.StartAsync();
        hub._reader = new(hub._hub.Client.Address, HubSecrets.ReaderKey);
        return hub;
    }

    /// <summary>Plays the story, waits until the hub has done all it was told, and compares.</summary>
    public async Task<AuditReport> PlayAsync()
    {
        await Run.PlayAsync(_hub.Client.Address, TestContext.Current.CancellationToken);
        return await AuditAsync();
    }

    public async Task<AuditReport> AuditAsync()
    {
        if (!await Settling.WaitAsync(_reader, Run.Books, Patience, TestContext.Current.CancellationToken))
            Assert.Fail(await WhyAsync());
        return await new HubAudit(_reader, Run.Books).RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What an operator would look at.</summary>
    private async Task<string> WhyAsync()
    {
        var owed = Run.Books.Owed();
        var answers = await Task.WhenAll(((string[])["health/ready", "operations/ledger", "connectors"]).Select(async path => $"{path}: {(await Client.GetAsync(path)).Text}"));
        return $"It did not come to rest; {owed.Count} calls are owed, such as {string.Join(", ", owed.Take(5))}\n{string.Join('\n', answers)}";
    }

    public async ValueTask DisposeAsync()
    {
        _reader?.Dispose();
        await _hub.DisposeAsync();
        await Run.DisposeAsync();
    }
}
