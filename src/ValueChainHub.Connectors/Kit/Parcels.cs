using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;

namespace ValueChainHub.Connectors.Kit;

/// <summary>What carriers say of parcels. A parcel is known by carrier and number alone; orders that name it take over what is written here (SEMANTICS 5).</summary>
internal static class Parcels
{
    /// <summary>A milestone of a parcel whose order is not known to the vendor.</summary>
    /// <param name="carrier">The family (<see cref="Carriers.Family"/>); null when the vendor does not say: then no order takes it over.</param>
    /// <param name="number">As <see cref="Carriers.TrackingNumber"/> writes it.</param>
    /// <param name="status">One of <see cref="ParcelStatuses"/>.</param>
    /// <param name="at">The carrier's time.</param>
    /// <param name="estimatedAt">When the carrier expects to deliver.</param>
    public static ParcelMilestone Milestone(string? carrier, string number, string status, DateTimeOffset? at, DateTimeOffset? estimatedAt = null) =>
        new(ParcelTracking.Key(carrier, number).Id, "", status, at, estimatedAt, carrier, number);

    /// <summary>Writes a milestone to its register in the parcel, and tells nothing.</summary>
    /// <returns>The canonical JSON.</returns>
    public static string Write(TranslationDraft draft, ParcelMilestone milestone, DateTimeOffset? at)
    {
        var key = ParcelTracking.Key(milestone.Carrier, milestone.Number!);
        draft.Refer(key, Homing.Own, "tracking", milestone.Number);
        return draft.Write(key, Homing.Own, ParcelTracking.Register(milestone.Status, at), new(at, draft.Source, ParcelStatuses.Rank(milestone.Status)), milestone with { At = at });
    }

    /// <summary>The type of event that tells a status.</summary>
    public static string EventOf(string status) => status switch
    {
        ParcelStatuses.Delivered => EventCatalogue.ParcelDelivered,
        ParcelStatuses.Exception or ParcelStatuses.Returned => EventCatalogue.ParcelFailed,
        _ => EventCatalogue.ParcelMoved,
    };

    /// <summary>When it came to be so: the latest scan that says the same, else the latest scan.</summary>
    public static DateTimeOffset? TimeOf(string status, IEnumerable<(string Status, DateTimeOffset At)> scans)
    {
        DateTimeOffset? same = null, any = null;
        foreach (var (scan, at) in scans)
        {
            any = any > at ? any : at;
            if (scan == status)
                same = same > at ? same : at;
        }
        return same ?? any;
    }
}
