using ValueChainHub.Core.Messaging;

namespace ValueChainHub.EndToEnd.Tests.Support;

/// <summary>A bus that can be taken away, in the ways a broker goes.</summary>
internal sealed class BrokenBus(IChainBus inner) : IChainBus
{
    public enum Fault
    {
        None,

        /// <summary>Nobody is there.</summary>
        Away,

        /// <summary>It takes a part and breaks off.</summary>
        TakesAPart,

        /// <summary>It takes all, and its answer is lost.</summary>
        AnswersNothing,
    }

    private int _refused;

    public Fault Now { get; set; }

    /// <summary>How many publications it did not answer.</summary>
    public int Refused => _refused;

    public async ValueTask PublishAsync(IReadOnlyList<BusMessage> messages, CancellationToken cancellationToken)
    {
        var taken = Now switch { Fault.Away => [], Fault.TakesAPart => [.. messages.Take(messages.Count / 2)], _ => messages };
        if (taken.Count > 0)
            await inner.PublishAsync(taken, cancellationToken);
        if (Now == Fault.None)
            return;
        Interlocked.Increment(ref _refused);
        throw new BusUnavailableException("The broker is away.");
    }

    public ValueTask SubscribeAsync(string subscription, CancellationToken cancellationToken) => inner.SubscribeAsync(subscription, cancellationToken);

    public ValueTask<IReadOnlyList<ReceivedMessage>> ReceiveAsync(string subscription, int limit, TimeSpan patience, CancellationToken cancellationToken) =>
        inner.ReceiveAsync(subscription, limit, patience, cancellationToken);

    public ValueTask CompleteAsync(ReceivedMessage message, CancellationToken cancellationToken) => inner.CompleteAsync(message, cancellationToken);

    public ValueTask DeferAsync(ReceivedMessage message, DateTimeOffset due, CancellationToken cancellationToken) => inner.DeferAsync(message, due, cancellationToken);

    public ValueTask DeadLetterAsync(ReceivedMessage message, string reason, CancellationToken cancellationToken) => inner.DeadLetterAsync(message, reason, cancellationToken);

    public ValueTask<IReadOnlyList<DeadLetter>> ReadDeadLettersAsync(string subscription, int limit, CancellationToken cancellationToken) =>
        inner.ReadDeadLettersAsync(subscription, limit, cancellationToken);

    public ValueTask<bool> ResubmitAsync(string subscription, string messageId, CancellationToken cancellationToken) => inner.ResubmitAsync(subscription, messageId, cancellationToken);
}
