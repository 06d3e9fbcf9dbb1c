using ValueChainHub.Core.Messaging;
using ValueChainHub.Testing.Messaging;

namespace ValueChainHub.Infrastructure.Tests.Sqlite;

public sealed class SqliteChainBusTests : ChainBusContract
{
    private readonly SqliteFixture _fixture;

    public SqliteChainBusTests() => _fixture = new SqliteFixture(Time);

    public override ValueTask DisposeAsync() => _fixture.DisposeAsync();

    protected override TimeSpan LockDuration => TimeSpan.FromMinutes(5);

    protected override Task<IChainBus> OpenAsync() => Task.FromResult(_fixture.Open().Bus);

    protected override Task<IChainBus> ReopenAsync() => Task.FromResult(_fixture.OpenCrashed().Bus);
}
