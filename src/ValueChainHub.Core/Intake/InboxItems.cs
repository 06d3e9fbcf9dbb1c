using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Intake;

/// <summary>The items of a delivery's partition. None is ever rewritten, so a feed passes each exactly once and can count it.</summary>
internal static class InboxItems
{
    /// <summary>The delivery.</summary>
    public const string Delivery = "d";

    /// <summary>It came again.</summary>
    public const string DoublePrefix = "r|";

    /// <summary>It changed its state.</summary>
    public const string TransitionPrefix = "t|";

    public static string Double(long ticks, long counter) => string.Create(CultureInfo.InvariantCulture, $"{DoublePrefix}{ticks:D19}|{counter:D6}");

    public static string Transition(int number) => string.Create(CultureInfo.InvariantCulture, $"{TransitionPrefix}{number:D6}");

    public static ReadOnlyMemory<byte> Write(Double value) => JsonSerializer.SerializeToUtf8Bytes(value, InboxContext.Default.Double);

    public static ReadOnlyMemory<byte> Write(Transition value) => JsonSerializer.SerializeToUtf8Bytes(value, InboxContext.Default.Transition);

    public static Double ReadDouble(ReadOnlyMemory<byte> body) => JsonSerializer.Deserialize(body.Span, InboxContext.Default.Double)!;

    public static Transition ReadTransition(ReadOnlyMemory<byte> body) => JsonSerializer.Deserialize(body.Span, InboxContext.Default.Transition)!;
}

/// <summary>A delivery came again. <paramref name="Events"/> as on the delivery, so that the ledger of events balances too.</summary>
internal sealed record Double(string Connector, DateTimeOffset At, int Events);

/// <summary>A delivery went from one state to another.</summary>
internal sealed record Transition(string Connector, string From, string To, string? Reason, DateTimeOffset At, int Events);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Double))]
[JsonSerializable(typeof(Transition))]
internal sealed partial class InboxContext : JsonSerializerContext;

/// <summary>Reads and moves deliveries.</summary>
internal sealed class Inbox(IHubStore store, TimeProvider time)
{
    private const int TransitionsRead = 1_000;

    public async ValueTask<Delivery?> FindAsync(string deliveryId, CancellationToken cancellationToken) =>
        StoreLimits.IsValidId(deliveryId) && await store.ReadAsync(HubContainers.Inbox, deliveryId, InboxItems.Delivery, cancellationToken) is { } item
            ? Intake.Delivery.Read(item.Body)
            : null;

    /// <summary>By the hub's id, or by the vendor's own at any connector.</summary>
    public async ValueTask<Delivery?> FindAsync(string id, ConnectorCatalog connectors, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is { } delivery)
            return delivery;
        foreach (var connector in connectors.All)
        {
            if (await FindAsync(Intake.Delivery.IdOf(connector.Name, id), cancellationToken) is { } named)
                return named;
        }
        return null;
    }

    public async ValueTask<IReadOnlyList<Transition>> TransitionsAsync(string deliveryId, CancellationToken cancellationToken)
    {
        var items = await store.ReadRangeAsync(HubContainers.Inbox, deliveryId, IdRange.StartingWith(InboxItems.TransitionPrefix), TransitionsRead, cancellationToken);
        return [.. items.Select(item => InboxItems.ReadTransition(item.Body))];
    }

    public async ValueTask<int> DoublesAsync(string deliveryId, CancellationToken cancellationToken) =>
        (await store.ReadRangeAsync(HubContainers.Inbox, deliveryId, IdRange.StartingWith(InboxItems.DoublePrefix), 10_000, cancellationToken)).Count;

    /// <summary>The fold of a delivery failed and will be tried again. The feed counts a delivery as applied when it has passed it, so this takes it back; once, however often the batch is repeated.</summary>
    public async ValueTask ParkAsync(string deliveryId, string connector, int events, string reason, CancellationToken cancellationToken)
    {
        var move = new Transition(connector, DeliveryStates.Applied, DeliveryStates.Pending, reason, time.GetUtcNow(), events);
        var write = new WriteOperation.Create(InboxItems.Transition(0), InboxItems.Write(move), HubContainers.InboxRetention);
        await store.CommitAsync(HubContainers.Inbox, deliveryId, [write], cancellationToken);
    }

    /// <summary>Moves a delivery on, if it is still where the caller saw it. False when somebody else moved it first.</summary>
    public async ValueTask<bool> MoveAsync(Delivery delivery, string from, string to, string? reason, CancellationToken cancellationToken)
    {
        var moves = await TransitionsAsync(delivery.Id, cancellationToken);
        if ((moves.Count == 0 ? delivery.State : moves[^1].To) != from)
            return false;
        var move = new Transition(delivery.Connector, from, to, reason, time.GetUtcNow(), delivery.Events);
        var write = new WriteOperation.Create(InboxItems.Transition(moves.Count), InboxItems.Write(move), HubContainers.InboxRetention);
        return await store.CommitAsync(HubContainers.Inbox, delivery.Id, [write], cancellationToken) is CommitResult.Committed;
    }
}
