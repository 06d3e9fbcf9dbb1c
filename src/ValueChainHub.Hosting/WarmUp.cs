using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ValueChainHub.Core.Messaging;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Hosting;

/// <summary>Opens the store and the bus before the first request does; for heads that start while somebody waits. What does not open in time opens when it is needed.</summary>
public sealed partial class WarmUp(HubStorage storage, TimeProvider time, ILogger<WarmUp> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Before any service starts, so before the platform is told that the worker is ready.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        await Task.WhenAll(
            TryAsync("store", () => storage.Store.ReadAsync(HubContainers.Ledger, "health", "probe", either.Token).AsTask()),
            TryAsync("bus", () => storage.OpenAsync?.Invoke(either.Token) ?? Task.CompletedTask));
        cancellationToken.ThrowIfCancellationRequested();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task TryAsync(string part, Func<Task> open)
    {
        try
        {
            await open();
        }
        catch (Exception fault) when (fault is StoreUnavailableException or BusUnavailableException or OperationCanceledException)
        {
            LogClosed(logger, part);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Part} did not answer at the start; the hub starts without it and tries again when it is needed")]
    private static partial void LogClosed(ILogger logger, string part);
}
