using System.Collections.Concurrent;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Core.Intake;

/// <summary>Hands the translation made on receipt to the fold, so that a body is parsed once. Only a shortcut: translations are pure, and a missing one is made again.</summary>
public sealed class TranslationHandover
{
    private const int Capacity = 8_192;
    private readonly ConcurrentDictionary<string, Translation.Translated> _waiting = new(StringComparer.Ordinal);

    /// <summary>Decides the delivery's state by translating it.</summary>
    public Delivery Judge(IConnector connector, Delivery delivery)
    {
        switch (connector.Translate(delivery.Content))
        {
            case Translation.Unreadable unreadable:
                return delivery with { State = DeliveryStates.Quarantined, Reason = unreadable.Reason };
            case Translation.Suppressed suppressed:
                return delivery with { State = DeliveryStates.Suppressed, Reason = suppressed.Reason };
            case Translation.Translated { Events.Count: 0 }:
                return delivery with { State = DeliveryStates.Suppressed, Reason = "It states nothing that the hub tells." };
            case Translation.Translated translated:
                if (_waiting.Count < Capacity)
                    _waiting[delivery.Id] = translated;
                return delivery with { Events = translated.Events.Count, Unenriched = connector is IFetchConnector { CanFetch: true } ? 0 : translated.Fetches.Count };
            default:
                throw new InvalidOperationException("A translation is one of three.");
        }
    }

    /// <summary>The translation of a delivery that <see cref="Judge"/> found translatable.</summary>
    public Translation Take(IConnector connector, Delivery delivery) =>
        _waiting.TryRemove(delivery.Id, out var translated) ? translated : connector.Translate(delivery.Content);

    /// <summary>The translation if it waits here; then the delivery itself need not be read.</summary>
    public bool TryTake(string deliveryId, out Translation.Translated? translated) => _waiting.TryRemove(deliveryId, out translated);
}
