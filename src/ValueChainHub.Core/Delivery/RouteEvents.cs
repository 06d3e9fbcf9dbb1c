using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Messaging;
using ValueChainHub.Core.Replay;

namespace ValueChainHub.Core.Delivery;

/// <summary>Takes each destination's events off the bus and puts what they mean for it into its line. Calls nobody, so no destination's trouble is seen here.</summary>
/// <remarks>What is pushed is the same however often a message comes, so losing, doubling or delaying its settlement changes nothing.</remarks>
public sealed class RouteEvents(IChainBus bus, ConnectorCatalog connectors, Routes routes, DeliveryQueue queue, TimeProvider time)
{
    private const int BatchSize = 100;

    /// <summary>What changes of a customer within this time is one delivery.</summary>
    public static TimeSpan Coalescing { get; } = TimeSpan.FromSeconds(1);

    /// <summary>A replay tells what it changed when it has folded everything; only if it was stopped before, this is told without it.</summary>
    public static TimeSpan TimeForAReplay { get; } = TimeSpan.FromHours(1);

    private readonly HashSet<string> _subscribed = new(StringComparer.Ordinal);

    /// <summary>Routes one batch for each destination. False when there was nothing to do.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var (inForce, found) = (await routes.ReadAsync(cancellationToken), false);
        foreach (var destination in connectors.Destinations)
            found |= await RouteAsync(destination, [.. inForce.Where(route => route.Destination == destination.Name && route.Enabled)], cancellationToken);
        return found;
    }

    /// <summary>The subscription of a destination.</summary>
    public static string SubscriptionOf(string destination) => "deliver-" + destination;

    private async ValueTask<bool> RouteAsync(IDestination destination, IReadOnlyList<Route> its, CancellationToken cancellationToken)
    {
        var subscription = SubscriptionOf(destination.Name);
        if (!_subscribed.Contains(subscription))
        {
            await bus.SubscribeAsync(subscription, cancellationToken);
            _subscribed.Add(subscription);
        }
        var messages = await bus.ReceiveAsync(subscription, BatchSize, TimeSpan.Zero, cancellationToken);
        foreach (var message in messages)
        {
            await RouteAsync(destination, its, RoutedEvent.Of(message.Message), cancellationToken);
            await bus.CompleteAsync(message, cancellationToken);
        }
        return messages.Count > 0;
    }

    /// <summary>What one event means for one destination.</summary>
    private async ValueTask RouteAsync(IDestination destination, IReadOnlyList<Route> its, RoutedEvent read, CancellationToken cancellationToken)
    {
        // What repeats our own write is never answered with a write; what is nobody's goes nowhere.
        if (read.IsEcho || read.CustomerId is not { } customer)
            return;
        var set = its.Where(route => route.Types.Contains(read.Type, StringComparer.Ordinal)).ToList();
        if (set.Exists(route => route.Kind is RouteKinds.Customers or RouteKinds.Consent or RouteKinds.Tags))
            await queue.PushAsync(destination.Name, DeliveryKinds.Customer, customer, time.GetUtcNow() + (read.Origin == ReplayWords.Origin ? TimeForAReplay : Coalescing), null, cancellationToken);
        foreach (var route in set.Where(route => read.Connector != destination.Name && read.IsNews(route, time.GetUtcNow())))
            await AppendAsync(destination, route, read, cancellationToken);
    }

    private async ValueTask AppendAsync(IDestination destination, Route route, RoutedEvent read, CancellationToken cancellationToken)
    {
        if (route.Kind == RouteKinds.Events)
            await queue.PushAsync(destination.Name, DeliveryKinds.Event, read.Id, time.GetUtcNow(), read, cancellationToken);
        foreach (var task in route.Kind == RouteKinds.Tasks ? ParcelTasks.Of(read) : [])
            await queue.PushAsync(destination.Name, DeliveryKinds.Task, task.Key, task.NotBefore ?? time.GetUtcNow(), read, cancellationToken);
    }
}
