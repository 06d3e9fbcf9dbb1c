namespace ValueChainHub.EndToEnd.Tests.Support;

/// <summary>A test with a hub of its own. However the test went, at its end every hub must have accounted for every delivery.</summary>
public abstract class EndToEndTest : IAsyncLifetime
{
    private readonly List<IHub> _hubs = [];

    private protected RunningHub Hub { get; private set; } = null!;

    private protected HubClient Client => Hub.Client;

    public virtual async ValueTask InitializeAsync() => Hub = await StartAsync(NewHub());

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        try
        {
            foreach (var hub in _hubs)
                await hub.Client.LedgerShouldBalanceAsync();
        }
        finally
        {
            foreach (var hub in _hubs)
                await hub.DisposeAsync();
        }
    }

    /// <summary>Another hub, on data of its own and under the same id key.</summary>
    private protected Task<THub> StartAsync<THub>()
        where THub : IHub, new() => StartAsync(new THub());

    /// <summary>The hub of the test.</summary>
    private protected virtual RunningHub NewHub() => new();

    private async Task<THub> StartAsync<THub>(THub hub)
        where THub : IHub
    {
        _hubs.Add(hub);
        await hub.StartAsync();
        return hub;
    }

    /// <summary>Sends webhooks one after the other and waits until they are applied.</summary>
    private protected async Task DeliverAsync(params IEnumerable<Webhook> webhooks)
    {
        await Client.DeliverAsync(webhooks);
        await Client.SettleAsync();
    }
}
