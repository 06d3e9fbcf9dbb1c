using ValueChainHub.Core.Messaging;

namespace ValueChainHub.Core.Tests.Delivery;

/// <summary>A bus in memory that may forget that a message was completed: correctness never depends on settlement.</summary>
internal sealed class MemoryChainBus(Func<bool>? forgets = null) : IChainBus
{
    private readonly Dictionary<string, List<BusMessage>> _waiting = new(StringComparer.Ordinal);
    private readonly HashSet<string> _published = new(StringComparer.Ordinal);

    /// <summary>A subscription that does not answer.</summary>
    public string? Silent { get; set; }

    /// <summary>What waits in a subscription.</summary>
    public IReadOnlyList<BusMessage> Waiting(string subscription) => [.. _waiting[subscription]];

    public ValueTask PublishAsync(IReadOnlyList<BusMessage> messages, CancellationToken cancellationToken)
    {
        foreach (var message in messages.Where(message => _published.Add(message.Id)))
        {
            foreach (var subscription in _waiting.Values)
                subscription.Add(message);
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask SubscribeAsync(string subscription, CancellationToken cancellationToken)
    {
        _waiting.TryAdd(subscription, []);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<ReceivedMessage>> ReceiveAsync(string subscription, int limit, TimeSpan patience, CancellationToken cancellationToken) =>
        subscription == Silent
            ? throw new BusUnavailableException($"{subscription} does not answer.")
            : ValueTask.FromResult<IReadOnlyList<ReceivedMessage>>([.. _waiting[subscription].Take(limit).Select(message => new ReceivedMessage(message, subscription, message.Id, 1))]);

    public ValueTask CompleteAsync(ReceivedMessage message, CancellationToken cancellationToken)
    {
        if (forgets?.Invoke() != true)
            _waiting[message.Subscription].Remove(message.Message);
        return ValueTask.CompletedTask;
    }

    public ValueTask DeferAsync(ReceivedMessage message, DateTimeOffset due, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DeadLetterAsync(ReceivedMessage message, string reason, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<DeadLetter>> ReadDeadLettersAsync(string subscription, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<bool> ResubmitAsync(string subscription, string messageId, CancellationToken cancellationToken) => throw new NotSupportedException();
}
