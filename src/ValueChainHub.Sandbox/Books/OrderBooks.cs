using ValueChainHub.Sandbox.Story;

namespace ValueChainHub.Sandbox.Books;

/// <summary>An order added up.</summary>
/// <param name="Number">As people write it: <c>#1001</c>.</param>
/// <param name="Status">Cancelled, or the financial status.</param>
/// <param name="Value">Its total less its refunds.</param>
/// <param name="CountsAsRevenue">Paid at least in part, not cancelled, no test.</param>
public sealed record OrderAccount(
    string Key, string Number, string Status, bool IsTest, DateTimeOffset PlacedAt, string Currency, decimal Total, decimal Value, bool CountsAsRevenue, int Returns,
    IReadOnlyList<ParcelAccount> Parcels)
{
    public bool IsCancelled => Status == "cancelled";
}

/// <summary>A parcel: a carrier and a number, or one without.</summary>
/// <param name="LastScan">The scan that counts; null for one that was only sent.</param>
public sealed record ParcelAccount(string? Carrier, string? Number, ParcelState State, ScanStatus? LastScan, DateTimeOffset? DeliveredAt);

/// <summary>Where a parcel is, as far as figures tell.</summary>
public enum ParcelState
{
    InTransit,
    Delivered,
    Exception,
}

/// <summary>Orders from the facts about them.</summary>
internal sealed class OrderBooks(Registers facts)
{
    private static readonly string[] Revenue = ["paid", "partially_paid", "partially_refunded", "refunded"];

    private readonly ILookup<string, RefundFact> _refunds = facts.Of<RefundFact>().ToLookup(fact => fact.Order);
    private readonly ILookup<string, ReturnFact> _returns = facts.Of<ReturnFact>().ToLookup(fact => fact.Order);
    private readonly ILookup<string, ParcelFact> _parcels = facts.Of<ParcelFact>().ToLookup(fact => fact.Order);
    private readonly ILookup<string, ShopScanFact> _shopScans = facts.Of<ShopScanFact>().ToLookup(fact => fact.Order);
    private readonly ILookup<(string, string), CarrierScanFact> _carrierScans = facts.Of<CarrierScanFact>().ToLookup(fact => (fact.Carrier, fact.Number));

    /// <summary>The orders of these parties; of nobody for null.</summary>
    public IEnumerable<OrderAccount> Of(IReadOnlyList<Party>? parties) =>
        facts.Of<OrderFact>()
            .Where(order => parties is null ? order.Party is null : order.Party is { } party && parties.Contains(party))
            .OrderBy(order => order.PlacedAt)
            .Select(Add);

    private OrderAccount Add(OrderFact order)
    {
        var counts = !order.IsTest && !order.IsCancelled && Revenue.Contains(order.Status, StringComparer.Ordinal);
        return new(
            order.Key, order.Number, order.IsCancelled ? "cancelled" : order.Status, order.IsTest, order.PlacedAt, order.Currency, order.Total,
            order.Total - _refunds[order.Key].Sum(refund => refund.Amount), counts, _returns[order.Key].Count(), [.. ParcelsOf(order.Key)]);
    }

    /// <summary>A parcel that was only scanned is one all the same, without a number.</summary>
    private IEnumerable<ParcelAccount> ParcelsOf(string order)
    {
        var parcels = _parcels[order].ToDictionary(parcel => parcel.Id, StringComparer.Ordinal);
        foreach (var id in parcels.Keys.Union(_shopScans[order].Select(scan => scan.Parcel), StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var parcel = parcels.GetValueOrDefault(id);
            if (parcel is { IsCancelled: true })
                continue;
            var scans = _shopScans[order].Where(scan => scan.Parcel == id).Select(scan => (scan.At, scan.Status));
            if (parcel is { Number: { } number })
                scans = scans.Concat(_carrierScans[(parcel.Carrier, number)].Select(scan => (scan.At, scan.Status)));
            yield return Follow(parcel, [.. scans]);
        }
    }

    /// <summary>Delivered is final, but for a later exception or return; before it the latest word counts.</summary>
    private static ParcelAccount Follow(ParcelFact? parcel, List<(DateTimeOffset At, ScanStatus Status)> scans)
    {
        var delivered = scans.Where(scan => scan.Status == ScanStatus.Delivered).Select(scan => (DateTimeOffset?)scan.At).Min();
        var latest = scans.Where(scan => scan.Status != ScanStatus.Delivered).OrderBy(scan => scan.At).Select(scan => ((DateTimeOffset At, ScanStatus Status)?)scan).LastOrDefault();
        var isTrouble = latest?.Status is ScanStatus.Exception or ScanStatus.Returned;
        var state = isTrouble && (delivered is null || latest!.Value.At > delivered) ? ParcelState.Exception
            : delivered is not null ? ParcelState.Delivered
            : ParcelState.InTransit;
        var last = state == ParcelState.Delivered ? ScanStatus.Delivered : latest?.Status;
        return new(parcel?.Carrier, parcel?.Number, state, last, state == ParcelState.Delivered ? delivered : null);
    }
}
