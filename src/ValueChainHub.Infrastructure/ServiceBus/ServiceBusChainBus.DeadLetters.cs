using System.Globalization;
using Azure.Messaging.ServiceBus;
using ValueChainHub.Core.Messaging;

namespace ValueChainHub.Infrastructure.ServiceBus;

public sealed partial class ServiceBusChainBus
{
    private const int Page = 100;

    public ValueTask<IReadOnlyList<DeadLetter>> ReadDeadLettersAsync(string subscription, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return AskAsync<IReadOnlyList<DeadLetter>>(
            async () =>
            {
                var letters = new List<DeadLetter>();
                await foreach (var message in PeekDeadAsync(subscription, cancellationToken))
                {
                    letters.Add(ServiceBusWire.Dead(message));
                    if (letters.Count == limit)
                        break;
                }
                return letters;
            },
            cancellationToken);
    }

    /// <remarks>It comes as if new: its deliveries are counted afresh. The copy's id is derived, so a crash before the dead letter is gone doubles nothing.</remarks>
    public ValueTask<bool> ResubmitAsync(string subscription, string messageId, CancellationToken cancellationToken) =>
        AskAsync(
            async () =>
            {
                await foreach (var message in PeekDeadAsync(subscription, cancellationToken))
                {
                    if (ServiceBusWire.IdOf(message) == messageId)
                        return await ResubmitAsync(Receiver(subscription, SubQueue.DeadLetter), subscription, messageId, cancellationToken);
                }
                return false;
            },
            cancellationToken);

    /// <summary>The broker gives dead letters in their order only: those before the one that is looked for are taken too, and let go at the end.</summary>
    private async Task<bool> ResubmitAsync(ServiceBusReceiver dead, string subscription, string messageId, CancellationToken cancellationToken)
    {
        var others = new List<ServiceBusReceivedMessage>();
        try
        {
            while (await dead.ReceiveMessagesAsync(Page, ShortestPatience, cancellationToken) is { Count: > 0 } page)
            {
                var found = page.FirstOrDefault(message => ServiceBusWire.IdOf(message) == messageId);
                others.AddRange(page.Where(message => message != found));
                if (found is null)
                    continue;
                var turn = "dead" + found.SequenceNumber.ToString(CultureInfo.InvariantCulture);
                await _sender.SendMessageAsync(ServiceBusWire.Repetition(ServiceBusWire.Received(found, subscription).Message, subscription, turn, deliveries: 0), cancellationToken);
                await dead.CompleteMessageAsync(found, cancellationToken);
                return true;
            }
            return false;
        }
        finally
        {
            foreach (var other in others)
                await LetGoAsync(dead, other);
        }
    }

    private static async Task LetGoAsync(ServiceBusReceiver dead, ServiceBusReceivedMessage message)
    {
        try
        {
            await dead.AbandonMessageAsync(message, cancellationToken: CancellationToken.None);
        }
        catch (ServiceBusException)
        {
            // Its lock ends by itself.
        }
    }

    /// <summary>Dead letters, oldest first, without taking them.</summary>
    private async IAsyncEnumerable<ServiceBusReceivedMessage> PeekDeadAsync(
        string subscription, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var dead = Receiver(subscription, SubQueue.DeadLetter);
        for (var from = 0L; await dead.PeekMessagesAsync(Page, from, cancellationToken) is { Count: > 0 } page; from = page[^1].SequenceNumber + 1)
        {
            foreach (var message in page)
                yield return message;
        }
    }
}
