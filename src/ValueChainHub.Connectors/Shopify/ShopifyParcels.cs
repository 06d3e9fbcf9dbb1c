using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>Fulfillments, the parcels in them and what happens to those on their way (SEMANTICS 5).</summary>
internal static class ShopifyParcels
{
    /// <summary>fulfillments/create, fulfillments/update.</summary>
    public static void Read(JsonElement body, TranslationDraft draft)
    {
        var orderId = body.RequiredId("order_id"u8);
        var key = draft.Key("order", orderId);
        draft.At = body.Time("updated_at"u8) ?? body.Time("created_at"u8);
        draft.Find(Identifier.Email(body.Text("email"u8)));
        draft.Find(Identifier.Phone(body.Object("destination"u8)?.Text("phone"u8)));
        var fulfillment = WriteFulfillment(body, draft, orderId, draft.Source);
        TellFulfillment(draft, key, fulfillment, draft.At);
        if (Milestone(body.Word("shipment_status"u8)) is { } status && ParcelStatuses.Register(status) is ParcelStatuses.Delivered or ParcelStatuses.Exception)
            TellMilestone(draft, key, new(fulfillment.Id, orderId, status, null, null), null);
    }

    /// <summary>fulfillment_events/create: a scan, with the carrier's own time.</summary>
    public static void Event(JsonElement body, TranslationDraft draft)
    {
        var (orderId, milestone) = EventMilestone(body, draft);
        if (milestone is null)
            return;
        var key = draft.Key("order", orderId);
        WriteMilestone(draft, key, milestone, new(milestone.At, draft.Source, ParcelStatuses.Rank(milestone.Status)));
        TellMilestone(draft, key, milestone, milestone.At);
    }

    /// <summary>fulfillment_events/delete: takes back exactly the statement it deletes, by its own time; what else is true is fetched.</summary>
    public static void DeletedEvent(JsonElement body, TranslationDraft draft)
    {
        var (orderId, milestone) = EventMilestone(body, draft);
        if (milestone is null)
            return;
        var key = draft.Key("order", orderId);
        var register = FacetNames.Milestone(milestone.FulfillmentId, ParcelStatuses.Register(milestone.Status));
        var retracted = milestone with { Status = ParcelStatuses.Retracted, EstimatedAt = null };
        draft.Write(key, Homing.Shopper, register, new(milestone.At, draft.Source, ParcelStatuses.Rank(retracted.Status)), retracted);
        TellMilestone(draft, key, retracted, milestone.At);
        draft.Fetch("order/" + orderId, "a tracking event was deleted");
    }

    /// <summary>Writes a fulfillment's register and the milestone its body mentions, and lets the order be found by its tracking numbers.</summary>
    public static Fulfillment WriteFulfillment(JsonElement body, TranslationDraft draft, string orderId, SourceClass source)
    {
        var (id, createdAt) = (body.OwnId(), body.Time("created_at"u8));
        var at = body.Time("updated_at"u8) ?? createdAt;
        var status = FulfillmentStatus(body.Word("status"u8));
        var fulfillment = new Fulfillment
        {
            Id = id,
            OrderId = orderId,
            Status = status,
            ShippedAt = status == "shipped" ? createdAt : null,
            EstimatedAt = body.Time("estimated_delivery_at"u8),
            Parcels = Labels(body),
        };
        Write(draft, fulfillment, at, source);
        if (Milestone(body.Word("shipment_status"u8)) is { } milestone)
            WriteMentioned(draft, draft.Key("order", orderId), new(id, orderId, milestone, at, null));
        return fulfillment;
    }

    public static void Write(TranslationDraft draft, Fulfillment fulfillment, DateTimeOffset? at, SourceClass source)
    {
        var key = draft.Key("order", fulfillment.OrderId);
        var rank = fulfillment.Status switch { "shipped" => 2, "failed" => 3, "cancelled" => 4, _ => 1 };
        draft.Write(key, Homing.Shopper, FacetNames.Fulfillment(fulfillment.Id), new(at, source, rank), fulfillment);
        foreach (var label in fulfillment.Parcels)
            draft.Refer(key, Homing.Shopper, "tracking", label.Number);
    }

    public static void WriteMilestone(TranslationDraft draft, EntityKey key, ParcelMilestone milestone, FacetVersion version) =>
        draft.Write(key, Homing.Shopper, FacetNames.Milestone(milestone.FulfillmentId, ParcelStatuses.Register(milestone.Status)), version, milestone);

