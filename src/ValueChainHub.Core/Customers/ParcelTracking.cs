using System.Globalization;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;

namespace ValueChainHub.Core.Customers;

/// <summary>A parcel as carriers know it, whoever reported it: by carrier family and number. Its entity is nobody's; orders that name the parcel take over what it says (ADR 11).</summary>
public static class ParcelTracking
{
    /// <summary>Stands where other entities have their connector: the same parcel is one entity for all of them.</summary>
    public const string Connector = "parcel";

    private const string FulfillmentPrefix = "fulfillment/";

    /// <summary>The label may be printed after the parcel went, and clocks differ.</summary>
    private static readonly TimeSpan BeforeShipping = TimeSpan.FromDays(2);

    /// <summary>Carriers use numbers again; a statement later than this is about another parcel.</summary>
    private static readonly TimeSpan AfterShipping = TimeSpan.FromDays(120);

    /// <summary>The entity of a parcel.</summary>
    /// <param name="carrier">The carrier's family, lower case; null when the source does not say.</param>
    /// <param name="number">Upper case without spaces.</param>
    public static EntityKey Key(string? carrier, string number) => new(Connector, EntityTypes.Tracking, $"{carrier ?? "unknown"}-{number}");

    public static bool IsParcel(EntityKey key) => key is { Connector: Connector, Type: EntityTypes.Tracking };

    /// <summary>The register of a milestone in the parcel's entity: by month, so that what is said of a number used again never overwrites what was said before.</summary>
    public static string Register(string status, DateTimeOffset? at) =>
        $"{at?.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture) ?? "undated"}/{ParcelStatuses.Register(status)}";

    /// <summary>Can a statement of this time be about the parcel that was shipped then? What is unknown rules nothing out.</summary>
    public static bool IsWithinWindow(DateTimeOffset? shippedAt, DateTimeOffset? at) =>
        shippedAt is not { } shipped || at is not { } time || (time - shipped >= -BeforeShipping && time - shipped <= AfterShipping);

    /// <summary>Is a statement of this time about the parcel of a fulfillment of the order that stands?</summary>
    public static bool Names(Entity order, EntityKey parcel, DateTimeOffset? at) =>
        Fulfillments(order).Any(one => one.Status is not ("cancelled" or "failed") && IsWithinWindow(one.ShippedAt, at)
            && one.Parcels.Any(label => label is { Carrier: { } carrier, Number: { } number } && Key(carrier, number) == parcel));

    private static IEnumerable<Fulfillment> Fulfillments(Entity order) =>
        order.Facets.Where(facet => facet.Key.StartsWith(FulfillmentPrefix, StringComparison.Ordinal)).Select(facet => ChainJson.Read<Fulfillment>(facet.Value.Value));

    /// <summary>The parcels that an order's fulfillments name; none, and nothing read, for an order without fulfillments.</summary>
    public static IReadOnlyCollection<EntityKey> ParcelsOf(Entity order)
    {
        if (order.Key.Type != EntityTypes.Order)
            return [];
        var parcels = new SortedSet<EntityKey>(Comparer<EntityKey>.Create((one, other) => string.CompareOrdinal(one.Id, other.Id)));
        foreach (var label in Fulfillments(order).SelectMany(fulfillment => fulfillment.Parcels))
        {
            if (label is { Carrier: { } carrier, Number: { } number })
                parcels.Add(Key(carrier, number));
        }
        return parcels;
    }

    /// <summary>A parcel's registers as an order takes them over.</summary>
    public static IReadOnlyList<Facet> ForOrder(Entity parcel) =>
        [.. parcel.Facets.Select(one => one.Value with { Name = FacetNames.Tracking(parcel.Key.Id, one.Key) })];
}
