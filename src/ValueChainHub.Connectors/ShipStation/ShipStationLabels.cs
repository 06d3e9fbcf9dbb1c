using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.ShipStation;

/// <summary>Labels, shipments and fulfillments as fetched. None of them is a parcel of a shopper's order by itself: the storefront says which parcels an order has (SEMANTICS 5).</summary>
internal static class ShipStationLabels
{
    /// <summary><c>labels/{id}</c>.</summary>
    public static void Label(JsonElement body, ShipStationDraft draft)
    {
        var (id, voidedAt, createdAt) = (Required(body, "label_id"u8), body.Time("voided_at"u8), body.Time("created_at"u8));
        var shipment = body.Object("shipment"u8);
        var label = new ShippingLabel
        {
            Id = id,
            Status = body.Flag("voided"u8) ? "voided" : body.Word("status"u8),
            TrackingStatus = body.Word("tracking_status"u8),
            Carrier = Carriers.Family(body.Text("carrier_code"u8)),
            Number = Carriers.TrackingNumber(body.Text("tracking_number"u8)),
            ShipmentId = body.Text("shipment_id"u8),
            OrderReference = body.Text("external_order_id"u8) ?? shipment?.Text("external_order_id"u8) ?? shipment?.Text("shipment_number"u8),
            Return = body.Flag("is_return_label"u8),
            CreatedAt = createdAt,
            VoidedAt = voidedAt,
            Cost = Money(body, "shipment_cost"u8),
        };
        var (facts, at) = (draft.Facts, voidedAt ?? createdAt);
        var key = facts.Key("label", id);
        facts.At ??= at;
        facts.Tell(EventCatalogue.LabelChanged, key, at, facts.Write(key, Homing.Own, FacetNames.Core, new(at, facts.Source, Rank(label)), label));
        Refer(facts, key, label.OrderReference, label.Number);
        if (label.Status == "voided" && label.Number is { } number)
            Parcels.Write(facts, Parcels.Milestone(label.Carrier, number, ParcelStatuses.Cancelled, at), at);
    }

    /// <summary>A page of labels.</summary>
    public static void Labels(JsonElement body, ShipStationDraft draft) => Each(body, "labels"u8, draft, Label);

    /// <summary><c>shipments/{id}</c>: in this system an order is a shipment.</summary>
    public static void Shipment(JsonElement body, ShipStationDraft draft)
    {
        var (id, createdAt) = (Required(body, "shipment_id"u8), body.Time("created_at"u8));
        var at = body.Time("modified_at"u8) ?? createdAt;
        var shipment = new Shipment
        {
            Id = id,
            Number = body.Text("shipment_number"u8),
            OrderReference = body.Text("external_order_id"u8) ?? body.Text("external_shipment_id"u8),
            Status = body.Word("shipment_status"u8),
            CreatedAt = createdAt,
            ChangedAt = at,
            Paid = Money(body, "amount_paid"u8),
        };
        var rank = shipment.Status switch { "pending" => 1, "processing" => 2, "label_purchased" => 3, "cancelled" => 4, _ => 0 };
        var (facts, key) = (draft.Facts, draft.Facts.Key("shipment", id));
        facts.At ??= at;
        facts.Tell(EventCatalogue.ShipmentChanged, key, at, facts.Write(key, Homing.Own, FacetNames.Core, new(at, facts.Source, rank), shipment));
        Refer(facts, key, shipment.OrderReference, null);
        Refer(facts, key, shipment.Number, null);
    }

    /// <summary>A page of shipments.</summary>
    public static void Shipments(JsonElement body, ShipStationDraft draft) => Each(body, "shipments"u8, draft, Shipment);

