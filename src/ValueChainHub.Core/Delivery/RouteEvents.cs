using System.Collections.Concurrent;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Messaging;

namespace ValueChainHub.Core.Delivery;

/// <summary>Takes each destination's events from the bus and puts what they mean for it into its line. Calls nobody, so no destination's trouble is seen here.</summary>
/// <remarks>
/// Events are pulled (<see cref="RunAsync"/>) or pushed by a platform (<see cref="HandleAsync"/>), or both at once. What is put into the line is the same however often a message comes, so losing,
/// doubling or delaying its settlement changes nothing. An event that cannot be read waits for a person among the destination's dead letters; it holds up none behind it.
/// </remarks>
public sealed class RouteEvents(IChainBus bus, ConnectorCatalog connectors, Routes routes, DeliveryQueue queue, TimeProvider time)
{
    private const int BatchSize = 100;

    private readonly ConcurrentDictionary<string, bool> _subscribed = new(StringComparer.Ordinal);

    /// <summary>Pulls and routes one batch for each destination. False when there was nothing to do. A subscription that does not answer keeps no other waiting, and is thrown at the end.</summary>
    /// <exception cref="BusUnavailableException">The bus, or one of the subscriptions, does not answer.</exception>
    /// <exception cref="Storage.StoreUnavailableException">What was received comes again.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var (inForce, found, silent) = (await routes.ReadAsync(cancellationToken), false, default(BusUnavailableException));
        foreach (var destination in connectors.Destinations)
        {
            try
            {
                found |= await PullAsync(destination.Name, inForce, cancellationToken);
            }
            catch (BusUnavailableException fault)
            {
                silent ??= fault;
            }
        }
        return silent is null ? found : throw new BusUnavailableException(silent.Message, silent);
    }

    /// <summary>Routes one event that was pushed for one destination. Done, or parked, when it returns: the message may be completed. Of a connector that is not written to there is nothing to tell.</summary>
    /// <exception cref="Storage.StoreUnavailableException">Nothing is known of it: the message must come again.</exception>
    public async ValueTask HandleAsync(string destination, BusMessage message, CancellationToken cancellationToken)
    {
        if (connectors.IsDestination(destination))
            await RouteAsync(destination, await routes.ReadAsync(cancellationToken), message, cancellationToken);
    }

    /// <summary>The subscription of a destination.</summary>
    public static string SubscriptionOf(string destination) => SubscriptionPrefix + destination;

    /// <summary>What the names of subscriptions begin with; the destination's follows.</summary>
    public const string SubscriptionPrefix = "deliver-";

    private async ValueTask<bool> PullAsync(string destination, IReadOnlyList<Route> inForce, CancellationToken cancellationToken)
    {
        var subscription = SubscriptionOf(destination);
        if (!_subscribed.ContainsKey(subscription))
        {
            await bus.SubscribeAsync(subscription, cancellationToken);
            _subscribed[subscription] = true;
        }
        var messages = await bus.ReceiveAsync(subscription, BatchSize, TimeSpan.Zero, cancellationToken);
        foreach (var message in messages)
        {
            await RouteAsync(destination, inForce, message.Message, cancellationToken);
            await bus.CompleteAsync(message, cancellationToken);
        }
        return messages.Count > 0;
    }

    private async ValueTask RouteAsync(string destination, IReadOnlyList<Route> inForce, BusMessage message, CancellationToken cancellationToken)
    {
        var read = RoutedEvent.Of(message);
        var (pushes, fault) = RoutedPush.Of(destination, Routes.To(destination, inForce), read, time.GetUtcNow());
        if (fault is not null)
            await queue.ParkAsync(destination, read, fault, cancellationToken);
        foreach (var push in pushes)
            await queue.PushAsync(destination, push, cancellationToken);
    }
}
