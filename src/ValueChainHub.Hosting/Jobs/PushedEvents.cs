using Azure.Messaging.ServiceBus;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Messaging;
using ValueChainHub.Hosting.Settings;
using ValueChainHub.Infrastructure.ServiceBus;

namespace ValueChainHub.Hosting.Jobs;

/// <summary>Events that a platform pushes, one by one, to triggers that the settings give a destination each (<c>Hub__Destinations__1</c>, ...).</summary>
/// <remarks>
/// Whoever returns has done with the message: routed, or parked with its reason. What could not be done now throws, after a pause that grows with the deliveries: the platform lets the message go, it
/// comes again, and a store that is away for hours finds it again before the broker's patience ends (<c>ChainTopic.MaxDeliveryCount</c>).
/// </remarks>
public sealed class PushedEvents
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly RouteEvents _route;
    private readonly IReadOnlyDictionary<int, string> _destinations;
    private readonly HubJob _job;
    private readonly JobRunner _runner;
    private readonly TimeProvider _time;

    internal PushedEvents(RouteEvents route, HubSettings settings, HubJobs jobs, JobRunner runner, TimeProvider time) =>
        (_route, _destinations, _job, _runner, _time) = (route, settings.Pushed, jobs[HubJobs.RouteEvents], runner, time);

    /// <summary>Handles what the trigger of this number was given. A trigger without a destination has nothing to tell anybody.</summary>
    /// <exception cref="EventReturnedException">It could not be done now; why is logged, and shows in <c>/health/ready</c>.</exception>
    public async Task HandleAsync(int trigger, ServiceBusReceivedMessage pushed, CancellationToken cancellationToken)
    {
        if (!_destinations.TryGetValue(trigger, out var destination))
            return;
        var message = ServiceBusWire.Received(pushed, RouteEvents.SubscriptionOf(destination));
        if (await _runner.RunAsync(_job with { RunAsync = token => RouteAsync(destination, message.Message, token) }, cancellationToken) is not null)
            return;
        await Task.Delay(PauseAfter(message.DeliveryCount), _time, cancellationToken);
        throw new EventReturnedException();
    }

    /// <summary>Before a message is let go: 1 s after the first delivery, twice as long after each further one, a minute at most.</summary>
    public static TimeSpan PauseAfter(int deliveries) =>
        deliveries > 6 ? LongestPause : TimeSpan.FromSeconds(1 << (Math.Max(deliveries, 1) - 1));

    private async Task<bool> RouteAsync(string destination, BusMessage message, CancellationToken cancellationToken)
    {
        await _route.HandleAsync(destination, message, cancellationToken);
        return true;
    }
}

/// <summary>An event was not routed and must come again.</summary>
public sealed class EventReturnedException() : Exception("The event cannot be routed now; it goes back to its subscription.");