    /// <summary><c>fulfillments/{id}</c>: a shipment that left, with or without a label of this system's.</summary>
    public static void Fulfillment(JsonElement body, ShipStationDraft draft)
    {
        var (id, voidedAt, createdAt) = (Required(body, "fulfillment_id"u8), body.Time("voided_at"u8), body.Time("created_at"u8));
        var (carrier, number) = (Carriers.Family(body.Text("carrier_code"u8) ?? body.Text("fulfillment_carrier_friendly_name"u8)), Carriers.TrackingNumber(body.Text("tracking_number"u8)));
        var (reference, at) = (body.Text("external_order_id"u8) ?? body.Text("shipment_number"u8), voidedAt ?? createdAt ?? body.Time("ship_date"u8));
        var fulfillment = new Fulfillment
        {
            Id = id,
            OrderId = reference ?? "",
            Status = voidedAt is null ? "shipped" : "cancelled",
            ShippedAt = body.Time("ship_date"u8) ?? createdAt,
            Parcels = [new ParcelLabel(carrier, number, null)],
        };
        var (facts, key) = (draft.Facts, draft.Facts.Key("fulfillment", id));
        facts.At ??= at;
        facts.Tell(EventCatalogue.ParcelShipped, key, at, facts.Write(key, Homing.Own, FacetNames.Core, new(at, facts.Source, voidedAt is null ? 1 : 2), fulfillment));
        Refer(facts, key, reference, number);
        if (number is null)
            return;
        if (body.Time("delivered_at"u8) is { } deliveredAt)
            Parcels.Write(facts, Parcels.Milestone(carrier, number, ParcelStatuses.Delivered, deliveredAt), deliveredAt);
        if (voidedAt is not null)
            Parcels.Write(facts, Parcels.Milestone(carrier, number, ParcelStatuses.Cancelled, voidedAt), voidedAt);
    }

    /// <summary>A page of fulfillments.</summary>
    public static void Fulfillments(JsonElement body, ShipStationDraft draft) => Each(body, "fulfillments"u8, draft, Fulfillment);

    /// <summary><c>batches/{id}</c>: says how many labels were made; the labels themselves are asked for.</summary>
    public static void Batch(JsonElement body, ShipStationDraft draft)
    {
        var id = Required(body, "batch_id"u8);
        ShipStationResource.Fetch(draft, new("batch", id), $"{VersionOf(draft)}/labels?batch_id={Uri.EscapeDataString(id)}&page_size=100", "a batch of labels was processed");
    }

    private static void Each(JsonElement body, ReadOnlySpan<byte> list, ShipStationDraft draft, ShipStationTopics.Reader reader)
    {
        foreach (var item in body.Objects(list))
            reader(item, draft);
    }

    /// <summary>The two hosts differ in the version of their paths.</summary>
    private static string VersionOf(ShipStationDraft draft) => draft.Hosts.Contains("api.shipengine.com") ? "v1" : "v2";

    private static string Required(JsonElement body, ReadOnlySpan<byte> name) =>
        body.Text(name) ?? throw new UnreadableBodyException($"{System.Text.Encoding.UTF8.GetString(name)} is missing");

    private static void Refer(TranslationDraft facts, EntityKey key, string? order, string? number)
    {
        facts.Refer(key, Homing.Own, "order", order?.TrimStart('#').Trim().ToUpperInvariant());
        facts.Refer(key, Homing.Own, "tracking", number);
    }

    /// <summary><c>{"currency":"usd","amount":12.5}</c>; null without a currency.</summary>
    private static Money? Money(JsonElement body, ReadOnlySpan<byte> name) =>
        body.Object(name) is { } money && money.Amount("amount"u8) is { } amount && money.Text("currency"u8) is { Length: 3 } currency ? new(currency.ToUpperInvariant(), amount) : null;

    /// <summary>A label has no time of change: of two answers the later state wins.</summary>
    private static int Rank(ShippingLabel label)
    {
        var status = label.Status switch { "processing" => 1, "error" => 2, "completed" => 3, "voided" => 4, _ => 0 };
        var tracking = label.TrackingStatus switch { "in_transit" => 1, "error" => 2, "delivered" => 3, _ => 0 };
        return (status * 10) + tracking;
    }
}
