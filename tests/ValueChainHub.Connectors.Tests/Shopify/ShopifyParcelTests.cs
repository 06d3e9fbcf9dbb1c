using System.Text.Json.Nodes;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Tests.Shopify;

public sealed class ShopifyParcelTests
{
    private const string Fulfillment = "fulfillment/4400000000000000031";
    private const string Delivered = "milestone/4400000000000000031/delivered";

    [Fact]
    public void A_fulfillment_has_a_parcel_for_each_tracking_number() => Parcels(_ => { }).ShouldBe(
    [
        new("ups", "1Z999AA10123456784", "https://www.ups.example/track?n=1"),
        new("ups", "1Z999AA10123456785", "https://www.ups.example/track?n=2"),
    ]);

    [Fact]
    public void The_same_number_twice_is_one_parcel() => Parcels(body => body["tracking_numbers"] = new JsonArray("1z999aa1", "1Z 999 AA1")).Count.ShouldBe(1);

    [Fact]
    public void A_fulfillment_without_tracking_is_one_parcel()
    {
        var parcel = Parcels(body => (body["tracking_numbers"], body["tracking_number"], body["tracking_urls"], body["tracking_company"]) = (new JsonArray(), null, new JsonArray(), null)).ShouldHaveSingleItem();

        parcel.ShouldBe(new ParcelLabel(null, null, null));
    }

    [Fact]
    public void The_single_tracking_number_counts_where_there_is_no_list() =>
        Parcels(body => body.Remove("tracking_numbers")).ShouldHaveSingleItem().Number.ShouldBe("1Z999AA10123456784");

    [Theory]
    [InlineData("success", "shipped")]
    [InlineData("pending", "pending")]
    [InlineData("open", "pending")]
    [InlineData("cancelled", "cancelled")]
    [InlineData("error", "failed")]
    [InlineData("failure", "failed")]
    public void Each_status_of_a_fulfillment_has_one_of_ours(string word, string status) =>
        ShopifyTests.Translate("fulfillments-create", body => body["status"] = word).Value<Fulfillment>(ShopifyTests.Order, Fulfillment).Status.ShouldBe(status);

    [Theory]
    [InlineData("label_printed", "progress", ParcelStatuses.PreTransit)]
    [InlineData("label_purchased", "progress", ParcelStatuses.PreTransit)]
    [InlineData("confirmed", "progress", ParcelStatuses.PreTransit)]
    [InlineData("in_transit", "progress", ParcelStatuses.InTransit)]
    [InlineData("carrier_picked_up", "progress", ParcelStatuses.InTransit)]
    [InlineData("delayed", "progress", ParcelStatuses.InTransit)]
    [InlineData("out_for_delivery", "progress", ParcelStatuses.OutForDelivery)]
    [InlineData("ready_for_pickup", "progress", ParcelStatuses.AvailableForPickup)]
    [InlineData("delivered", "delivered", ParcelStatuses.Delivered)]
    [InlineData("picked_up", "delivered", ParcelStatuses.Delivered)]
    [InlineData("attempted_delivery", "exception", ParcelStatuses.Exception)]
    [InlineData("failure", "exception", ParcelStatuses.Exception)]
    public void Each_tracking_event_stands_in_its_register(string word, string register, string status)
    {
        var milestone = ShopifyTests.Translate("fulfillment_events-create", body => body["status"] = word)
            .Value<ParcelMilestone>(ShopifyTests.Order, "milestone/4400000000000000031/" + register);

        milestone.Status.ShouldBe(status);
        milestone.At.ShouldBe(new DateTimeOffset(2026, 2, 13, 20, 5, 0, TimeSpan.Zero));
    }

    [Fact]
    public void A_tracking_event_of_an_unknown_kind_is_suppressed()
    {
        var body = ShopifyTests.Body("fulfillment_events-create");
        body["status"] = "teleported";

        ShopifyTests.Raw("fulfillment_events/create", body.ToJsonString()).ShouldBeOfType<Translation.Suppressed>();
    }

