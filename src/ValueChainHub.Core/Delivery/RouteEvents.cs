using System.Globalization;
using System.Text;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Messaging;

namespace ValueChainHub.Core.Delivery;

/// <summary>Takes each destination's events off the bus and puts what they mean for it into its line. Calls nobody, so no destination's trouble is seen here.</summary>
/// <remarks>What is pushed is the same however often a message comes, so losing, doubling or delaying its settlement changes nothing.</remarks>
public sealed class RouteEvents(IChainBus bus, ConnectorCatalog connectors, Routes routes, DeliveryQueue queue, TimeProvider time)
{
    private const int BatchSize = 100;

    /// <summary>What changes of a customer within this time is one delivery.</summary>
    public static TimeSpan Coalescing { get; } = TimeSpan.FromSeconds(1);

    private readonly HashSet<string> _subscribed = new(StringComparer.Ordinal);

    /// <summary>Routes one batch for each destination. False when there was nothing to do.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var (inForce, found) = (await routes.ReadAsync(cancellationToken), false);
        foreach (var destination in connectors.All.OfType<IDestination>().Where(one => one.CanWrite))
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
            await RouteAsync(destination, its, message.Message, cancellationToken);
            await bus.CompleteAsync(message, cancellationToken);
        }
        return messages.Count > 0;
    }

    /// <summary>What one event means for one destination.</summary>
    internal async ValueTask RouteAsync(IDestination destination, IReadOnlyList<Route> its, BusMessage message, CancellationToken cancellationToken)
    {
        var routed = new RoutedEvent(message, time.GetUtcNow());
        // What repeats our own write is never answered with a write; what is nobody's goes nowhere.
        if (routed.IsEcho || routed.CustomerId is not { } customer)
            return;
        if (its.Any(route => route.Kind is RouteKinds.Customers or RouteKinds.Consent or RouteKinds.Tags && route.Types.Contains(message.Type, StringComparer.Ordinal)))
            await queue.PushAsync(destination.Name, DeliveryKinds.Customer, customer, time.GetUtcNow() + Coalescing, null, cancellationToken);
        foreach (var route in its.Where(route => route.Kind is RouteKinds.Events or RouteKinds.Tasks && route.Types.Contains(message.Type, StringComparer.Ordinal)))
        {
            if (routed.Connector != destination.Name && routed.IsNews(route))
                await AppendAsync(destination, route, message, cancellationToken);
        }
    }

    private async ValueTask AppendAsync(IDestination destination, Route route, BusMessage message, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetString(message.Body.Span);
        if (route.Kind == RouteKinds.Events)
            await queue.PushAsync(destination.Name, DeliveryKinds.Event, message.Id, time.GetUtcNow(), body, cancellationToken);
        foreach (var task in route.Kind == RouteKinds.Tasks ? ParcelTasks.Of(ChainEventReading.Read(body)) : [])
            await queue.PushAsync(destination.Name, DeliveryKinds.Task, task.Key, task.NotBefore ?? time.GetUtcNow(), body, cancellationToken);
    }

    /// <summary>What routing reads of an event.</summary>
    private readonly struct RoutedEvent(BusMessage message, DateTimeOffset now)
    {
        public bool IsEcho => message.Properties.ContainsKey(CloudEvent.EchoAttribute);

        public string? CustomerId => message.Properties.GetValueOrDefault("customerid") ?? message.Properties.GetValueOrDefault("profileid");

        public string? Connector => message.Properties.GetValueOrDefault("source")?.Split('/')[^1];

        /// <summary>Worth telling as having happened: live, or found by reconciliation while it is still young. A backfill and a replay only bring states up to date (SEMANTICS 6).</summary>
        public bool IsNews(Route route) => message.Properties.GetValueOrDefault("origin") switch
        {
            "live" => true,
            "reconciled" => TimeOf(message) is { } at && now - at < route.MaxAge,
            _ => false,
        };

        private static DateTimeOffset? TimeOf(BusMessage message) =>
            DateTimeOffset.TryParse(message.Properties.GetValueOrDefault("time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
    }
}
