using Microsoft.Azure.Cosmos;
using ValueChainHub.Core.Storage;
using ValueChainHub.Infrastructure.Cosmos;
using ValueChainHub.Testing.Storage;

namespace ValueChainHub.Infrastructure.Tests.Cosmos;

/// <summary>The same contract against the account or emulator whose connection string is in <c>COSMOS_TEST_ENDPOINT</c>; skipped where there is none.</summary>
/// <remarks>Cases that move the clock are skipped too: nobody moves that of an account.</remarks>
public sealed class CosmosEndpointStoreTests : HubStoreContract
{
    private static readonly string[] MoveTheClock = ["Case_18", "Case_25", "Case_34"];

    private readonly string? _connection = Environment.GetEnvironmentVariable("COSMOS_TEST_ENDPOINT");
    private readonly string _database = $"contract-{Guid.NewGuid():n}";
    private readonly List<IAsyncDisposable> _open = [];

    public override async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(string.IsNullOrWhiteSpace(_connection), "COSMOS_TEST_ENDPOINT is not set: no account or emulator to run against.");
        var test = TestContext.Current.TestMethod?.MethodName ?? "";
        Assert.SkipWhen(MoveTheClock.Any(test.StartsWith), "The case moves the clock.");
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var hub in _open)
            await hub.DisposeAsync();
        if (_open.Count == 0)
            return;
        using var client = new CosmosClient(_connection, new CosmosClientOptions { ConnectionMode = ConnectionMode.Gateway, LimitToEndpoint = true });
        foreach (var database in new[] { _database, _database + "-another" })
            (await client.GetDatabase(database).DeleteStreamAsync()).Dispose();
    }

    protected override Task<IHubStore> OpenAsync() => OpenAsync(_database);

    protected override Task<IHubStore> ReopenAsync() => OpenAsync(_database);

    protected override async Task<FeedPosition> PositionOfAnotherStoreAsync() =>
        (await (await OpenAsync(_database + "-another")).ReadFeedAsync(Container, FeedPosition.Beginning, 1, null, Token)).Next;

    private async Task<IHubStore> OpenAsync(string database)
    {
        var hub = await CosmosHub.OpenAsync(new() { ConnectionString = _connection, Database = database, CreateContainers = true }, Time, Token);
        _open.Add(hub);
        return hub.Store;
    }
}
