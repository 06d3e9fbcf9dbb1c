using ValueChainHub.Core.Messaging;
using ValueChainHub.Infrastructure.ServiceBus;

namespace ValueChainHub.Hosting;

/// <summary>Service Bus, in a build that has its package.</summary>
internal static class ServiceBusPlug
{
    public static IChainBus Open(ServiceBusHubOptions options, TimeProvider time) => ServiceBusHub.Open(options, time);
}
