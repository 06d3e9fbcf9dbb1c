using System.Globalization;
using System.Text.Json.Nodes;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.State;

namespace ValueChainHub.Sandbox.Vendors.ShipStation;

/// <summary>Bodies as ShipStation V2 writes them: money as a number with a currency in lower case, times in UTC, but the carriers' own without an offset.</summary>
internal static class ShipStationBodies
{
    public const string Host = "https://api.shipstation.com/";

    private const int CarrierAccount = 402_117;

    /// <summary>A webhook that carries nothing but where to look.</summary>
    public static JsonObject Thin(string topic, string resource) => new() { ["resource_url"] = Host + resource, ["resource_type"] = topic };

    /// <summary>A webhook with what the carrier says. Here the carrier's account is a number.</summary>
    public static JsonObject Track(ShipStationParcel parcel)
    {
        var body = Thin("TRACK_EVENT_V2", $"v2/labels/{parcel.LabelId}/track");
        var data = Tracking(parcel);
        data["carrier_id"] = CarrierAccount;
        body["data"] = data;
        return body;
    }

    public static JsonObject Tracking(ShipStationParcel parcel)
    {
        var body = Status(parcel.Scans.Count == 0 ? null : parcel.Scans[^1].Status, isFirst: parcel.Scans.Count == 1);
        body["tracking_number"] = parcel.Package.Number;
        body["tracking_url"] = $"https://track.example/{parcel.Package.Carrier}/{parcel.Package.Number}";
        body["carrier_id"] = CarrierId;
        body["carrier_code"] = CarrierCode(parcel.Package.Carrier);
        body["ship_date"] = parcel.CreatedAt.Utc();
        body["estimated_delivery_date"] = WithoutOffset(parcel.ExpectedAt);
        body["actual_delivery_date"] = parcel.DeliveredAt?.Utc();
        body["exception_description"] = null;
        body["events"] = new JsonArray([.. parcel.Scans.Select((scan, index) => Scan(parcel, scan.At, scan.Status, isFirst: index == 0)).Reverse()]);
        return body;
    }

    public static JsonObject Shipment(ShipStationShipment shipment) => new()
    {
        ["shipment_id"] = shipment.Id,
        ["carrier_id"] = CarrierId,
        ["service_code"] = null,
        ["external_order_id"] = null,
        ["items"] = new JsonArray([.. shipment.Purchase.Lines.Select(line => new JsonObject
        {
            ["name"] = line.Title,
            ["sku"] = line.Sku,
            ["quantity"] = line.Quantity,
            ["unit_price"] = JsonValue.Create(line.Price),
        })]),
        ["amount_paid"] = Money(shipment, shipment.Purchase.Total),
        ["shipping_paid"] = Money(shipment, shipment.Purchase.Shipping),
        ["tax_paid"] = Money(shipment, 0),
        ["external_shipment_id"] = shipment.ExternalId,
        ["shipment_number"] = shipment.Purchase.Number.ToString(CultureInfo.InvariantCulture),
        ["ship_date"] = shipment.CreatedAt.Utc(),
        ["created_at"] = shipment.CreatedAt.Utc(),
        ["modified_at"] = shipment.ModifiedAt.Utc(),
        ["shipment_status"] = shipment.Status,
        ["ship_to"] = shipment.IsReturn ? Warehouse() : Address(shipment.Shopper),
        ["ship_from"] = shipment.IsReturn ? Address(shipment.Shopper) : Warehouse(),
        ["is_return"] = shipment.IsReturn,
        ["confirmation"] = "none",
        ["insurance_provider"] = "none",
        ["tags"] = new JsonArray(),
    };

    public static JsonObject Label(ShipStationParcel parcel) => new()
    {
        ["label_id"] = parcel.LabelId,
        ["status"] = parcel.VoidedAt is null ? "completed" : "voided",
        ["shipment_id"] = parcel.Shipment.Id,
        ["external_shipment_id"] = parcel.Shipment.ExternalId,
        ["external_order_id"] = null,
        ["shipment"] = Shipment(parcel.Shipment),
        ["ship_date"] = parcel.CreatedAt.Utc(),
        ["created_at"] = parcel.CreatedAt.Utc(),
        ["shipment_cost"] = Money(parcel.Shipment, Cost(parcel)),
        ["insurance_cost"] = Money(parcel.Shipment, 0),
        ["tracking_number"] = parcel.Package.Number,
        ["is_return_label"] = parcel.Shipment.IsReturn,
        ["is_international"] = false,
        ["batch_id"] = "",
        ["carrier_id"] = CarrierId,
        ["carrier_code"] = CarrierCode(parcel.Package.Carrier),
        ["service_code"] = CarrierCode(parcel.Package.Carrier) + "_ground",
        ["package_code"] = "package",
        ["voided"] = parcel.VoidedAt is not null,
        ["voided_at"] = parcel.VoidedAt?.Utc(),
        ["label_format"] = "pdf",
        ["label_layout"] = "4x6",
        ["trackable"] = true,
        ["tracking_status"] = parcel.DeliveredAt is not null ? "delivered" : parcel.Scans.Count > 0 ? "in_transit" : "unknown",
        ["label_download"] = new JsonObject { ["href"] = $"{Host}v2/downloads/{parcel.LabelId}.pdf" },
    };

