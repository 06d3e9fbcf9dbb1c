using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Hosting.Jobs;
using ValueChainHub.Hosting.Settings;
using ValueChainHub.Infrastructure.ServiceBus;

namespace ValueChainHub.Functions;

/// <summary>The triggers of the job RouteEvents. Each listens to the subscription of the destination that a setting of its number names, so no vendor is named here.</summary>
/// <remarks>
/// A function that returns has routed its message or parked it, and the platform completes it; one that throws gives it back. The message itself is handled, not another: whether it is completed then
/// changes nothing. Destinations beyond these triggers, and any whose trigger is off, are served by the sweep. <c>infra/main.bicep</c> numbers the destinations and switches off the triggers that have none.
/// </remarks>
public sealed class RouteFunctions(PushedEvents pushed)
{
    public const string Topic = ChainTopic.Name;
    public const string Connection = StorageSettings.ServiceBusConnection;

    /// <summary>What the names of subscriptions begin with; then the setting, which the platform reads.</summary>
    private const string To = RouteEvents.SubscriptionPrefix + "%Hub__Destinations__";

    [Function(nameof(RouteEvents1))]
    public Task RouteEvents1([ServiceBusTrigger(Topic, To + "1%", Connection = Connection)] ServiceBusReceivedMessage message, CancellationToken cancellationToken) => pushed.HandleAsync(1, message, cancellationToken);

    [Function(nameof(RouteEvents2))]
    public Task RouteEvents2([ServiceBusTrigger(Topic, To + "2%", Connection = Connection)] ServiceBusReceivedMessage message, CancellationToken cancellationToken) => pushed.HandleAsync(2, message, cancellationToken);

    [Function(nameof(RouteEvents3))]
    public Task RouteEvents3([ServiceBusTrigger(Topic, To + "3%", Connection = Connection)] ServiceBusReceivedMessage message, CancellationToken cancellationToken) => pushed.HandleAsync(3, message, cancellationToken);

    [Function(nameof(RouteEvents4))]
    public Task RouteEvents4([ServiceBusTrigger(Topic, To + "4%", Connection = Connection)] ServiceBusReceivedMessage message, CancellationToken cancellationToken) => pushed.HandleAsync(4, message, cancellationToken);

    [Function(nameof(RouteEvents5))]
    public Task RouteEvents5([ServiceBusTrigger(Topic, To + "5%", Connection = Connection)] ServiceBusReceivedMessage message, CancellationToken cancellationToken) => pushed.HandleAsync(5, message, cancellationToken);

    [Function(nameof(RouteEvents6))]
    public Task RouteEvents6([ServiceBusTrigger(Topic, To + "6%", Connection = Connection)] ServiceBusReceivedMessage message, CancellationToken cancellationToken) => pushed.HandleAsync(6, message, cancellationToken);
}
