using System.Globalization;
using System.Text.Json.Nodes;
using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.State;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Vendors.ShipStation;

/// <summary>A ShipStation V2 account that ships for all shops: orders as shipments, labels, what carriers say; webhooks that point at the API, but for the carriers'.</summary>
/// <param name="books">Who is told of what the API answers.</param>
/// <param name="callsPerMinute">The API's limit; 200 unless the account has more (FACTS 4).</param>
/// <param name="announcesKeys">False: the key after a rotation is published no sooner than it signs.</param>
/// <param name="time">What the limit is counted by.</param>
public sealed partial class ShipStationSandbox(SandboxBooks books, int callsPerMinute = 200, bool announcesKeys = true, TimeProvider? time = null) : ISandboxVendor
{
    private const string ConnectorName = "shipstation";

    private static readonly string[] Events = ["batch_processed_v2", "fulfillment_shipped_v2", "label_created_v2", "label_voided_v2", "shipment_created_v2", "track_event_v2"];

    private const string Shipped = "label_purchased";

    private readonly Lock _gate = new();
    private readonly ShipStationKeys _keys = new(announcesKeys);
    private readonly Allowance _allowance = new(callsPerMinute, TimeSpan.FromMinutes(1), time ?? TimeProvider.System);
    private readonly string _apiKey = Bodies.Hex(40, "shipstation", "api-key");
    private readonly List<ShipStationShipment> _shipments = [];
    private readonly List<ShipStationParcel> _parcels = [];
    private int _made;

    public string Name => ConnectorName;

    /// <summary>A webhook of each event (FACTS 4).</summary>
    public VendorDesk Desk { get; } = new(ConnectorName, Events.Select((topic, index) => (Bodies.Number(70_001 + index), (IReadOnlyList<string>)[topic])), time);

    /// <summary>Not documented (FACTS 0): ten seconds for the answer and four tries more are assumed.</summary>
    public RetryPolicy Retries { get; } = new(TimeSpan.FromSeconds(10), [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1)]);

    public IReadOnlyDictionary<string, string> HubSettings(Uri api) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Vendor"] = "shipstation",
        ["ApiKey"] = _apiKey,
        ["RequestsPerMinute"] = Bodies.Number(Math.Clamp(callsPerMinute / 2, 1, 6_000)),
        ["BaseUrl"] = api.GetLeftPart(UriPartial.Authority),
        ["JwksUrl"] = new Uri(api, "/jwks").AbsoluteUri,
    };

    public Outcome Apply(Act act)
    {
        if (act is not ShippingAct)
            return Outcome.Nothing;
        lock (_gate)
        {
            return act switch
            {
                OrderImported one => Import(one),
                LabelBought one => Buy(one),
                LabelVoided one => Void(one),
                PackageScanned one => Scan(one),
                _ => throw new NotSupportedException(act.GetType().Name),
            };
        }
    }

    public void Sign(HttpRequestMessage request, Webhook webhook, SigningSecret secret, DateTimeOffset now) => _keys.Sign(request, webhook.Body, secret, now);

    private Outcome Import(OrderImported act)
    {
        var shipment = new ShipStationShipment(act.Purchase, act.Shopper, 1, isReturn: false, act.At);
        _shipments.Add(shipment);
        return new([], [Hint("SHIPMENT_CREATED_V2", $"v2/shipments/{shipment.Id}", act.At)]);
    }

    /// <summary>A second parcel of an order is split off it; one that comes back is a shipment of its own.</summary>
    private Outcome Buy(LabelBought act)
    {
        var webhooks = new List<Webhook>();
        if (_shipments.Find(one => one.Purchase == act.Purchase && one.Part == act.Package.Index && one.IsReturn == act.IsReturn) is not { } shipment)
        {
            shipment = new(act.Purchase, act.Shopper, act.Package.Index, act.IsReturn, act.At);
            _shipments.Add(shipment);
            webhooks.Add(Hint("SHIPMENT_CREATED_V2", $"v2/shipments/{shipment.Id}", act.At));
        }
        (shipment.Status, shipment.ModifiedAt) = (Shipped, act.At);
        var parcel = new ShipStationParcel(shipment, act.Package, 1 + _parcels.Count(one => one.Shipment.Purchase == act.Purchase), act.At);
        _parcels.Add(parcel);
        if (parcel.LabelId is { } label)
            webhooks.Add(Hint("LABEL_CREATED_V2", $"v2/labels/{label}", act.At));
        if (parcel.FulfillmentId is { } fulfillment)
            webhooks.Add(Hint("FULFILLMENT_SHIPPED_V2", $"v2/fulfillments/{fulfillment}", act.At));
        return new([], webhooks);
    }

    private Outcome Void(LabelVoided act)
    {
        var parcel = ParcelOf(act.Purchase, act.Package);
        parcel.VoidedAt = act.At;
        (parcel.Shipment.Status, parcel.Shipment.ModifiedAt) = ("pending", act.At);
        return new([], [Hint("LABEL_VOIDED_V2", $"v2/labels/{parcel.LabelId}", act.At)]);
    }

    private Outcome Scan(PackageScanned act)
    {
        var parcel = ParcelOf(act.Purchase, act.Package);
        if (parcel.Package.Number is not { } number)
            return Outcome.Nothing;
        parcel.Scans.Add((act.At, act.Status));
        parcel.ExpectedAt = act.LateUntil ?? parcel.ExpectedAt;
        var webhook = Make("TRACK_EVENT_V2", ShipStationBodies.Track(parcel), $"{parcel.LabelId}/{act.Status}", act.At) with { Tells = parcel.Told(), About = [$"v2/labels/{parcel.LabelId}"] };
        return new([new CarrierScanFact(parcel.Package.Carrier, number, act.At, act.Status)], [webhook]);
    }

    /// <summary>The last one: a package whose label was voided may have another.</summary>
    private ShipStationParcel ParcelOf(Purchase purchase, Package package) =>
        _parcels.FindLast(one => one.Shipment.Purchase == purchase && one.Package == package) ?? throw new InvalidOperationException($"Parcel {package.Index} of {purchase.Number} has no label.");

    private static Webhook Hint(string topic, string resource, DateTimeOffset at) => Make(topic, ShipStationBodies.Thin(topic, resource), resource, at) with { PointsAt = [resource], About = [resource] };

    /// <summary>The vendor gives deliveries no id; this one is for the sandbox alone.</summary>
    private static Webhook Make(string topic, JsonObject body, string about, DateTimeOffset at) =>
        new(Bodies.Guid("shipstation", topic, about, at.UtcTicks.ToString(CultureInfo.InvariantCulture)), topic, body.Bytes(), [], []);
}
