using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;

namespace ValueChainHub.Sandbox.Vendors.ShipStation;

/// <summary>An order as the shipping system has it, or the part of one that was split off.</summary>
internal sealed class ShipStationShipment(Purchase purchase, Shopper shopper, int part, bool isReturn, DateTimeOffset createdAt)
{
    public string Id { get; } = ShipStationIds.Of(3_100_000_000, purchase, (isReturn ? 50 : 0) + part);
    public Purchase Purchase { get; } = purchase;
    public Shopper Shopper { get; } = shopper;
    public int Part { get; } = part;
    public bool IsReturn { get; } = isReturn;
    public DateTimeOffset CreatedAt { get; } = createdAt;
    public DateTimeOffset ModifiedAt { get; set; } = createdAt;
    public string Status { get; set; } = "pending";

    /// <summary>Unique in the account.</summary>
    public string ExternalId => $"{Shopper.Shop}-{Purchase.Number}" + (IsReturn ? $"-return-{Part}" : Part == 1 ? "" : $"-{Part}");
}

/// <summary>What left the warehouse, or comes back to it: a label and what carriers say of the parcel, or something sent without either.</summary>
/// <param name="shipment">What it is a part of.</param>
/// <param name="package">With the carrier's number, or without.</param>
/// <param name="ordinal">Counts over its purchase.</param>
/// <param name="createdAt">When the label was bought.</param>
internal sealed class ShipStationParcel(ShipStationShipment shipment, Package package, int ordinal, DateTimeOffset createdAt)
{
    public string? LabelId { get; } = package.Number is null ? null : ShipStationIds.Of(5_200_000_000, shipment.Purchase, ordinal);

    /// <summary>Null for what comes back.</summary>
    public string? FulfillmentId { get; } = shipment.IsReturn ? null : ShipStationIds.Of(8_300_000_000, shipment.Purchase, ordinal);
    public ShipStationShipment Shipment { get; } = shipment;
    public Package Package { get; } = package;
    public DateTimeOffset CreatedAt { get; } = createdAt;
    public DateTimeOffset? VoidedAt { get; set; }
    public DateTimeOffset ExpectedAt { get; set; } = createdAt.AddDays(3);

    /// <summary>The first one first.</summary>
    public List<(DateTimeOffset At, ScanStatus Status)> Scans { get; } = [];

    public DateTimeOffset? DeliveredAt => Scans.Where(scan => scan.Status == ScanStatus.Delivered).Select(scan => (DateTimeOffset?)scan.At).FirstOrDefault();

    /// <summary>What whoever reads all its scans knows.</summary>
    public IReadOnlyList<Fact> Told() =>
        Package.Number is not { } number ? [] : [.. Scans.Select(scan => new CarrierScanFact(Package.Carrier, number, scan.At, scan.Status))];

    /// <summary>What whoever reads only of its delivery knows.</summary>
    public IReadOnlyList<Fact> ToldOfDelivery() => [.. Told().Cast<CarrierScanFact>().Where(scan => scan.Status == ScanStatus.Delivered)];
}

internal static class ShipStationIds
{
    /// <summary><c>se-3100000102</c></summary>
    public static string Of(long kind, Purchase purchase, int ordinal) => FormattableString.Invariant($"se-{kind + (purchase.Id * 100L) + ordinal}");
}
