using Azure.Messaging.ServiceBus;
using ValueChainHub.Core.Messaging;

namespace ValueChainHub.Infrastructure.ServiceBus;

public sealed partial class ServiceBusChainBus
{
    /// <remarks>
    /// In batches as large as the broker takes, one after the other: when one fails the later ones are not sent, and the caller sends all of them again; what the
    /// broker had taken it drops by its id. So an outage changes neither the set of messages nor the order within a partition key.
    /// </remarks>
    public ValueTask PublishAsync(IReadOnlyList<BusMessage> messages, CancellationToken cancellationToken) =>
        TellAsync(() => SendAsync(messages, cancellationToken), cancellationToken);

    private async Task SendAsync(IReadOnlyList<BusMessage> messages, CancellationToken cancellationToken)
    {
        var sent = 0;
        do
        {
            // Making one opens the link, which tells how large it may be.
            using var batch = await _sender.CreateMessageBatchAsync(cancellationToken);
            var end = Fill(batch, messages, sent);
            if (end > sent)
                await _sender.SendMessagesAsync(batch, cancellationToken);
            sent = end;
        }
        while (sent < messages.Count);
    }

    /// <summary>Adds messages until the batch is full; answers the index of the first that is not in it.</summary>
    private static int Fill(ServiceBusMessageBatch batch, IReadOnlyList<BusMessage> messages, int start)
    {
        var next = start;
        while (next < messages.Count && batch.TryAddMessage(ServiceBusWire.Publication(messages[next])))
            next++;
        // A message that an empty batch does not take would hold up all that come after it, for ever. The event itself is in the store.
        if (next == start && next < messages.Count && !batch.TryAddMessage(ServiceBusWire.WithoutData(messages[next++])))
            throw new InvalidOperationException("The attributes of an event alone are larger than the broker takes.");
        return next;
    }
}
