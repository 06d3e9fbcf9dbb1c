using System.Globalization;
using Azure.Core.Amqp;
using Azure.Messaging.ServiceBus;
using ValueChainHub.Core.Messaging;

namespace ValueChainHub.Infrastructure.ServiceBus;

public sealed partial class ServiceBusChainBus
{
    /// <summary>The SDK takes no longer reason.</summary>
    private const int LongestReason = 4096;

    public ValueTask CompleteAsync(ReceivedMessage message, CancellationToken cancellationToken) =>
        SettleAsync(message, (receiver, held) => receiver.CompleteMessageAsync(held, cancellationToken), cancellationToken);

    /// <remarks>
    /// The lock is renewed first: who has lost it must not send a copy of what somebody else is handling, or has handled. A crash between the copy and the completion brings
    /// the message twice, which the port allows.
    /// </remarks>
    public ValueTask DeferAsync(ReceivedMessage message, DateTimeOffset due, CancellationToken cancellationToken) =>
        SettleAsync(
            message,
            async (receiver, held) =>
            {
                await receiver.RenewMessageLockAsync(held, cancellationToken);
                await SendAgainAsync(message, due, cancellationToken);
                await receiver.CompleteMessageAsync(held, cancellationToken);
            },
            cancellationToken);

    public ValueTask DeadLetterAsync(ReceivedMessage message, string reason, CancellationToken cancellationToken) =>
        SettleAsync(
            message,
            (receiver, held) => receiver.DeadLetterMessageAsync(
                held, ServiceBusWire.Epitaph(message, _time.GetUtcNow()), reason.Length <= LongestReason ? reason : reason[..LongestReason], cancellationToken: cancellationToken),
            cancellationToken);

    private async Task SendAgainAsync(ReceivedMessage message, DateTimeOffset due, CancellationToken cancellationToken)
    {
        var turn = message.DeliveryCount.ToString(CultureInfo.InvariantCulture);
        var again = ServiceBusWire.Repetition(message.Message, message.Subscription, turn, message.DeliveryCount);
        again.ScheduledEnqueueTime = due;
        await _sender.SendMessageAsync(again, cancellationToken);
    }

    private ValueTask SettleAsync(ReceivedMessage message, Func<ServiceBusReceiver, ServiceBusReceivedMessage, Task> settle, CancellationToken cancellationToken) =>
        TellAsync(
            async () =>
            {
                try
                {
                    await settle(Receiver(message.Subscription), Held(message.Lock));
                }
                catch (ServiceBusException fault) when (ServiceBusFault.IsLostLock(fault))
                {
                    // It comes again, or is settled already: both are allowed (case 9).
                }
            },
            cancellationToken);

    /// <summary>The broker settles by the lock token; the message around it may be empty.</summary>
    private static ServiceBusReceivedMessage Held(string lockToken) => ServiceBusReceivedMessage.FromAmqpMessage(
        new AmqpAnnotatedMessage(AmqpMessageBody.FromData([ReadOnlyMemory<byte>.Empty])),
        BinaryData.FromBytes(Guid.Parse(lockToken, CultureInfo.InvariantCulture).ToByteArray()));
}
