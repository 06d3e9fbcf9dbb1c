using ValueChainHub.Core.Storage;
using ValueChainHub.Testing.Storage;

namespace ValueChainHub.Infrastructure.Tests.Sqlite;

public sealed class SqliteHubStoreTests : HubStoreContract
{
    private readonly SqliteFixture _fixture;

    public SqliteHubStoreTests() => _fixture = new SqliteFixture(Time);

    public override ValueTask DisposeAsync() => _fixture.DisposeAsync();

    protected override Task<IHubStore> OpenAsync() => Task.FromResult(_fixture.Open().Store);

    protected override Task<IHubStore> ReopenAsync() => Task.FromResult(_fixture.OpenCrashed().Store);

    protected override async Task<FeedPosition> PositionOfAnotherStoreAsync() =>
        (await _fixture.Open().Store.ReadFeedAsync(Container, FeedPosition.Beginning, 1, null, Token)).Next;
}
