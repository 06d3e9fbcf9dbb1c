using ValueChainHub.Core.Messaging;
using ValueChainHub.Hosting.Settings;
using ValueChainHub.Infrastructure.ServiceBus;

namespace ValueChainHub.Hosting;

/// <summary>No Service Bus, in a build without its package: the hub does not start, and says why.</summary>
internal static class ServiceBusPlug
{
    public static IChainBus Open(ServiceBusHubOptions options, TimeProvider time) =>
        throw new HubSettingsException("Hub__Bus=servicebus needs a hub that was built with the published packages: AzurePackages=published dotnet build");
}
