namespace ValueChainHub.Core.Messaging;

/// <summary>The messaging port: one topic of chain events, a subscription for each destination.</summary>
/// <remarks>
/// Shaped like a Service Bus topic. The numbered cases are the contract; each has a test of the same number in <c>ChainBusContract</c>.
/// 1. A published message reaches every subscription that existed when it was published.
/// 2. A message arrives as it was sent: id, partition key, type, body and properties.
/// 3. A message id published again within the duplicate window (at least ten minutes) is accepted and not delivered again.
/// 4. First deliveries of one partition key come in the order of publishing.
/// 5. A received message is hidden from other receivers of the subscription until its lock ends; then it comes again with a higher delivery count.
/// 6. A completed message does not come again on this subscription; the others are not touched.
/// 7. A deferred message comes again at its time or later, with the same id and a higher delivery count; messages of other keys do not wait for it.
/// 8. A dead-lettered message does not come again; it is listed with its reason and can be resubmitted.
/// 9. Completing, deferring or dead-lettering twice, or after the lock has ended, is not an error.
/// 10. Publishing is durable when it has answered: the messages are there after the process was killed.
/// 11. A publication of many messages is accepted whole; what fails throws <see cref="BusUnavailableException"/> and may be repeated as it is (case 3).
/// 12. Receiving waits at most the given patience and then answers an empty list.
/// 13. A new subscription receives what is published from then on.
/// </remarks>
public interface IChainBus
{
    /// <summary>Publishes messages, in order (cases 1 to 4, 10, 11). None at all opens the way to the bus and no more.</summary>
    ValueTask PublishAsync(IReadOnlyList<BusMessage> messages, CancellationToken cancellationToken);

    /// <summary>Makes a subscription if it is not there yet (case 13).</summary>
    ValueTask SubscribeAsync(string subscription, CancellationToken cancellationToken);

    /// <summary>Takes up to <paramref name="limit"/> due messages (cases 4 to 7, 12).</summary>
    ValueTask<IReadOnlyList<ReceivedMessage>> ReceiveAsync(string subscription, int limit, TimeSpan patience, CancellationToken cancellationToken);

    /// <summary>The message is done (case 6).</summary>
    ValueTask CompleteAsync(ReceivedMessage message, CancellationToken cancellationToken);

    /// <summary>The message shall come again at <paramref name="due"/> (case 7).</summary>
    ValueTask DeferAsync(ReceivedMessage message, DateTimeOffset due, CancellationToken cancellationToken);

    /// <summary>The message cannot be handled (case 8).</summary>
    ValueTask DeadLetterAsync(ReceivedMessage message, string reason, CancellationToken cancellationToken);

    /// <summary>Dead letters of a subscription, oldest first (case 8).</summary>
    ValueTask<IReadOnlyList<DeadLetter>> ReadDeadLettersAsync(string subscription, int limit, CancellationToken cancellationToken);

    /// <summary>Puts a dead letter back at the end of its subscription; false if there is none with this id (case 8).</summary>
    ValueTask<bool> ResubmitAsync(string subscription, string messageId, CancellationToken cancellationToken);
}

/// <summary>A message to publish: a CloudEvent in binary mode.</summary>
/// <param name="Id">The event's id; the same id is the same message (case 3).</param>
/// <param name="PartitionKey">Within it the order is kept (case 4).</param>
/// <param name="Type">The event's type, to choose by.</param>
/// <param name="Body">The event's data: UTF-8 JSON.</param>
/// <param name="Properties">The event's attributes, by their names.</param>
public sealed record BusMessage(string Id, string PartitionKey, string Type, ReadOnlyMemory<byte> Body, IReadOnlyDictionary<string, string> Properties);

/// <summary>A message in a receiver's hand. <paramref name="DeliveryCount"/> starts at 1.</summary>
public sealed record ReceivedMessage(BusMessage Message, string Subscription, string Lock, int DeliveryCount);

/// <summary>A message that was given up, and why.</summary>
public sealed record DeadLetter(BusMessage Message, string Reason, int DeliveryCount, DateTimeOffset At);

/// <summary>The bus cannot take or give messages now; publishing the same messages again is safe.</summary>
public sealed class BusUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
