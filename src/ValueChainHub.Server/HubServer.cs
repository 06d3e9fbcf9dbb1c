using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ValueChainHub.Hosting;
using ValueChainHub.Hosting.Http;
using ValueChainHub.Hosting.Settings;
using ValueChainHub.Hosting.Telemetry;

namespace ValueChainHub.Server;

/// <summary>The hub on Kestrel.</summary>
public static class HubServer
{
    // Longer than the hub takes (1 MiB), so that a caller who sends too much hears so instead of losing the connection.
    private const long LargestBodyReadToTheEnd = 8 * 1024 * 1024;

    /// <summary>Runs until told to stop. 0 after an orderly end; 1 when a setting does not let it start, said in one line.</summary>
    public static async Task<int> RunAsync(string[] args, HubPlugs plugs)
    {
        try
        {
            await using var app = Build(args, plugs);
            await app.StartAsync();
            Welcome.Write(Console.Out, app.Services.GetRequiredService<HubSettings>(), app.Urls);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (HubSettingsException fault)
        {
            return Refuse(fault.Message);
        }
        catch (IOException fault) when (fault.InnerException is AddressInUseException)
        {
            return Refuse("ASPNETCORE_URLS: the address is in use. Stop the other program, or choose another port.");
        }
        catch (System.Net.Sockets.SocketException)
        {
            return Refuse("ASPNETCORE_URLS: the address cannot be used. Choose an address of this machine and a port that this user may open.");
        }
    }

    /// <summary>The server, ready to start, on the system's clock unless it is given another.</summary>
    public static WebApplication Build(string[] args, HubPlugs plugs, TimeProvider? time = null)
    {
        // The empty builder: nothing is there that was not asked for, which is half of a fast start.
        var builder = WebApplication.CreateEmptyBuilder(new() { Args = args, ApplicationName = "ValueChainHub.Server" });
        builder.Configuration.AddHubSources(args);
        var urls = ListenUrls.Read(builder.Configuration);
        builder.Logging.AddHubConsole();
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddRoutingCore();
        builder.Services.AddValueChainHub(builder.Configuration, plugs, offerTrialConnector: ListenUrls.AreLoopback(urls));
        builder.Services.AddHostedService<JobWorker>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(20));
        builder.Services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
        builder.WebHost.UseKestrelCore().UseUrls([.. urls]).ConfigureKestrel(Tune);

        var app = builder.Build();
        app.MapHub(app.Services.GetRequiredService<HubHttp>(), app.Services.GetRequiredService<HubOperations>().All);
        return app;
    }

    /// <summary>Where settings come from, for the server and for commands; the later wins.</summary>
    internal static IConfigurationBuilder AddHubSources(this IConfigurationBuilder configuration, string[] args) =>
        configuration.AddJsonFile("appsettings.json", optional: true, reloadOnChange: false).AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables().AddCommandLine(args);

    /// <summary>Kestrel's limits.</summary>
    public static void Tune(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = LargestBodyReadToTheEnd;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        options.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
    }

    private static int Refuse(string why)
    {
        Console.Error.WriteLine("The hub does not start. " + why);
        return 1;
    }
}
