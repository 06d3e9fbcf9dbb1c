using ValueChainHub.Core.Messaging;

namespace ValueChainHub.Infrastructure.ServiceBus;

public sealed partial class ServiceBusChainBus
{
    /// <summary>The SDK takes no shorter wait, and a broker asked for nothing but an instant would answer nothing although messages are there.</summary>
    private static readonly TimeSpan ShortestPatience = TimeSpan.FromSeconds(1);

    /// <remarks>Answers as soon as there is a message, so it may answer fewer than are due. No patience means one second.</remarks>
    public ValueTask<IReadOnlyList<ReceivedMessage>> ReceiveAsync(string subscription, int limit, TimeSpan patience, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return AskAsync<IReadOnlyList<ReceivedMessage>>(
            async () =>
            {
                var wait = patience > ShortestPatience ? patience : ShortestPatience;
                var received = await Receiver(subscription).ReceiveMessagesAsync(limit, wait, cancellationToken);
                return [.. received.Select(message => ServiceBusWire.Received(message, subscription))];
            },
            cancellationToken);
    }
}
