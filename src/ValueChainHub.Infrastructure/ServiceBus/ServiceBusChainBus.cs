using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using ValueChainHub.Core.Messaging;

namespace ValueChainHub.Infrastructure.ServiceBus;

/// <summary>The messaging port over a Service Bus topic.</summary>
/// <remarks>
/// The broker has no delayed redelivery of a message in hand: deferring sends a copy to come at its time, addressed to the one subscription, and completes the
/// original. Its id is derived, so the same deferral twice is one copy. Settlement needs the lock token alone; the adapter keeps nothing in memory that a crash could lose.
/// </remarks>
public sealed partial class ServiceBusChainBus : IChainBus, IAsyncDisposable
{
    private readonly ServiceBusClient _client;
    private readonly ServiceBusAdministrationClient? _administration;
    private readonly ServiceBusHubOptions _options;
    private readonly TimeProvider _time;
    private readonly ServiceBusSender _sender;
    private readonly ConcurrentDictionary<(string Subscription, SubQueue Queue), ServiceBusReceiver> _receivers = [];

    /// <summary>A bus over the SDK's clients, which it owns.</summary>
    /// <param name="client">Sends and receives.</param>
    /// <param name="administration">Makes what is missing; null where that is the infrastructure's, and the hub has no right to.</param>
    /// <param name="options">Names.</param>
    /// <param name="time">Tells when a message was given up.</param>
    public ServiceBusChainBus(ServiceBusClient client, ServiceBusAdministrationClient? administration, ServiceBusHubOptions options, TimeProvider time)
    {
        (_client, _administration, _options, _time) = (client, administration, options, time);
        _sender = client.CreateSender(options.Topic);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var receiver in _receivers.Values)
            await receiver.DisposeAsync();
        await _sender.DisposeAsync();
        await _client.DisposeAsync();
    }

    private ServiceBusReceiver Receiver(string subscription, SubQueue queue = SubQueue.None)
    {
        ArgumentException.ThrowIfNullOrEmpty(subscription);
        return _receivers.GetOrAdd((subscription, queue), key => _client.CreateReceiver(_options.Topic, key.Subscription, new ServiceBusReceiverOptions { SubQueue = key.Queue }));
    }

    /// <summary>Says faults of the bus in the words of the port.</summary>
    private static async ValueTask<TAnswer> AskAsync<TAnswer>(Func<Task<TAnswer>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (Exception fault) when (ServiceBusFault.IsOfTheBus(fault, cancellationToken))
        {
            throw ServiceBusFault.Unavailable(fault);
        }
    }

    private static async ValueTask TellAsync(Func<Task> tell, CancellationToken cancellationToken) =>
        await AskAsync(
            async () =>
            {
                await tell();
                return true;
            },
            cancellationToken);
}