    /// <summary>One label for each tracking number; a fulfillment without any is one parcel.</summary>
    public static List<ParcelLabel> Labels(string? carrier, IEnumerable<(string? Number, string? Url)> tracking)
    {
        var family = Carriers.Family(carrier);
        var labels = new List<ParcelLabel>();
        foreach (var (text, url) in tracking)
        {
            if (Carriers.TrackingNumber(text) is { } number && !labels.Exists(label => label.Number == number))
                labels.Add(new(family, number, string.IsNullOrWhiteSpace(url) ? null : url));
        }
        return labels.Count > 0 ? labels : [new(family, null, null)];
    }

    /// <summary>Shopify's word for a fulfillment in ours.</summary>
    public static string FulfillmentStatus(string? word) => word switch
    {
        "success" => "shipped",
        "cancelled" or "canceled" => "cancelled",
        "error" or "failure" => "failed",
        _ => "pending",
    };

    /// <summary>
    /// Shopify's word for a tracking event in ours. An attempt that failed is an exception: somebody may have to act, and a later delivery overrides it.
    /// Null for words that say nothing of the parcel's way (submitted, fulfilled, marked_as_fulfilled, label_voided).
    /// </summary>
    public static string? Milestone(string? word) => word switch
    {
        "label_purchased" or "label_printed" or "confirmed" => ParcelStatuses.PreTransit,
        "in_transit" or "carrier_picked_up" or "delayed" => ParcelStatuses.InTransit,
        "out_for_delivery" => ParcelStatuses.OutForDelivery,
        "ready_for_pickup" => ParcelStatuses.AvailableForPickup,
        "delivered" or "picked_up" => ParcelStatuses.Delivered,
        "attempted_delivery" or "failure" or "not_delivered" => ParcelStatuses.Exception,
        _ => null,
    };

    /// <summary>What a fulfillment's body says of its parcels: the event for the state of the fulfillment.</summary>
    private static void TellFulfillment(TranslationDraft draft, EntityKey key, Fulfillment fulfillment, DateTimeOffset? at)
    {
        switch (fulfillment.Status)
        {
            case "shipped":
                draft.Tell(EventCatalogue.ParcelShipped, key, fulfillment.ShippedAt ?? at, ChainJson.Write(fulfillment));
                break;
            case "pending":
                TellMilestone(draft, key, new(fulfillment.Id, fulfillment.OrderId, ParcelStatuses.PreTransit, null, fulfillment.EstimatedAt), null);
                break;
            default:
                var status = fulfillment.Status == "cancelled" ? ParcelStatuses.Cancelled : ParcelStatuses.Exception;
                draft.Tell(EventCatalogue.ParcelFailed, key, at, ChainJson.Write(new ParcelMilestone(fulfillment.Id, fulfillment.OrderId, status, at, null)));
                break;
        }
    }

    private static void TellMilestone(TranslationDraft draft, EntityKey key, ParcelMilestone milestone, DateTimeOffset? at) =>
        draft.Tell(Parcels.EventOf(milestone.Status), key, at, ChainJson.Write(milestone));

    /// <summary>
    /// A status mentioned in a fulfillment's body carries no time of its own, only that of the body. A delivery happens once and every later body repeats it,
    /// so there the earliest body is nearest to the truth and any tracking event beats all of them; the other registers follow the body's time.
    /// </summary>
    private static void WriteMentioned(TranslationDraft draft, EntityKey key, ParcelMilestone milestone)
    {
        var version = milestone.Status == ParcelStatuses.Delivered
            ? new FacetVersion(null, SourceClass.Embedded, milestone.At is { } at ? -(int)Math.Clamp(at.ToUnixTimeSeconds() / 60, 0, int.MaxValue) : int.MinValue)
            : new FacetVersion(milestone.At, SourceClass.Embedded, ParcelStatuses.Rank(milestone.Status));
        WriteMilestone(draft, key, milestone, version);
    }

    private static (string OrderId, ParcelMilestone? Milestone) EventMilestone(JsonElement body, TranslationDraft draft)
    {
        var (orderId, fulfillmentId) = (body.RequiredId("order_id"u8), body.RequiredId("fulfillment_id"u8));
        var at = body.Time("happened_at"u8) ?? body.Time("created_at"u8);
        draft.At = at;
        if (Milestone(body.Word("status"u8)) is { } status)
            return (orderId, new(fulfillmentId, orderId, status, at, body.Time("estimated_delivery_at"u8)));
        draft.Suppress("a tracking event whose status is not known");
        return (orderId, null);
    }

    private static List<ParcelLabel> Labels(JsonElement body)
    {
        var (numbers, urls) = (body.Texts("tracking_numbers"u8), body.Texts("tracking_urls"u8));
        if (numbers.Count == 0 && body.Text("tracking_number"u8) is { } number)
            (numbers, urls) = ([number], [body.Text("tracking_url"u8)]);
        return Labels(body.Text("tracking_company"u8), numbers.Select((text, index) => (text, urls.ElementAtOrDefault(index))));
    }
}
