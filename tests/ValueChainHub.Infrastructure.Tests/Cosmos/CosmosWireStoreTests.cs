using ValueChainHub.Core.Storage;
using ValueChainHub.CosmosWire;
using ValueChainHub.Infrastructure.Cosmos;
using ValueChainHub.Testing.Storage;

namespace ValueChainHub.Infrastructure.Tests.Cosmos;

/// <summary>The contract of the storage port, by the real SDK against the wire server with four ranges. What this proves, and what not, stands in the README of this project.</summary>
public sealed class CosmosWireStoreTests : HubStoreContract
{
    private readonly List<IAsyncDisposable> _open = [];
    private CosmosWireServer _server = null!;

    public override async ValueTask InitializeAsync()
    {
        _server = await CosmosWireServer.StartAsync(new() { Time = Time }, Token);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var hub in _open)
            await hub.DisposeAsync();
        await _server.DisposeAsync();
        _server.ThrowOnViolations();
    }

    protected override async Task<IHubStore> OpenAsync() => await OpenAsync("hub");

    protected override async Task<IHubStore> ReopenAsync() => await OpenAsync("hub");

    protected override async Task<FeedPosition> PositionOfAnotherStoreAsync() =>
        (await (await OpenAsync("another")).ReadFeedAsync(Container, FeedPosition.Beginning, 1, null, Token)).Next;

    private async Task<IHubStore> OpenAsync(string database)
    {
        var hub = await CosmosHub.OpenAsync(new() { ConnectionString = _server.ConnectionString, Database = database, CreateContainers = true, CallTimeout = TimeSpan.FromMinutes(1) }, Time, Token);
        _open.Add(hub);
        return hub.Store;
    }
}
