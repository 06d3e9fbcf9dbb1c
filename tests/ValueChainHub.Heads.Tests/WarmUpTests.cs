using Microsoft.Extensions.Logging;
using ValueChainHub.Core.Messaging;
using ValueChainHub.Heads.Tests.Support;
using ValueChainHub.Hosting;

namespace ValueChainHub.Heads.Tests;

/// <summary>Opening store and bus before the first request.</summary>
public sealed class WarmUpTests : IDisposable
{
    private readonly CapturedLogs _logs = new();
    private readonly SwitchableStore _store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Opens_the_bus_before_anybody_asks()
    {
        var opened = 0;

        await WarmUpAsync(_ => Task.FromResult(++opened));

        opened.ShouldBe(1);
        _logs.Text.ShouldBeEmpty();
    }

    [Fact]
    public async Task Starts_without_what_does_not_answer_and_says_so()
    {
        _store.IsOff = true;

        await WarmUpAsync(_ => Task.FromException(new BusUnavailableException("The broker is away.")));

        _logs.Text.ShouldContain("The store did not answer at the start");
        _logs.Text.ShouldContain("The bus did not answer at the start");
    }

    private async Task WarmUpAsync(Func<CancellationToken, Task> open)
    {
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(_logs));
        await using var storage = new HubStorage(_store, new NoBus()) { OpenAsync = open };

        await new WarmUp(storage, TimeProvider.System, factory.CreateLogger<WarmUp>()).StartingAsync(Token);
    }
}
