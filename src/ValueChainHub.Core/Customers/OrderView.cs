using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;

namespace ValueChainHub.Core.Customers;

/// <summary>An order read from its facets: a pure function, so it does not matter which of them came first.</summary>
public sealed class OrderView
{
    private readonly Order? _order;
    private readonly List<Refund> _refunds = [];
    private readonly List<OrderReturn> _returns = [];
    private readonly Dictionary<string, Fulfillment> _fulfillments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ParcelMilestone>> _milestones = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Carrier, string Number), List<ParcelMilestone>> _tracking = [];
    private readonly bool _deleted;

    public OrderView(string id, IEnumerable<Facet> facets)
    {
        Id = id;
        foreach (var facet in facets)
        {
            switch (facet.Name.AsSpan(0, facet.Name.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 ? slash : facet.Name.Length))
            {
                case FacetNames.Core:
                    _order = ChainJson.Read<Order>(facet.Value);
                    break;
                case FacetNames.Deleted:
                    _deleted = true;
                    break;
                case "refund":
                    _refunds.Add(ChainJson.Read<Refund>(facet.Value));
                    break;
                case "return":
                    _returns.Add(ChainJson.Read<OrderReturn>(facet.Value));
                    break;
                case "fulfillment":
                    var fulfillment = ChainJson.Read<Fulfillment>(facet.Value);
                    _fulfillments[fulfillment.Id] = fulfillment;
                    break;
                case "milestone":
                    var milestone = ChainJson.Read<ParcelMilestone>(facet.Value);
                    if (milestone.Status == ParcelStatuses.Retracted)
                        break;
                    if (!_milestones.TryGetValue(milestone.FulfillmentId, out var list))
                        _milestones[milestone.FulfillmentId] = list = [];
                    list.Add(milestone);
                    break;
                case "tracking":
                    var tracked = ChainJson.Read<ParcelMilestone>(facet.Value);
                    var parcel = (tracked.Carrier!, tracked.Number!);
                    if (!_tracking.TryGetValue(parcel, out var scans))
                        _tracking[parcel] = scans = [];
                    scans.Add(tracked);
                    break;
            }
        }
    }

    public string Id { get; }

    /// <summary>Cancelled, or the financial status in the vendor's words.</summary>
    public string? Status => _deleted ? "deleted" : _order?.CancelledAt is not null ? "cancelled" : _order?.FinancialStatus;

    /// <summary>The order's share of its customer's totals (SEMANTICS 3 and 5).</summary>
    public Totals Contribution()
    {
        var totals = new Totals();
        if (_deleted || _order?.Test == true)
            return totals;
        if (_order is { } order)
        {
            totals.Add(TotalNames.Orders, 1).Widen(TotalNames.OrderAt, order.PlacedAt);
            if (order.CancelledAt is not null)
                totals.Add(TotalNames.CancelledOrders, 1);
            else if (CountsAsRevenue(order))
                AddRevenue(totals, order);
        }
        foreach (var parcel in Parcels())
            AddParcel(totals, parcel);
        totals.Add(TotalNames.Returns, _returns.Count(one => one.Status is not ("declined" or "cancelled")));
        return totals;
    }

    /// <summary>The order as support agents see it; null when only its refunds or parcels are known.</summary>
    public OrderSummary Summary() =>
        new(Id, _order?.Number, Status, _order?.PlacedAt, _order?.Total, _order?.Test == true ? true : null, [.. Parcels()]);

    /// <summary>What was bought; empty while only refunds or parcels are known.</summary>
    public IReadOnlyList<OrderItem> Items => _order?.Items ?? [];

    /// <summary>Distinct parcels by carrier and number, without those of cancelled or failed fulfillments and of voided labels (SEMANTICS 5).</summary>
    public IEnumerable<ParcelSummary> Parcels() =>
        _fulfillments.Keys.Union(_milestones.Keys, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .SelectMany(ParcelsOf)
            .GroupBy(parcel => parcel.Number is null ? parcel.Key : $"{parcel.Carrier}:{parcel.Number}", StringComparer.Ordinal)
            .Select(same => same.MaxBy(parcel => (ParcelStatuses.Rank(parcel.Status), parcel.Key))!.Summary())
            .Where(parcel => parcel.Status != ParcelStatuses.Cancelled);

    private IEnumerable<Parcel> ParcelsOf(string fulfillmentId)
    {
        var fulfillment = _fulfillments.GetValueOrDefault(fulfillmentId);
        if (fulfillment?.Status is "cancelled" or "failed")
            return [];
        var ofAll = _milestones.GetValueOrDefault(fulfillmentId) ?? [];
        var labels = fulfillment is { Parcels.Count: > 0 } ? fulfillment.Parcels : [new ParcelLabel(null, null, null)];
        return labels.Select((label, index) => ParcelOf($"{fulfillmentId}#{index}", label, fulfillment, [.. ofAll, .. TrackingOf(label, fulfillment)]));
    }

    private static Parcel ParcelOf(string key, ParcelLabel label, Fulfillment? fulfillment, List<ParcelMilestone> milestones)
    {
        var status = StatusOf(fulfillment, milestones);
        var delivered = status == ParcelStatuses.Delivered ? milestones.Where(one => one.Status == ParcelStatuses.Delivered).Min(one => one.At) : null;
        var estimated = milestones.Where(one => one.EstimatedAt is not null).MaxBy(one => (one.At ?? DateTimeOffset.MinValue, one.EstimatedAt))?.EstimatedAt ?? fulfillment?.EstimatedAt;
        return new Parcel(key, label.Carrier, label.Number, status, estimated, delivered, label.Url);
    }

    /// <summary>What the carrier's tracking says of the label: numbers are used again, so only what lies within the window of its shipping.</summary>
    private IEnumerable<ParcelMilestone> TrackingOf(ParcelLabel label, Fulfillment? fulfillment) =>
        label is { Carrier: { } carrier, Number: { } number } && _tracking.TryGetValue((carrier, number), out var scans)
            ? scans.Where(scan => ParcelTracking.IsWithinWindow(fulfillment?.ShippedAt, scan.At))
            : [];

    /// <summary>Delivered is final, but for a later exception or return to sender; before it, the latest word counts.</summary>
    private static string StatusOf(Fulfillment? fulfillment, List<ParcelMilestone> milestones)
    {
        var delivered = milestones.Where(one => one.Status == ParcelStatuses.Delivered).MaxBy(TimeOf);
        var latest = milestones.Where(one => one.Status != ParcelStatuses.Delivered).MaxBy(one => (TimeOf(one), ParcelStatuses.Rank(one.Status)));
        if (delivered is not null)
            return latest?.Status is ParcelStatuses.Exception or ParcelStatuses.Returned && latest.At > delivered.At ? latest.Status : ParcelStatuses.Delivered;
        if (latest is not null)
            return latest.Status;
        return fulfillment?.Status == "shipped" ? ParcelStatuses.InTransit : ParcelStatuses.PreTransit;

        static DateTimeOffset TimeOf(ParcelMilestone milestone) => milestone.At ?? DateTimeOffset.MinValue;
    }

    private static bool CountsAsRevenue(Order order) => order.FinancialStatus
        is FinancialStatuses.Paid or FinancialStatuses.PartiallyPaid or FinancialStatuses.PartiallyRefunded or FinancialStatuses.Refunded;

    private void AddRevenue(Totals totals, Order order)
    {
        if (order.Total is { } total)
            totals.AddValue(total, 1);
        foreach (var refund in _refunds)
        {
            if (refund.Amount is { } amount && InCurrencyOf(order, amount) is { } currency)
                totals.AddValue(new Money(currency, -amount.Amount), 0);
        }
    }

    /// <summary>A refund counts in its order's currency or not at all: its transactions may have been paid out in another.</summary>
    private static string? InCurrencyOf(Order order, Money amount)
    {
        if (order.Total is not { } total)
            return amount.Currency == Refund.CurrencyOfOrder ? null : amount.Currency;
        return amount.Currency == total.Currency || amount.Currency == Refund.CurrencyOfOrder ? total.Currency : null;
    }

    private static void AddParcel(Totals totals, ParcelSummary parcel)
    {
        totals.Add(TotalNames.Shipments, 1);
        switch (parcel.Status)
        {
            case ParcelStatuses.Delivered:
                totals.Add(TotalNames.Delivered, 1).Widen(TotalNames.DeliveredAt, parcel.DeliveredAt);
                break;
            case ParcelStatuses.Exception or ParcelStatuses.Returned:
                totals.Add(TotalNames.Exceptions, 1);
                break;
            case not ParcelStatuses.PreTransit:
                totals.Add(TotalNames.InTransit, 1);
                break;
        }
    }

    private sealed record Parcel(string Key, string? Carrier, string? Number, string Status, DateTimeOffset? EstimatedAt, DateTimeOffset? DeliveredAt, string? Url)
    {
        public ParcelSummary Summary() => new(Carrier, Number, Status, EstimatedAt, DeliveredAt, Url);
    }
}

/// <summary>The names of totals.</summary>
public static class TotalNames
{
    /// <summary>Entities owned, of every type but <see cref="EntityTypes.MessageEvent"/>.</summary>
    public const string Entities = "entities";

    /// <summary>Entities that live in a partition and are owned elsewhere.</summary>
    public const string Away = "away";
    public const string Orders = "orders";
    public const string CancelledOrders = "cancelledOrders";
    public const string OrderAt = "orderAt";
    public const string Shipments = "shipments";
    public const string InTransit = "inTransit";
    public const string Delivered = "delivered";
    public const string DeliveredAt = "deliveredAt";
    public const string Exceptions = "exceptions";
    public const string Returns = "returns";
    public const string Conversations = "conversations";
    public const string OpenConversations = "openConversations";
    public const string ContactAt = "contactAt";
    public const string Received = "received";
    public const string Opened = "opened";
    public const string OpenedAt = "openedAt";
    public const string OpenedByMachine = "openedByMachine";
    public const string Clicked = "clicked";
    public const string ClickedAt = "clickedAt";
}
