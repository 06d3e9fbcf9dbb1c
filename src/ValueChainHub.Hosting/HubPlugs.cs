using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Messaging;
using ValueChainHub.Core.Storage;
using ValueChainHub.Hosting.Settings;

namespace ValueChainHub.Hosting;

/// <summary>What a hub is plugged into: the vendors it knows, and where it keeps things.</summary>
/// <param name="Vendors">The vendors that settings may name.</param>
/// <param name="OpenStorage">Opens store and bus. A fault that a person can mend is a <see cref="HubSettingsException"/>.</param>
public sealed record HubPlugs(IReadOnlyList<IVendor> Vendors, Func<HubSettings, TimeProvider, HubStorage> OpenStorage);

/// <summary>The store and the bus of a running hub. Disposing closes both.</summary>
public sealed class HubStorage(IHubStore store, IChainBus bus, IAsyncDisposable? owner = null) : IAsyncDisposable
{
    public IHubStore Store { get; } = store;

    public IChainBus Bus { get; } = bus;

    /// <summary>Removes up to so many expired things and says how many; null for a store that does so by itself.</summary>
    public Func<int, CancellationToken, Task<int>>? PurgeExpiredAsync { get; init; }

    /// <summary>What the store charges; null for a store that costs nothing.</summary>
    public StoreBill? Bill { get; init; }

    /// <summary>Opens what a first request would wait for; null where that is nothing.</summary>
    public Func<CancellationToken, Task>? OpenAsync { get; init; }

    public ValueTask DisposeAsync() => owner?.DisposeAsync() ?? ValueTask.CompletedTask;
}
