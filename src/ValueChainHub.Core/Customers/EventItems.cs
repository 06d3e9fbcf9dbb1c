using System.Buffers;
using System.Text.Json;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>Events as items of a partition: appended once, whatever the number of deliveries.</summary>
/// <remarks>
/// The first event of an entity may hold the entity too, as long as nothing more is said of it: most orders are told once and then rest, and an item less is a write less (ADR 16).
/// Whoever reads events reads them through <see cref="EventOf"/>, which leaves that out.
/// </remarks>
internal static class EventItems
{
    private static readonly ReadOnlyMemory<byte> Marker = "{}"u8.ToArray();

    /// <summary>No attribute of a CloudEvent may begin like this.</summary>
    private static ReadOnlySpan<byte> EntityMember => "_entity"u8;

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

    /// <summary>The event's item with its entity inside, as the last member.</summary>
    public static ReadOnlyMemory<byte> WithEntity(ReadOnlyMemory<byte> cloudEvent, ReadOnlyMemory<byte> entity)
    {
        var buffer = new ArrayBufferWriter<byte>(cloudEvent.Length + entity.Length + 16);
        buffer.Write(cloudEvent.Span[..^1]);
        buffer.Write(",\""u8);
        buffer.Write(EntityMember);
        buffer.Write("\":"u8);
        buffer.Write(entity.Span);
        buffer.Write("}"u8);
        return buffer.WrittenMemory;
    }

    /// <summary>The event as it is published and answered.</summary>
    public static ReadOnlyMemory<byte> EventOf(ReadOnlyMemory<byte> item)
    {
        if (EntityAt(item.Span) is not { } at)
            return item;
        var cloudEvent = new byte[at.Comma + 1];
        item.Span[..at.Comma].CopyTo(cloudEvent);
        cloudEvent[^1] = (byte)'}';
        return cloudEvent;
    }

    /// <summary>The entity that the event's item holds.</summary>
    public static Entity EntityIn(ReadOnlyMemory<byte> item) =>
        EntityAt(item.Span) is { } at ? Documents.ReadEntity(item[at.Value..^1]) : throw new InvalidOperationException("The item of this event holds no entity.");

    private static (int Comma, int Value)? EntityAt(ReadOnlySpan<byte> item)
    {
        var reader = new Utf8JsonReader(item);
        reader.Read();
        var end = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isEntity = reader.ValueTextEquals(EntityMember);
            reader.Read();
            if (isEntity)
                return (end, (int)reader.TokenStartIndex);
            reader.Skip();
            end = (int)reader.BytesConsumed;
        }
        return null;
    }
}

/// <summary>Entities as items of a partition: an item of their own, or inside the item of their first event.</summary>
internal static class EntityItems
{
    /// <summary>How many entities of a profile may be inside their events; each is a line of the state.</summary>
    public const int MostYoung = 16;

    /// <summary>The largest entity that an event takes along, in bytes.</summary>
    public const int LargestYoung = 6 * 1024;

    /// <summary>The entity, or null when it is not there.</summary>
    /// <param name="store">The store.</param>
    /// <param name="partition">Where it lives.</param>
    /// <param name="key">The entity.</param>
    /// <param name="profile">The state of the partition, if it was read already. The state is read before the entity: what leaves an event goes into an item of its own and stays there.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public static async ValueTask<Entity?> FindAsync(IHubStore store, string partition, EntityKey key, Profile? profile, CancellationToken cancellationToken)
    {
        profile ??= await StateAsync(store, partition, cancellationToken);
        if (profile is not null && profile.Young.TryGetValue(key, out var eventItem))
            return await InEventAsync(store, partition, eventItem, cancellationToken);
        var item = await store.ReadAsync(HubContainers.Profiles, partition, ItemIds.Entity(key), cancellationToken);
        return item is null ? null : Documents.ReadEntity(item.Body);
    }

    /// <summary>The entity inside an event.</summary>
    public static async ValueTask<Entity> InEventAsync(IHubStore store, string partition, string eventItem, CancellationToken cancellationToken) =>
        await store.ReadAsync(HubContainers.Profiles, partition, eventItem, cancellationToken) is { } item
            ? EventItems.EntityIn(item.Body)
            : throw new InvalidOperationException("An event that holds an entity is never removed.");

    private static async ValueTask<Profile?> StateAsync(IHubStore store, string partition, CancellationToken cancellationToken) =>
        !DerivedIds.IsOwnHome(partition) && await store.ReadAsync(HubContainers.Profiles, partition, ItemIds.State, cancellationToken) is { } state ? Documents.ReadProfile(state.Body) : null;
}