    [Fact]
    public void The_carriers_time_of_a_delivery_beats_every_body_that_only_mentions_it()
    {
        var scanned = ShopifyTests.Translate("fulfillment_events-create").Facet(ShopifyTests.Order, Delivered)!;
        var mentioned = ShopifyTests.Translate("fulfillments-update").Facet(ShopifyTests.Order, Delivered)!;
        var mentionedLater = ShopifyTests.Translate("fulfillments-update", body => body["updated_at"] = "2026-03-30T00:00:00Z").Facet(ShopifyTests.Order, Delivered)!;

        mentioned.ShouldBeLessThan(scanned);
        mentionedLater.ShouldBeLessThan(mentioned);
    }

    [Fact]
    public void A_later_edit_of_a_delivered_fulfillment_tells_no_second_delivery()
    {
        var first = ShopifyTests.Translate("fulfillments-update").Events.Single(told => told.Type == EventCatalogue.ParcelDelivered);
        var second = ShopifyTests.Translate("fulfillments-update", body => body["updated_at"] = "2026-03-30T00:00:00Z").Events.Single(told => told.Type == EventCatalogue.ParcelDelivered);

        second.ShouldBe(first);
    }

    [Fact]
    public void A_deleted_tracking_event_takes_back_exactly_itself()
    {
        var made = ShopifyTests.Translate("fulfillment_events-create").Facet(ShopifyTests.Order, Delivered)!;
        var deletion = ShopifyTests.Translate("fulfillment_events-delete");
        var retracted = deletion.Facet(ShopifyTests.Order, Delivered)!;
        var later = ShopifyTests.Translate("fulfillment_events-create", body => body["happened_at"] = "2026-02-14T00:00:00Z").Facet(ShopifyTests.Order, Delivered)!;

        made.ShouldBeLessThan(retracted);
        retracted.ShouldBeLessThan(later);
        ChainJson.Read<ParcelMilestone>(retracted.Value).Status.ShouldBe(ParcelStatuses.Retracted);
        deletion.Fetches.ShouldHaveSingleItem().Resource.ShouldBe("order/9007199254740993001");
    }

    [Fact]
    public void A_copy_inside_an_order_loses_to_the_fulfillments_own_body_of_the_same_second()
    {
        var own = ShopifyTests.Translate("fulfillments-update").Facet(ShopifyTests.Order, Fulfillment)!;
        var copy = ShopifyTests.Translate("orders-updated").Facet(ShopifyTests.Order, Fulfillment)!;
        var fetched = ShopifyTests.Translate("graphql-order").Facet(ShopifyTests.Order, Fulfillment)!;

        copy.Value.ShouldBe(own.Value);
        fetched.Value.ShouldBe(own.Value);
        copy.ShouldBeLessThan(own);
        own.ShouldBeLessThan(fetched);
    }

    [Fact]
    public void A_fulfillment_links_nobody()
    {
        var translated = ShopifyTests.Translate("fulfillments-create");

        translated.Identity.Claims.ShouldBeEmpty();
        translated.Finds().ShouldBe(["email:ada.work@example.org", "phone:+15005550188"]);
    }

    [Theory]
    [InlineData("success", EventCatalogue.ParcelShipped)]
    [InlineData("pending", EventCatalogue.ParcelMoved)]
    [InlineData("cancelled", EventCatalogue.ParcelFailed)]
    public void Only_what_was_shipped_is_told_as_shipped(string word, string type) =>
        ShopifyTests.Translate("fulfillments-create", body => body["status"] = word).Events.ShouldHaveSingleItem().Type.ShouldBe(type);

    private static IReadOnlyList<ParcelLabel> Parcels(Action<JsonObject> change) =>
        ShopifyTests.Translate("fulfillments-create", change).Value<Fulfillment>(ShopifyTests.Order, Fulfillment).Parcels;
}
