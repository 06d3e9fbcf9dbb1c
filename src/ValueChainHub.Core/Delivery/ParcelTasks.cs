using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Customers;

namespace ValueChainHub.Core.Delivery;

/// <summary>What a parcel gives an agent to do: one task when it has failed, one when it is late.</summary>
/// <param name="Key">The parcel and the trouble: however many scans tell of it, one task.</param>
/// <param name="Number">The parcel's number.</param>
/// <param name="NotBefore">When to look whether it is so; null for now.</param>
internal sealed record ParcelTask(string Key, string Number, DateTimeOffset? NotBefore)
{
    /// <summary>Only when it is late.</summary>
    public bool IsLate => NotBefore is not null;
}

/// <summary>Which events of parcels give rise to tasks (SEMANTICS 8).</summary>
internal static class ParcelTasks
{
    /// <summary>A carrier's day is not over with its hour: so long after the estimate a parcel is late.</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromDays(1);

    public static IEnumerable<ParcelTask> Of(RoutedEvent read) => read.Data is null ? [] : read.Type switch
    {
        EventCatalogue.ParcelFailed => Failed(ChainJson.Read<ParcelMilestone>(read.Data)),
        EventCatalogue.ParcelMoved => Late(ChainJson.Read<ParcelMilestone>(read.Data)),
        EventCatalogue.ParcelShipped => Late(ChainJson.Read<Fulfillment>(read.Data)),
        _ => [],
    };

    /// <summary>Whether the parcel is late by what is known now; the time to look again while it may still become so.</summary>
    public static (bool IsLate, DateTimeOffset? LookAgain) Judge(ParcelSummary parcel, DateTimeOffset now)
    {
        if (parcel.Status is ParcelStatuses.Delivered or ParcelStatuses.Returned or ParcelStatuses.Exception or ParcelStatuses.Cancelled || parcel.EstimatedAt is not { } estimate)
            return (false, null);
        return now >= estimate + Grace ? (true, null) : (false, estimate + Grace);
    }

    private static IEnumerable<ParcelTask> Failed(ParcelMilestone milestone) =>
        [new($"failed|{milestone.Status}|{milestone.Number ?? milestone.FulfillmentId}", milestone.Number ?? milestone.FulfillmentId, null)];

    private static IEnumerable<ParcelTask> Late(ParcelMilestone milestone) =>
        milestone is { EstimatedAt: { } estimate, Number: { } number } ? [new($"late|{number}", number, estimate + Grace)] : [];

    private static IEnumerable<ParcelTask> Late(Fulfillment fulfillment) =>
        from label in fulfillment.Parcels
        where label.Number is not null && fulfillment.EstimatedAt is not null
        select new ParcelTask($"late|{label.Number}", label.Number!, fulfillment.EstimatedAt + Grace);
}
