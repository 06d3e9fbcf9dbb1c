using ValueChainHub.Core.Messaging;
using ValueChainHub.Core.Storage;
using ValueChainHub.Hosting;

namespace ValueChainHub.Heads.Tests.Support;

/// <summary>A store that holds nothing, and that can be switched off: for tests of the heads that are not about data.</summary>
internal sealed class QuietStore : IHubStore, IChainBus
{
    public bool IsOff { get; set; }

    public HubStorage AsStorage() => new(this, this);

    public ValueTask<StoredItem?> ReadAsync(string container, string partition, string id, CancellationToken cancellationToken) => Answer<StoredItem?>(null);

    public ValueTask<IReadOnlyList<StoredItem>> ReadRangeAsync(string container, string partition, IdRange range, int limit, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<StoredItem>>([]);

    public ValueTask<CommitResult> CommitAsync(string container, string partition, IReadOnlyList<WriteOperation> operations, CancellationToken cancellationToken) =>
        Answer<CommitResult>(new CommitResult.Committed([.. operations.Select(_ => "1")]));

    public ValueTask<FeedPage> ReadFeedAsync(string container, FeedPosition from, int limit, string? idPrefix, CancellationToken cancellationToken) =>
        Answer(new FeedPage([], FeedPosition.FromContinuation("0"), More: false));

    public async ValueTask WaitForChangesAsync(string container, FeedPosition from, TimeSpan patience, CancellationToken cancellationToken) =>
        await Task.Delay(patience, cancellationToken);

    public ValueTask PublishAsync(IReadOnlyList<BusMessage> messages, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask SubscribeAsync(string subscription, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public async ValueTask<IReadOnlyList<ReceivedMessage>> ReceiveAsync(string subscription, int limit, TimeSpan patience, CancellationToken cancellationToken)
    {
        await Task.Delay(patience, cancellationToken);
        return [];
    }

    public ValueTask CompleteAsync(ReceivedMessage message, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DeferAsync(ReceivedMessage message, DateTimeOffset due, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DeadLetterAsync(ReceivedMessage message, string reason, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<IReadOnlyList<DeadLetter>> ReadDeadLettersAsync(string subscription, int limit, CancellationToken cancellationToken) => Answer<IReadOnlyList<DeadLetter>>([]);

    public ValueTask<bool> ResubmitAsync(string subscription, string messageId, CancellationToken cancellationToken) => Answer(false);

    private ValueTask<T> Answer<T>(T value) =>
        IsOff ? throw new StoreUnavailableException("off", outcomeUnknown: false) { RetryAfter = TimeSpan.FromSeconds(7) } : ValueTask.FromResult(value);
}