    public static JsonObject Fulfillment(ShipStationParcel parcel) => new()
    {
        ["fulfillment_id"] = parcel.FulfillmentId,
        ["shipment_id"] = parcel.Shipment.Id,
        ["shipment_number"] = parcel.Shipment.Purchase.Number.ToString(CultureInfo.InvariantCulture),
        ["external_order_id"] = null,
        ["fulfillment_provider_friendly_name"] = "ShipStation",
        ["fulfillment_carrier_friendly_name"] = parcel.Package.Carrier.ToUpperInvariant(),
        ["carrier_code"] = CarrierCode(parcel.Package.Carrier),
        ["tracking_number"] = parcel.Package.Number,
        ["created_at"] = parcel.CreatedAt.Utc(),
        ["ship_date"] = parcel.CreatedAt.Utc(),
        ["delivered_at"] = parcel.DeliveredAt?.Utc(),
        ["voided_at"] = parcel.VoidedAt?.Utc(),
        ["ship_to"] = Address(parcel.Shipment.Shopper),
    };

    public static JsonObject Webhook(Subscription one) => new() { ["webhook_id"] = one.Id, ["url"] = one.Address, ["event"] = one.Topics[0], ["name"] = "Hub", ["headers"] = new JsonArray() };

    public static JsonObject Error(string type, string code, string message) => new()
    {
        ["request_id"] = Bodies.Guid("shipstation", "error", code),
        ["errors"] = new JsonArray(new JsonObject { ["error_source"] = "shipstation", ["error_type"] = type, ["error_code"] = code, ["message"] = message }),
    };

    private static string CarrierId => FormattableString.Invariant($"se-{CarrierAccount}");

    /// <summary>One carrier has many names at the vendor.</summary>
    private static string CarrierCode(string family) => family switch { "usps" => "stamps_com", "dhl" => "dhl_express", _ => family };

    private static JsonObject Scan(ShipStationParcel parcel, DateTimeOffset at, ScanStatus status, bool isFirst)
    {
        var body = Status(status, isFirst);
        body["occurred_at"] = at.Utc();
        body["carrier_occurred_at"] = WithoutOffset(at.ToOffset(TimeSpan.FromHours(parcel.Shipment.Shopper.Shop == Shops.Home ? -5 : 1)));
        body["description"] = body["status_description"]!.GetValue<string>();
        body["city_locality"] = "";
        body["country_code"] = parcel.Shipment.Shopper.Shop == Shops.Home ? "US" : "DE";
        body["signer"] = "";
        body["event_code"] = body["carrier_status_code"]!.GetValue<string>();
        return body;
    }

    private static JsonObject Status(ScanStatus? status, bool isFirst)
    {
        var (code, detail, description) = status switch
        {
            null => ("NY", "NOT_YET_RECEIVED_BY_CARRIER", "Not Yet In System"),
            ScanStatus.InTransit when isFirst => ("AC", "COLLECTION_MADE", "Accepted"),
            ScanStatus.InTransit => ("IT", "IN_TRANSIT", "In Transit"),
            ScanStatus.OutForDelivery => ("IT", "OUT_FOR_DELIVERY", "Out For Delivery"),
            ScanStatus.Delivered => ("DE", "DELIVERED", "Delivered"),
            ScanStatus.Exception => ("EX", "CARRIER_DELAYS", "Exception"),
            _ => ("EX", "RETURN_TO_SENDER", "Return To Sender"),
        };
        return new() { ["status_code"] = code, ["status_detail_code"] = detail, ["status_description"] = description, ["carrier_status_code"] = code[..1], ["carrier_status_description"] = description };
    }

    private static string WithoutOffset(DateTimeOffset time) => time.DateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);

    private static JsonObject Money(ShipStationShipment shipment, decimal amount) =>
        new() { ["currency"] = Shops.CurrencyOf(shipment.Shopper.Shop).ToLowerInvariant(), ["amount"] = JsonValue.Create(amount) };

    private static decimal Cost(ShipStationParcel parcel) => 5.95m + (parcel.Package.Index * 0.75m);

    private static JsonObject Address(Shopper shopper) => Address(shopper.Name, shopper.Phone, shopper.Email);

    private static JsonObject Warehouse() => Address("Warehouse", "+15005550100", null);

    private static JsonObject Address(string name, string? phone, string? email) =>
        new() { ["name"] = name, ["phone"] = phone, ["email"] = email, ["company_name"] = null, ["address_line1"] = "1 Example Street", ["city_locality"] = "Springfield" };
}
