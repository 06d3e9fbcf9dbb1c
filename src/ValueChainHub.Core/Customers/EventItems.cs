using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>Events as items of a partition: appended once, whatever the number of deliveries.</summary>
internal static class EventItems
{
    private static readonly ReadOnlyMemory<byte> Marker = "{}"u8.ToArray();

    /// <summary>Adds the operations that append an event and fail if it is there. Without a vendor's time it is listed by its receipt, and a marker keeps it single.</summary>
    public static string Append(List<WriteOperation> operations, ChainEventDraft draft, CloudEvent.Envelope envelope)
    {
        var itemId = ItemIds.Event(draft.Time ?? envelope.ReceivedAt, envelope.Id);
        if (draft.Time is null)
            operations.Add(new WriteOperation.Create(ItemIds.EventMarker(envelope.Id), Marker));
        operations.Add(new WriteOperation.Create(itemId, CloudEvent.Write(draft, envelope)));
        return itemId;
    }

    public static async ValueTask<bool> ExistsAsync(IHubStore store, string partition, ChainEventDraft draft, string eventId, CancellationToken cancellationToken)
    {
        var id = draft.Time is { } time ? ItemIds.Event(time, eventId) : ItemIds.EventMarker(eventId);
        return await store.ReadAsync(HubContainers.Profiles, partition, id, cancellationToken) is not null;
    }
}
