using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Customers;

namespace ValueChainHub.Connectors.ShipStation;

/// <summary>What ShipStation passes on of what carriers say of a parcel.</summary>
internal static class ShipStationTracking
{
    /// <summary>TRACK_EVENT_V2, API_TRACK: carries the tracking, or only points at it.</summary>
    public static void Webhook(JsonElement body, ShipStationDraft draft)
    {
        if (body.Object("data"u8) is { } data)
            Read(data, draft, ShipStationResource.QueryOf(body, "carrier_code"));
        else
            ShipStationResource.Point(body, draft);
    }

    /// <summary>The answer of <c>labels/{id}/track</c> and <c>tracking</c>.</summary>
    public static void Read(JsonElement tracking, ShipStationDraft draft) => Read(tracking, draft, null);

    private static void Read(JsonElement tracking, ShipStationDraft draft, string? carrierOfUrl)
    {
        var number = Carriers.TrackingNumber(tracking.Text("tracking_number"u8)) ?? throw new UnreadableBodyException("tracking_number is missing");
        var carrier = Carriers.Family(tracking.Text("carrier_code"u8) ?? carrierOfUrl);
        var facts = draft.Facts;
        foreach (var (status, at) in Scans(tracking))
            Parcels.Write(facts, Parcels.Milestone(carrier, number, status, at), at);

        if (Status(tracking.Word("status_code"u8), tracking.Word("status_detail_code"u8)) is not { } now)
        {
            facts.Suppress("a tracking whose status is not known");
            return;
        }
        var time = TimeOf(now, tracking);
        var milestone = Parcels.Milestone(carrier, number, now, time, tracking.Time("estimated_delivery_date"u8));
        facts.At = time ?? draft.SignedAt;
        Parcels.Write(facts, milestone, facts.At);
        // Without a carrier's time the event has none either: the time of signing differs between two deliveries that say the same.
        facts.Tell(Parcels.EventOf(now), ParcelTracking.Key(carrier, number), time, ChainJson.Write(milestone));
    }

    /// <summary>The scans so far, each with its time: a webhook that was lost is made good by the next.</summary>
    private static IEnumerable<(string Status, DateTimeOffset At)> Scans(JsonElement tracking)
    {
        foreach (var scan in tracking.Objects("events"u8))
        {
            if (scan.Time("occurred_at"u8) is { } at && Status(scan.Word("status_code"u8), scan.Word("status_detail_code"u8)) is { } status)
                yield return (status, at);
        }
    }

    /// <summary>When it came to be so: the delivery's own time, else the latest scan that says the same, else the latest scan.</summary>
    private static DateTimeOffset? TimeOf(string status, JsonElement tracking)
    {
        var delivered = status == ParcelStatuses.Delivered ? tracking.Time("actual_delivery_date"u8) : null;
        return delivered ?? Parcels.TimeOf(status, Scans(tracking));
    }

    /// <summary>The vendor's codes in our words; the detail tells apart what the code throws together. V2 is documented to give a detail in the code's place.</summary>
    private static string? Status(string? code, string? detail) => (code, Detail(detail)) switch
    {
        (_, ParcelStatuses.Returned) => ParcelStatuses.Returned,
        ("de", _) => ParcelStatuses.Delivered,
        (_, { } said) => said,
        ("ac" or "it", _) => ParcelStatuses.InTransit,
        ("ex" or "at", _) => ParcelStatuses.Exception,
        ("ny", _) => ParcelStatuses.PreTransit,
        ("sp", _) => ParcelStatuses.AvailableForPickup,
        _ => Detail(code) ?? Word(code),
    };

    /// <summary>Details that say more than their code.</summary>
    private static string? Detail(string? detail) => detail switch
    {
        "out_for_delivery" => ParcelStatuses.OutForDelivery,
        "return_to_sender" or "undeliverable_returned_to_sender" => ParcelStatuses.Returned,
        "awaiting_collection_from_pickup_point" or "collect_at_local_po" or "customer_to_collect_from_carrier" or "delivered_to_locker_collection_point" or "delivered_to_pickup_point"
            => ParcelStatuses.AvailableForPickup,
        _ => null,
    };

    /// <summary>Details in the place of a code, where only they say anything.</summary>
    private static string? Word(string? word) => word switch
    {
        "delivered" or "delivered_damaged" or "delivered_in_part" or "delivered_specified_safe_place" or "delivered_to_alternative_delivery_location" or "delivered_to_neighbour"
            or "delivered_to_po_box" or "delivered_to_reception" or "parcel_collected_from_pickup_point" or "proof_of_delivery" => ParcelStatuses.Delivered,
        "in_transit" or "collection_made" or "despatched" or "dropped_off" or "picked_up" or "received_by_carrier" or "received_local_delivery_depot" or "hub_scan_in" or "hub_scan_out"
            or "customs_cleared" or "customs_processing" or "carrier_delays" => ParcelStatuses.InTransit,
        "attempted_delivery" or "attempted_delivery_2nd" or "attempted_delivery_3rd" or "attempted_delivery_final" or "not_delivered" or "parcel_lost" or "parcel_damaged" or "parcel_disposed"
            or "refused_by_customer" or "collection_failed" or "pickup_failed" or "address_query" => ParcelStatuses.Exception,
        "awaiting_despatch" or "collection_requested" or "elec_advice_recd_by_carrier" or "not_yet_received_by_carrier" or "shipment_created" or "awaiting_pickup_drop_off"
            or "awaiting_electronic_advice" => ParcelStatuses.PreTransit,
        _ => null,
    };
}
