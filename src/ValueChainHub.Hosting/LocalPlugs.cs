using ValueChainHub.Connectors;
using ValueChainHub.Core.Storage;
using ValueChainHub.Hosting.Settings;
using ValueChainHub.Infrastructure.Sqlite;

namespace ValueChainHub.Hosting;

/// <summary>The plugs of a laptop or a small server: every vendor, and one SQLite file as store and bus.</summary>
public static class LocalPlugs
{
    public static HubPlugs Plugs { get; } = new(Vendors.All(TimeProvider.System), Open);

    private static HubStorage Open(HubSettings settings, TimeProvider time)
    {
        try
        {
            var hub = SqliteHub.Open(new() { Directory = settings.Data.Path }, time);
            return new(hub.Store, hub.Bus, hub) { PurgeExpiredAsync = hub.PurgeExpiredAsync };
        }
        catch (Exception fault) when (fault is InvalidOperationException or StoreUnavailableException)
        {
            throw new HubSettingsException("Hub__DataDirectory: " + fault.Message);
        }
    }
}
