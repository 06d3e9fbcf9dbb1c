using System.Globalization;
using System.Text.Json.Nodes;
using ValueChainHub.Sandbox.Books;

namespace ValueChainHub.Sandbox.Audit;

/// <summary>A customer as the hub holds it, beside what the books say of it.</summary>
internal sealed class HeldCustomer(CustomerAccount account, JsonNode record, IReadOnlyList<JsonNode> orders, bool hasTimesOfConsent)
{
    public CustomerAccount Account => account;

    public string Id { get; } = IdOf(record);

    public int Consents => record["consentDetails"]!.AsArray().Count;

    public IReadOnlyDictionary<string, decimal> Money { get; } = record["storefront"]!["lifetimeValue"]!.AsArray()
        .ToDictionary(one => one!["currency"]!.GetValue<string>(), one => Amount(one!["amount"]!), StringComparer.Ordinal);

    public static string IdOf(JsonNode record) => record["id"]!.GetValue<string>();

    public int Number(string part, string name) => record[part]?[name]?.GetValue<int>() ?? 0;

    /// <summary>Each field that is not what the books say.</summary>
    public IEnumerable<string> Differences() => Person().Concat(Storefront()).Concat(Fulfillment()).Concat(Others()).Concat(Orders()).OfType<string>();

    private IEnumerable<string?> Person() =>
    [
        Same("name", account.Name, Text(record["name"])),
        Same("email", account.Email, Text(record["email"])),
        Same("phone", account.Phone, Text(record["phone"])),
        Same("consent", Lines(account.Consents.Select(Line)), Lines(record["consentDetails"]!.AsArray().Select(one => Line(Consent(one!))))),
        Same("deliverability.email", account.EmailDeliverability, Text(record["deliverability"]?["email"])),
    ];

    private IEnumerable<string?> Storefront()
    {
        var real = account.RealOrders.ToList();
        return
        [
            Same("storefront.orders", real.Count, Number("storefront", "orders")),
            Same("storefront.cancelledOrders", real.Count(order => order.IsCancelled), Number("storefront", "cancelledOrders")),
            Same("storefront.lifetimeValue", Lines(account.LifetimeValue.Select(Line)), Lines(Money.Select(Line))),
            Same("storefront.firstOrderAt", real.Min(order => (DateTimeOffset?)order.PlacedAt), Time("storefront", "firstOrderAt")),
            Same("storefront.lastOrderAt", real.Max(order => (DateTimeOffset?)order.PlacedAt), Time("storefront", "lastOrderAt")),
        ];
    }

    private IEnumerable<string?> Fulfillment()
    {
        var parcels = account.Parcels.ToList();
        return
        [
            Same("fulfillment.shipments", parcels.Count, Number("fulfillment", "shipments")),
            Same("fulfillment.inTransit", parcels.Count(parcel => parcel.State == ParcelState.InTransit), Number("fulfillment", "inTransit")),
            Same("fulfillment.delivered", parcels.Count(parcel => parcel.State == ParcelState.Delivered), Number("fulfillment", "delivered")),
            Same("fulfillment.exceptions", parcels.Count(parcel => parcel.State == ParcelState.Exception), Number("fulfillment", "exceptions")),
            Same("fulfillment.returns", account.Returns, Number("fulfillment", "returns")),
            Same("fulfillment.lastDeliveredAt", parcels.Max(parcel => parcel.DeliveredAt), Time("fulfillment", "lastDeliveredAt")),
        ];
    }

    private IEnumerable<string?> Others() =>
    [
        Same("service.conversations", account.Conversations, Number("service", "conversations")),
        Same("service.openConversations", account.OpenConversations, Number("service", "openConversations")),
        Same("service.lastContactAt", account.LastContactAt, Time("service", "lastContactAt")),
        Same("marketing.received", account.Received, Number("marketing", "received")),
        Same("marketing.opened", account.Opened, Number("marketing", "opened")),
        Same("marketing.openedByMachine", account.OpenedByMachine, Number("marketing", "openedByMachine")),
        Same("marketing.clicked", account.Clicked, Number("marketing", "clicked")),
        Same("marketing.lastOpenedAt", account.LastOpenedAt, Time("marketing", "lastOpenedAt")),
        Same("marketing.lastClickedAt", account.LastClickedAt, Time("marketing", "lastClickedAt")),
    ];

    /// <summary>Order by order, parcel by parcel. What was said of an order before the order itself was told is no order yet.</summary>
    private IEnumerable<string?> Orders()
    {
        var known = orders.Where(order => order["total"] is not null).ToList();
        yield return Same(
            "orders",
            Lines(account.Orders.Select(order => $"{order.Number} {order.Status} {order.Currency} {Text(order.Total)} {order.PlacedAt:O} {(order.IsTest ? "test" : "")}")),
            Lines(known.Select(order =>
                $"{Text(order["number"])} {Text(order["status"])} {Text(order["total"]!["currency"])} {Text(Amount(order["total"]!["amount"]!))} {Time(order["placedAt"]):O} {(order["test"] is null ? "" : "test")}")));
        yield return Same(
            "parcels",
            Lines(account.Orders.SelectMany(order => order.Parcels.Select(parcel => $"{order.Number} {parcel.Carrier} {parcel.Number} {parcel.State} {parcel.DeliveredAt:O}"))),
            Lines(known.SelectMany(order => order["parcels"]!.AsArray().Select(parcel =>
                $"{Text(order["number"])} {Text(parcel!["carrier"])} {Text(parcel["number"])} {StateOf(Text(parcel["status"]))} {Time(parcel["deliveredAt"]):O}"))));
    }

    private static ParcelState StateOf(string? status) => status switch
    {
        "delivered" => ParcelState.Delivered,
        "exception" or "returned" => ParcelState.Exception,
        _ => ParcelState.InTransit,
    };

    private static ConsentAccount Consent(JsonNode one) => new(
        Text(one["channel"])!, Text(one["address"])!, Text(one["purpose"])!, Text(one["state"])!, Time(one["at"]));

    private string Line(ConsentAccount one) => $"{one.Channel} {one.Address} {one.Purpose} {one.State}{(hasTimesOfConsent ? $" {one.At:O}" : "")}";

    private static string Line(KeyValuePair<string, decimal> one) => $"{one.Key} {Text(one.Value)}";

    private static string Lines(IEnumerable<string> lines) => string.Join("; ", lines.Order(StringComparer.Ordinal));

    private DateTimeOffset? Time(string part, string name) => Time(record[part]?[name]);

    private static DateTimeOffset? Time(JsonNode? node) =>
        node is null ? null : DateTimeOffset.Parse(node.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUniversalTime();

    private static string? Text(JsonNode? node) => node?.GetValue<string>();

    private static string Text(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    private static decimal Amount(JsonNode amount) => decimal.Parse(amount.GetValue<string>(), CultureInfo.InvariantCulture);

    private static string? Same<T>(string field, T expected, T actual) =>
        EqualityComparer<T>.Default.Equals(expected, actual) ? null : $"{field} is {Shown(actual)}, the books say {Shown(expected)}";

    private static string Shown<T>(T value) => value is DateTimeOffset time ? time.ToString("O", CultureInfo.InvariantCulture) : value?.ToString() ?? "nothing";
}
