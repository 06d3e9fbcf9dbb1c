using ValueChainHub.Connectors;
using ValueChainHub.Core.Storage;
using ValueChainHub.Hosting.Settings;
using ValueChainHub.Infrastructure.Cosmos;
using ValueChainHub.Infrastructure.Sqlite;

namespace ValueChainHub.Hosting;

/// <summary>Every vendor, and the store that the settings name; when they name none, that of a laptop or a small server: one SQLite file as store and bus.</summary>
public static class LocalPlugs
{
    public static HubPlugs Plugs { get; } = new(Vendors.All(TimeProvider.System), Open);

    private static HubStorage Open(HubSettings settings, TimeProvider time)
    {
        var local = OpenSqlite(settings, time);
        if (settings.Cosmos is not { } options)
            return new(local.Store, local.Bus, local) { PurgeExpiredAsync = local.PurgeExpiredAsync };
        var account = OpenCosmos(options, time);
        return new(account.Store, local.Bus, new Owned(account, local)) { PurgeExpiredAsync = local.PurgeExpiredAsync, Bill = account.Bill };
    }

    private static SqliteHub OpenSqlite(HubSettings settings, TimeProvider time)
    {
        try
        {
            return SqliteHub.Open(new() { Directory = settings.Data.Path }, time);
        }
        catch (Exception fault) when (fault is InvalidOperationException or StoreUnavailableException)
        {
            throw new HubSettingsException("Hub__DataDirectory: " + fault.Message);
        }
    }

    /// <summary>A head has nothing to do before its store is open, so it waits for it.</summary>
    private static CosmosHub OpenCosmos(CosmosHubOptions options, TimeProvider time)
    {
        try
        {
            return Task.Run(() => CosmosHub.OpenAsync(options, time, CancellationToken.None)).GetAwaiter().GetResult();
        }
        catch (Exception fault) when (fault is InvalidOperationException or StoreUnavailableException)
        {
            throw new HubSettingsException($"{CosmosSettings.Section}: " + fault.Message);
        }
    }

    /// <summary>What was opened, closed in this order.</summary>
    private sealed class Owned(params IAsyncDisposable[] parts) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var part in parts)
                await part.DisposeAsync();
        }
    }
}
