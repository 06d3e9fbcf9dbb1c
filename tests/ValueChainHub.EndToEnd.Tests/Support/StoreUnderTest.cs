using ValueChainHub.CosmosWire;

namespace ValueChainHub.EndToEnd.Tests.Support;

/// <summary>Where a hub under test keeps its record: SQLite in its folder, or with <c>E2E_STORE=cosmos</c> Cosmos DB on a wire server of its own, which outlives the hub's restarts and deaths.</summary>
internal sealed class StoreUnderTest : IAsyncDisposable
{
    private CosmosWireServer? _server;

    public static bool IsCosmos { get; } = Environment.GetEnvironmentVariable("E2E_STORE") == "cosmos";

    /// <summary>Cosmos DB whatever the environment says.</summary>
    public bool MustBeCosmos { get; init; }

    /// <summary>The wire server, once the settings were asked for.</summary>
    public CosmosWireServer? Server => _server;

    public async Task<IReadOnlyDictionary<string, string>> SettingsAsync()
    {
        if (!IsCosmos && !MustBeCosmos)
            return new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        _server ??= await CosmosWireServer.StartAsync(new(), TestContext.Current.CancellationToken);
        return new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Hub:Store"] = "cosmos", ["Cosmos"] = _server.ConnectionString };
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is null)
            return;
        await _server.DisposeAsync();
        _server.ThrowOnViolations();
    }
}
