using ValueChainHub.Connectors;
using ValueChainHub.Core.Messaging;
using ValueChainHub.Core.Storage;
using ValueChainHub.Hosting.Settings;
using ValueChainHub.Infrastructure.Cosmos;
using ValueChainHub.Infrastructure.Sqlite;

namespace ValueChainHub.Hosting;

/// <summary>Every vendor, and the store and the bus that the settings name; when they name none, those of a laptop or a small server: one SQLite file as both.</summary>
public static class LocalPlugs
{
    public static HubPlugs Plugs { get; } = new(Vendors.All(TimeProvider.System), Open);

    private static HubStorage Open(HubSettings settings, TimeProvider time)
    {
        // Its directory is locked by one process; a hub that needs none of it does not open it.
        var sqlite = new Lazy<SqliteHub>(() => OpenSqlite(settings, time));
        var account = settings.Cosmos is { } options ? OpenCosmos(options, settings.IdKey, time) : null;
        var store = account?.Store ?? sqlite.Value.Store;
        var bus = settings.Storage.Bus == StorageSettings.ServiceBus ? OpenServiceBus(settings.Storage, time) : sqlite.Value.Bus;
        return new(store, bus, new Owned(bus as IAsyncDisposable, account, sqlite.IsValueCreated ? sqlite.Value : null))
        {
            PurgeExpiredAsync = sqlite.IsValueCreated ? sqlite.Value.PurgeExpiredAsync : null,
            OpenAsync = token => bus.PublishAsync([], token).AsTask(),
            Bill = account?.Bill,
        };
    }

    private static SqliteHub OpenSqlite(HubSettings settings, TimeProvider time)
    {
        try
        {
            return SqliteHub.Open(new() { Directory = settings.Data!.Path }, time);
        }
        catch (Exception fault) when (fault is InvalidOperationException or StoreUnavailableException)
        {
            throw new HubSettingsException("Hub__DataDirectory: " + fault.Message);
        }
    }

    /// <summary>A head has nothing to do before its store is open, so it waits for it.</summary>
    private static CosmosHub OpenCosmos(CosmosHubOptions options, string idKey, TimeProvider time)
    {
        try
        {
            return Task.Run(() => OpenCosmosAsync(options, idKey, time)).GetAwaiter().GetResult();
        }
        catch (Exception fault) when (fault is InvalidOperationException or StoreUnavailableException)
        {
            throw new HubSettingsException($"{CosmosSettings.Section}: " + fault.Message);
        }
    }

    private static async Task<CosmosHub> OpenCosmosAsync(CosmosHubOptions options, string idKey, TimeProvider time)
    {
        var hub = await CosmosHub.OpenAsync(options, time, CancellationToken.None);
        try
        {
            await StoredIdKey.CheckAsync(hub.Store, idKey, CancellationToken.None);
            return hub;
        }
        catch
        {
            await hub.DisposeAsync();
            throw;
        }
    }

    private static IChainBus OpenServiceBus(StorageSettings settings, TimeProvider time)
    {
        try
        {
            return ServiceBusPlug.Open(settings.ServiceBusOptions!, time);
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException)
        {
            throw new HubSettingsException($"{StorageSettings.ServiceBusConnection} is not a connection string of Service Bus. Copy it again, or use a namespace and an identity.");
        }
    }

    /// <summary>What was opened, closed in this order.</summary>
    private sealed class Owned(params IAsyncDisposable?[] parts) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var part in parts)
            {
                if (part is not null)
                    await part.DisposeAsync();
            }
        }
    }
}
