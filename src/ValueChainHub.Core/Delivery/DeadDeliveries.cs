using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Core.Delivery;

/// <summary>Something a destination was to be told and could not be.</summary>
/// <param name="Id">The destination and the entry: what retry and discard take.</param>
/// <param name="Connector">The destination.</param>
/// <param name="Kind"><c>customer</c>, <c>event</c>, <c>task</c>; <c>message</c> is an event that could not be read.</param>
/// <param name="Target">The customer's or the event's id; null for a task, whose key may name a parcel.</param>
/// <param name="Reason">The kind of failure and what it was.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="At">Since when it waits.</param>
/// <param name="Answer">The vendor's answer.</param>
public sealed record DeadDelivery(string Id, string Connector, string Kind, string? Target, string? Reason, int Attempts, DateTimeOffset At, VendorAnswer? Answer);

/// <summary>What waits for a person at the destinations, and what they do about it; and how much goes to each.</summary>
public sealed class DeadDeliveries(ConnectorCatalog connectors, DeliveryQueue queue)
{
    /// <summary>By destination and id, after an earlier page's last id.</summary>
    public async ValueTask<Page<DeadDelivery>> ListAsync(string? connector, int limit, string? after, CancellationToken cancellationToken)
    {
        var found = new List<DeadDelivery>();
        var (from, since) = after is null ? (null, null) : PartsOf(after);
        foreach (var destination in connectors.Destinations.Where(one => connector is null || one.Name == connector))
        {
            if (from is not null && string.CompareOrdinal(destination.Name, from) < 0)
                continue;
            var dead = await queue.DeadAsync(destination.Name, destination.Name == from ? since : null, limit - found.Count, cancellationToken);
            found.AddRange(dead.Select(one => Describe(destination.Name, one.Id, one.Entry)));
            if (found.Count >= limit)
                return new(found, found[^1].Id);
        }
        return new(found, null);
    }

    /// <summary>Tried again, now. False when nothing of this id is dead.</summary>
    public ValueTask<bool> RetryAsync(string id, CancellationToken cancellationToken) => PartsOf(id) is ({ } destination, { } entry)
        ? queue.RetryAsync(destination, entry, cancellationToken)
        : ValueTask.FromResult(false);

    /// <summary>Given up. False when nothing of this id is dead.</summary>
    public ValueTask<bool> DiscardAsync(string id, CancellationToken cancellationToken) => PartsOf(id) is ({ } destination, { } entry)
        ? queue.DiscardAsync(destination, entry, cancellationToken)
        : ValueTask.FromResult(false);

    /// <summary>What goes to each destination.</summary>
    public async ValueTask<IReadOnlyDictionary<string, DeliveryCounts>> CountAsync(CancellationToken cancellationToken)
    {
        var counts = new SortedDictionary<string, DeliveryCounts>(StringComparer.Ordinal);
        foreach (var destination in connectors.Destinations)
            counts[destination.Name] = await queue.CountAsync(destination.Name, cancellationToken);
        return counts;
    }

    private static readonly System.Buffers.SearchValues<char> Hex = System.Buffers.SearchValues.Create("0123456789abcdef");

    private (string? Destination, string? Entry) PartsOf(string id) =>
        id.LastIndexOf('.') is var dot and > 0 && connectors.Find(id[..dot]) is IDestination && id.AsSpan(dot + 1) is { Length: 24 } entry && !entry.ContainsAnyExcept(Hex)
            ? (id[..dot], id[(dot + 1)..])
            : (null, null);

    private static DeadDelivery Describe(string destination, string id, DeliveryEntry entry) =>
        new($"{destination}.{id}", destination, entry.Kind, entry.Kind == DeliveryKinds.Task ? null : entry.Target, entry.Reason, entry.Attempts, entry.DeadAt!.Value, entry.Answer);
}
