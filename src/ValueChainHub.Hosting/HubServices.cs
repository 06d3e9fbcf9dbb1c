using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ValueChainHub.Hosting.Connect;
using ValueChainHub.Hosting.Http;
using ValueChainHub.Hosting.Jobs;
using ValueChainHub.Hosting.Settings;
using ValueChainHub.Hosting.Telemetry;

namespace ValueChainHub.Hosting;

/// <summary>Puts the hub together, once, for every head.</summary>
public static class HubServices
{
    /// <summary>Adds the hub. Settings are read and checked now: what is wrong with them throws <see cref="HubSettingsException"/> before anything starts.</summary>
    public static IServiceCollection AddValueChainHub(this IServiceCollection services, IConfiguration configuration, HubPlugs plugs, bool offerTrialConnector = false)
    {
        var settings = HubSettings.Read(configuration, offerTrialConnector && plugs.Vendors.Any(vendor => vendor.Name == HubSettings.TrialVendor));
        var connectors = HubConnectors.Create(settings, plugs.Vendors);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton(provider => plugs.OpenStorage(settings, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new HubParts(
            settings, provider.GetRequiredService<HubStorage>(), connectors, new VendorAccounts(settings, plugs.Vendors).Find, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<JobRunner>();
        services.AddSingleton(provider => new HubJobs(provider.GetRequiredService<HubParts>()));
        services.AddSingleton(provider => new PushedEvents(
            provider.GetRequiredService<HubParts>().RouteEvents,
            settings,
            provider.GetRequiredService<HubJobs>(),
            provider.GetRequiredService<JobRunner>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new HubOperations(
            provider.GetRequiredService<HubParts>(),
            provider.GetRequiredService<JobRunner>(),
            () => provider.GetRequiredService<HubHttp>().Answered + provider.GetRequiredService<JobRunner>().Runs,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new HubHttp(
            new HubKeys(settings.AdminKey, settings.OperatorKey, settings.ReaderKey),
            settings.PublicUrl,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<HubHttp>>(),
            provider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping));
        services.AddHostedService<TraceIds>();
        if (TelemetryExport.IsWanted(configuration))
            services.AddHostedService<TelemetryExport>();
        return services;
    }
}
