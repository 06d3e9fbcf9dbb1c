using System.Globalization;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Connectors.Gladly;

/// <summary>The answer to a lookup: nobody, one, or the candidates.</summary>
public sealed record GladlyLookupReply(IReadOnlyList<GladlyLookupResult> Results);

/// <summary>A customer as Gladly shows one beside a conversation.</summary>
public sealed record GladlyLookupResult
{
    /// <summary>The id that later lookups ask with: a customer's id of the hub, which resolves for ever.</summary>
    public required string ExternalCustomerId { get; init; }
    public string? Name { get; init; }
    public required IReadOnlyList<GladlyLookupEmail> Emails { get; init; }
    public required IReadOnlyList<GladlyLookupPhone> Phones { get; init; }

    /// <summary>Flat: names and texts.</summary>
    public required IReadOnlyDictionary<string, string> CustomAttributes { get; init; }

    /// <summary>The newest orders; only in a detailed answer.</summary>
    public IReadOnlyList<GladlyLookupOrder>? Transactions { get; init; }
}

public sealed record GladlyLookupEmail(string Original);

/// <summary>A number of the customer. <paramref name="Type"/>: MOBILE, the only one that Gladly links by.</summary>
public sealed record GladlyLookupPhone(string Original, string Type);

/// <summary>An order. <paramref name="Type"/>: ORDER. It carries no link: what the hub stores has none that an agent could open.</summary>
public sealed record GladlyLookupOrder(
    string Type, DateTimeOffset? CreatedAt, string? OrderNumber, int ItemCount, string? OrderTotal, string? CurrencyCode, string? OrderStatus,
    IReadOnlyList<GladlyLookupFulfillment> Fulfillments, IReadOnlyList<GladlyLookupProduct> Products);

/// <summary>A parcel of an order.</summary>
public sealed record GladlyLookupFulfillment(
    string Status, string? Carrier, string? TrackingNumber, string? TrackingUrl, DateTimeOffset? EstimatedDeliveryDate);

/// <summary>A line of an order.</summary>
public sealed record GladlyLookupProduct(string Id, string? Name, string? Sku, int Quantity);

/// <summary>Writes customers in the shape that Gladly documents. Pure.</summary>
public static class GladlyLookupResults
{
    private const string Mobile = "MOBILE";
    private const string Day = "yyyy-MM-dd";

    /// <summary>A candidate: who it is, without orders.</summary>
    public static GladlyLookupResult Basic(CustomerRecord record) => Result(record, record.Id, AttributesOf(record));

    /// <summary>The customer with the newest orders, under the id that was asked for.</summary>
    public static GladlyLookupResult Detailed(CustomerCard card, string? askedId)
    {
        var attributes = AttributesOf(card.Record);
        if (LastParcel(card) is { } parcel)
            attributes["lastParcel"] = parcel;
        return Result(card.Record, askedId ?? card.Record.Id, attributes) with
        {
            Transactions = [.. card.Orders.Where(order => order.Summary.Test != true && order.Summary.Status != "deleted").Select(OrderOf)],
        };
    }

    private static GladlyLookupResult Result(CustomerRecord record, string id, SortedDictionary<string, string> attributes) => new()
    {
        ExternalCustomerId = id,
        Name = record.Name,
        Emails = [.. ContactsOf(record, Identifier.EmailKind, record.Email).Select(email => new GladlyLookupEmail(email))],
        Phones = [.. ContactsOf(record, Identifier.PhoneKind, record.Phone).Select(phone => new GladlyLookupPhone(phone, Mobile))],
        CustomAttributes = attributes,
    };

    /// <summary>The primary one first.</summary>
    private static IEnumerable<string> ContactsOf(CustomerRecord record, string kind, string? primary) =>
        new[] { primary }.OfType<string>().Concat(record.Identifiers.Where(one => one.Kind == kind).Select(one => one.Value)).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>What the record knows; what is unknown is left out.</summary>
    private static SortedDictionary<string, string> AttributesOf(CustomerRecord record)
    {
        var attributes = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["orders"] = Number(record.Storefront.Orders),
            ["cancelledOrders"] = Number(record.Storefront.CancelledOrders),
            ["parcelsInTransit"] = Number(record.Fulfillment.InTransit),
        };
        Add("lifetimeValue", string.Join(", ", record.Storefront.LifetimeValue.Select(money => $"{money.AmountText} {money.Currency}")));
        Add("firstOrderAt", DayOf(record.Storefront.FirstOrderAt));
        Add("lastOrderAt", DayOf(record.Storefront.LastOrderAt));
        Add("lastDeliveredAt", DayOf(record.Fulfillment.LastDeliveredAt));
        foreach (var (channel, statement) in record.Consent)
            Add(channel + "Consent", statement.State);
        foreach (var (channel, state) in record.Deliverability)
            Add(channel + "Deliverability", state);
        return attributes;

        void Add(string name, string? text)
        {
            if (!string.IsNullOrEmpty(text))
                attributes[name] = text;
        }
    }

    /// <summary>The last parcel of the newest order that has one: <c>ups 1Z999: delivered 2026-02-03</c>.</summary>
    private static string? LastParcel(CustomerCard card)
    {
        var parcel = card.Orders.Select(order => order.Summary.Parcels).FirstOrDefault(parcels => parcels.Count > 0)?[^1];
        if (parcel is null)
            return null;
        var label = string.Join(' ', new[] { parcel.Carrier, parcel.Number }.OfType<string>());
        var day = DayOf(parcel.DeliveredAt ?? parcel.EstimatedAt) is not { } at ? "" : parcel.DeliveredAt is null ? $", expected {at}" : $" {at}";
        return (label.Length > 0 ? label + ": " : "") + parcel.Status + day;
    }

    private static GladlyLookupOrder OrderOf(OrderDetails order)
    {
        var summary = order.Summary;
        return new(
            "ORDER", summary.PlacedAt, summary.Number ?? summary.Id[(summary.Id.LastIndexOf('/') + 1)..], order.Items.Sum(item => item.Quantity),
            summary.Total is { } total ? TextOf(total) : null, summary.Total?.Currency, summary.Status,
            [.. summary.Parcels.Select(parcel => new GladlyLookupFulfillment(parcel.Status, parcel.Carrier, parcel.Number, parcel.Url, parcel.EstimatedAt))],
            [.. order.Items.Select((item, index) => new GladlyLookupProduct(item.Sku ?? Number(index + 1), item.Title, item.Sku, item.Quantity))]);
    }

    /// <summary>As Gladly's own examples write it, <c>$50</c>; a currency without a sign of its own stands beside in <c>currencyCode</c>.</summary>
    private static string TextOf(Money money) => money.Currency switch { "USD" => "$", "EUR" => "€", "GBP" => "£", _ => "" } + money.AmountText;

    private static string? DayOf(DateTimeOffset? time) => time?.UtcDateTime.ToString(Day, CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
