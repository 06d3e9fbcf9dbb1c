using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Messaging;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Chain;

/// <summary>The outbox: every event that a fold committed goes to the bus, in the order of its partition, at least once under one message id.</summary>
/// <remarks>
/// The position moves only after the bus has taken the page, so an outage of the bus loses nothing: the events stay where they were committed, and the
/// next run sends the same page again from its start. What the bus had taken of it is dropped by its id, so the order within a partition stays.
/// </remarks>
public sealed class PublishEvents(IHubStore store, IChainBus bus, TimeProvider time)
{
    private const string Partition = "outbox";
    private const string Cursor = "cursor";
    private const int BatchSize = 512;
    private long _published;

    /// <summary>Messages that this process handed to the bus.</summary>
    public long Published => Interlocked.Read(ref _published);

    /// <summary>Publishes one batch. False when there was nothing to do. A crash publishes it again, which the bus drops.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var cursor = await store.ReadAsync(HubContainers.Ledger, Partition, Cursor, cancellationToken);
        var outbox = Read(cursor);
        var page = await store.ReadFeedAsync(HubContainers.Profiles, PositionOf(outbox), BatchSize, ItemIds.EventPrefix, cancellationToken);
        HubTelemetry.OutboxAge.Record(page.Changes is [var oldest, ..] ? (time.GetUtcNow() - CloudEvent.ReceivedAt(oldest.Item.Body)).TotalSeconds : 0);
        if (page.Next.Continuation == outbox.Continuation)
            return false;
        if (page.Changes.Count > 0)
            await PublishAsync([.. page.Changes.Select(MessageOf)], cancellationToken);
        var next = JsonSerializer.SerializeToUtf8Bytes(new OutboxDocument(page.Next.Continuation, outbox.Published + page.Changes.Count), OutboxContext.Default.OutboxDocument);
        WriteOperation write = cursor is null ? new WriteOperation.Create(Cursor, next) : new WriteOperation.Replace(Cursor, next, cursor.ETag);
        await store.CommitAsync(HubContainers.Ledger, Partition, [write], cancellationToken);
        Interlocked.Add(ref _published, page.Changes.Count);
        HubTelemetry.Published.Add(page.Changes.Count);
        return page.Changes.Count > 0 || page.More;
    }

    /// <summary>Where the outbox stands when the first event that it has not published was emitted so long ago; null when it keeps up.</summary>
    public async ValueTask<string?> LateAtAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var position = PositionOf(Read(await store.ReadAsync(HubContainers.Ledger, Partition, Cursor, cancellationToken)));
        var page = await store.ReadFeedAsync(HubContainers.Profiles, position, 1, ItemIds.EventPrefix, cancellationToken);
        var isLate = page.Changes is [var oldest, ..] && time.GetUtcNow() - CloudEvent.ReceivedAt(oldest.Item.Body) >= patience;
        return isLate ? position.Continuation ?? "" : null;
    }

    /// <summary>Waits until there may be events to publish.</summary>
    public async Task WaitAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var outbox = Read(await store.ReadAsync(HubContainers.Ledger, Partition, Cursor, cancellationToken));
        await store.WaitForChangesAsync(HubContainers.Profiles, PositionOf(outbox), patience, cancellationToken);
    }

    /// <summary>Events committed and not yet published, counted from the feed up to a bound.</summary>
    public async ValueTask<int> PendingAsync(CancellationToken cancellationToken)
    {
        const int bound = 1_000_000;
        var position = PositionOf(Read(await store.ReadAsync(HubContainers.Ledger, Partition, Cursor, cancellationToken)));
        var pending = 0;
        while (pending < bound)
        {
            var page = await store.ReadFeedAsync(HubContainers.Profiles, position, 2_000, ItemIds.EventPrefix, cancellationToken);
            pending += page.Changes.Count;
            position = page.Next;
            if (!page.More)
                break;
        }
        return pending;
    }

    /// <summary>One call to the bus; each event's span stands under the trace of its delivery.</summary>
    private async Task PublishAsync(IReadOnlyList<BusMessage> messages, CancellationToken cancellationToken)
    {
        var spans = HubTelemetry.Activities.HasListeners()
            ? messages.Select(message => HubTelemetry.StartUnder("publish event", ActivityKind.Producer, message.Properties.GetValueOrDefault("traceparent"))).ToList()
            : [];
        try
        {
            await bus.PublishAsync(messages, cancellationToken);
        }
        finally
        {
            for (var i = spans.Count - 1; i >= 0; i--)
                spans[i]?.Dispose();
        }
    }

    private static OutboxDocument Read(StoredItem? cursor) =>
        cursor is null ? new OutboxDocument(null, 0) : JsonSerializer.Deserialize(cursor.Body.Span, OutboxContext.Default.OutboxDocument)!;

    private static FeedPosition PositionOf(OutboxDocument outbox) =>
        outbox.Continuation is { } continuation ? FeedPosition.FromContinuation(continuation) : FeedPosition.Beginning;

    /// <summary>Binary mode: the attributes are properties and the body is the data alone. The partition key is the event's profile, or its entity's own partition; both are the partition it was born in or belongs to.</summary>
    private static BusMessage MessageOf(FeedChange change)
    {
        var head = CloudEvent.ReadHead(EventItems.EventOf(change.Item.Body));
        return new BusMessage(head.Id, head.Profile ?? change.Item.Partition, head.Type, head.Data, head.Attributes);
    }
}

internal sealed record OutboxDocument(string? Continuation, long Published);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OutboxDocument))]
internal sealed partial class OutboxContext : JsonSerializerContext;
