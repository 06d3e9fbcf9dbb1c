using System.Collections.Concurrent;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Core.Intake;

/// <summary>Hands the translation made on receipt to the fold, so that a body is parsed once. Only a shortcut: translations are pure, and a missing one is made again.</summary>
public sealed class TranslationHandover
{
    private const int Capacity = 8_192;
    private readonly ConcurrentDictionary<string, Translation.Translated> _waiting = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Decides the delivery's state by translating it.</summary>
    public Delivery Judge(IConnector connector, Delivery delivery)
    {
        switch (connector.Read(delivery.Content))
        {
            case Translation.Unreadable unreadable:
                return delivery with { State = DeliveryStates.Quarantined, Reason = unreadable.Reason };
            case Translation.Suppressed suppressed:
                return delivery with { State = DeliveryStates.Suppressed, Reason = suppressed.Reason };
            case Translation.Translated { Events.Count: 0 }:
                return delivery with { State = DeliveryStates.Suppressed, Reason = "It states nothing that the hub tells." };
            case Translation.Translated translated:
                Keep(delivery.Id, translated);
                return delivery with { Events = translated.Events.Count, Generation = connector.MappingGeneration, Unenriched = connector is IFetchConnector { CanFetch: true } ? 0 : translated.Fetches.Count };
            default:
                throw new InvalidOperationException("A translation is one of three.");
        }
    }

    private void Keep(string deliveryId, Translation.Translated translated)
    {
        if (Volatile.Read(ref _count) < Capacity && _waiting.TryAdd(deliveryId, translated))
            Interlocked.Increment(ref _count);
    }

    /// <summary>The translation of a delivery that <see cref="Judge"/> found translatable.</summary>
    public Translation Take(IConnector connector, Delivery delivery)
    {
        if (!_waiting.TryRemove(delivery.Id, out var translated))
            return connector.Read(delivery.Content);
        Interlocked.Decrement(ref _count);
        return translated;
    }
}
