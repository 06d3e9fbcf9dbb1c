using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Testing;
using ValueChainHub.Testing.Connectors;

namespace ValueChainHub.Connectors.Tests.ShipStation;

public sealed class ShipStationTranslationTests
{
    private static readonly DateTimeOffset SignedAt = new(2026, 2, 11, 15, 5, 0, TimeSpan.Zero);

    [Fact]
    public void A_delivered_parcel_is_told_once_with_the_carriers_time_and_keeps_its_scans()
    {
        var translated = ShipStationTests.Translate("TRACK_EVENT_V2~delivered");

        var told = translated.Events.ShouldHaveSingleItem();
        (told.Type, told.Subject, told.Time).ShouldBe((EventCatalogue.ParcelDelivered, ShipStationTests.Parcel, new DateTimeOffset(2026, 2, 13, 20, 5, 0, TimeSpan.Zero)));
        translated.Facet(ShipStationTests.Parcel, "2026-02/delivered").ShouldNotBeNull().Version.Revision.ShouldBe(told.Time);
        translated.Facet(ShipStationTests.Parcel, "2026-02/progress").ShouldNotBeNull().Version.Revision.ShouldBe(new DateTimeOffset(2026, 2, 12, 8, 40, 0, TimeSpan.Zero));
        translated.Identity.Claims.ShouldBeEmpty();
        translated.Entities.ShouldHaveSingleItem().References.ShouldBe([new Reference("tracking", ShipStationTests.Number)]);
    }

    [Theory]
    [InlineData("UN", null, null)]
    [InlineData("AC", null, ParcelStatuses.InTransit)]
    [InlineData("IT", "IN_TRANSIT", ParcelStatuses.InTransit)]
    [InlineData("IT", "OUT_FOR_DELIVERY", ParcelStatuses.OutForDelivery)]
    [InlineData("DE", null, ParcelStatuses.Delivered)]
    [InlineData("DE", "DELIVERED_TO_LOCKER_COLLECTION_POINT", ParcelStatuses.Delivered)]
    [InlineData("DE", "RETURN_TO_SENDER", ParcelStatuses.Returned)]
    [InlineData("EX", "PARCEL_LOST", ParcelStatuses.Exception)]
    [InlineData("EX", "UNDELIVERABLE_RETURNED_TO_SENDER", ParcelStatuses.Returned)]
    [InlineData("AT", "ATTEMPTED_DELIVERY", ParcelStatuses.Exception)]
    [InlineData("NY", null, ParcelStatuses.PreTransit)]
    [InlineData("SP", null, ParcelStatuses.AvailableForPickup)]
    [InlineData("OUT_FOR_DELIVERY", null, ParcelStatuses.OutForDelivery)]
    [InlineData("DELIVERED_TO_NEIGHBOUR", null, ParcelStatuses.Delivered)]
    [InlineData("NO_SUCH_CODE", "NO_SUCH_DETAIL", null)]
    public void Each_code_is_one_status(string code, string? detail, string? status)
    {
        var body = ShipStationTests.Body("TRACK_EVENT_V2~announced");
        (body["data"]!["status_code"], body["data"]!["status_detail_code"]) = (code, detail);

        var translation = ShipStationTests.Raw("TRACK_EVENT_V2", body.ToJsonString(), SignedAt);

        if (status is null)
            translation.ShouldBeOfType<Translation.Suppressed>();
        else
            ChainJson.Read<ParcelMilestone>(translation.ShouldBeOfType<Translation.Translated>().Events.ShouldHaveSingleItem().Data).Status.ShouldBe(status);
    }

    [Fact]
    public void Without_a_carriers_time_the_signed_time_orders_it_and_the_event_has_none()
    {
        var translated = ShipStationTests.Translate("TRACK_EVENT_V2~announced", signedAt: SignedAt);

        translated.Facet(ShipStationTests.Parcel, "2026-02/progress").ShouldNotBeNull().Version.Revision.ShouldBe(SignedAt);
        translated.Events.ShouldHaveSingleItem().ShouldBe(ShipStationTests.Translate("TRACK_EVENT_V2~announced", signedAt: SignedAt.AddDays(1)).Events[0]);
        translated.Events[0].Time.ShouldBeNull();
    }

    [Fact]
    public void A_time_without_an_offset_is_UTC_wherever_this_runs() =>
        ChainJson.Read<ParcelMilestone>(ShipStationTests.Translate("TRACK_EVENT_V2").Events[0].Data).EstimatedAt.ShouldBe(new DateTimeOffset(2026, 2, 14, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void The_carrier_may_stand_in_the_address_alone() => ShipStationTests.Translate("API_TRACK").Events[0].Subject.ShouldBe(ShipStationTests.Parcel);

    [Theory]
    [InlineData("TRACK_EVENT_V2~thin", "v2/labels/se-55010/track")]
    [InlineData("LABEL_CREATED_V2", "v2/labels/se-55010")]
    [InlineData("SHIPMENT_CREATED_V2", "v2/shipments/se-44010")]
    [InlineData("FULFILLMENT_SHIPPED_V2", "v2/fulfillments/se-33010")]
    [InlineData("BATCH_PROCESSED_V2", "v2/batches/se-22010")]
    [InlineData("fetched-batch", "v2/labels?batch_id=se-22010&page_size=100")]
    public void A_thin_body_is_told_as_a_hint_without_a_time_and_fetched(string recording, string resource)
    {
        var translated = ShipStationTests.Translate(recording, signedAt: SignedAt);

        var told = translated.Events.ShouldHaveSingleItem();
        (told.Type, told.Time).ShouldBe((EventCatalogue.FulfillmentHinted, null));
        translated.Entities.ShouldHaveSingleItem().Facets.ShouldBeEmpty();
        translated.Fetches.ShouldHaveSingleItem().Resource.ShouldBe(resource);
    }

    [Theory]
    [InlineData("https://evil.example/v2/labels/se-1")]
    [InlineData("http://169.254.169.254/v2/labels/se-1")]
    [InlineData("https://api.shipstation.com.evil.example/v2/labels/se-1")]
    [InlineData("https://api.shipstation.com@evil.example/v2/labels/se-1")]
    [InlineData("https://evil@api.shipstation.com/v2/labels/se-1")]
    [InlineData("https://api.shipstation.com:8443/v2/labels/se-1")]
    [InlineData("https://api.shipstation.com/v2/users/se-1")]
    [InlineData("https://api.shipstation.com/v2/labels/../users")]
    public void What_is_not_the_vendors_resource_is_fetched_by_nobody(string url) =>
        ShipStationTests.Raw("LABEL_CREATED_V2", $$"""{"resource_url":"{{url}}","resource_type":"LABEL_CREATED_V2"}""").ShouldBeOfType<Translation.Suppressed>();

    [Fact]
    public void A_sandbox_may_name_itself_or_the_vendor()
    {
        var connector = ShipStationTests.Make(new() { ["BaseUrl"] = "http://127.0.0.1:9999" });

        foreach (var host in new[] { "http://127.0.0.1:9999", "https://api.shipstation.com" })
        {
            var body = $$"""{"resource_url":"{{host}}/v2/labels/se-1","resource_type":"LABEL_CREATED_V2"}""";
            ShipStationTests.Raw("LABEL_CREATED_V2", body, connector: connector).ShouldBeOfType<Translation.Translated>().Fetches.ShouldHaveSingleItem();
        }
    }

    [Fact]
    public void A_label_is_no_parcel_and_its_money_is_decimal()
    {
        var told = ShipStationTests.Translate("fetched-label").Events.ShouldHaveSingleItem();

        (told.Type, told.Subject).ShouldBe((EventCatalogue.LabelChanged, new EntityKey("shipstation", "label", "se-55010")));
        var label = ChainJson.Read<ShippingLabel>(told.Data);
        (label.Carrier, label.Number, label.Cost, label.OrderReference).ShouldBe(("ups", ShipStationTests.Number, new Money("USD", 8.35m), "9007199254740993001"));
        ShipStationTests.Translate("fetched-label").Entities.ShouldAllBe(entity => entity.Key.Type == "label");
    }

    [Fact]
    public void A_voided_label_takes_its_parcel_back()
    {
        var translated = ShipStationTests.Translate("fetched-label~voided");

        ChainJson.Read<ShippingLabel>(translated.Events[0].Data).Status.ShouldBe("voided");
        ChainJson.Read<ParcelMilestone>(translated.Facet(ShipStationTests.Parcel, "2026-02/progress").ShouldNotBeNull().Value).Status.ShouldBe(ParcelStatuses.Cancelled);
    }

    [Fact]
    public void An_order_reference_is_for_the_search_and_nobody_is_claimed_or_found()
    {
        foreach (var recording in new[] { "fetched-label", "fetched-shipment", "fetched-fulfillment" })
        {
            var translated = ShipStationTests.Translate(recording);
            translated.Identity.Claims.ShouldBeEmpty();
            translated.Identity.Finds.ShouldBeEmpty();
            translated.Entities[0].References.ShouldContain(reference => reference.Kind == "order");
            translated.Events.ShouldAllBe(told => !told.Data.Contains("ada", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public void Another_state_of_the_same_resource_is_another_event()
    {
        var first = ShipStationTests.Translate("fetched-shipment").Events[0];
        var second = ShipStationTests.Translate("fetched-shipment", body => (body["shipment_status"], body["modified_at"]) = ("cancelled", "2026-02-12T10:00:00Z")).Events[0];

        second.ShouldNotBe(first);
    }

    [Fact]
    public void Every_shared_body_is_readable()
    {
        foreach (var folder in new[] { "shipstation", "shipengine" })
        {
            var recordings = Directory.GetFiles(SharedFiles.OrSkip("vendors", "payloads", folder), "*.json").Where(path => !Path.GetFileName(path).StartsWith("v1-", StringComparison.Ordinal) && Path.GetFileName(path) != "jwks.json");
            foreach (var recording in recordings.Select(Recording.Read))
            {
                using var body = System.Text.Json.JsonDocument.Parse(recording.Body);
                var topic = body.RootElement.GetProperty("resource_type").GetString()!;
                var hosts = ShipStationTests.Make(new() { ["BaseUrl"] = $"https://api.{folder}.com" });
                ShipStationTests.Raw(topic, System.Text.Encoding.UTF8.GetString(recording.Body), SignedAt, hosts).ShouldBeOfType<Translation.Translated>(recording.Name);
            }
        }
    }

    [Theory]
    [InlineData("shipstation", "labels-list", "fetched/labels")]
    [InlineData("shipstation", "shipments-list", "fetched/shipments")]
    [InlineData("shipstation", "tracking-get", "fetched/tracking")]
    [InlineData("shipengine", "tracking-get", "fetched/tracking")]
    [InlineData("shipengine", "shipment-get", "fetched/shipment")]
    public void Shared_answers_of_the_API_are_readable(string folder, string file, string topic)
    {
        var body = File.ReadAllText(Path.Combine(SharedFiles.OrSkip("vendors", "payloads", folder, "rest"), file + ".json"));

        ShipStationTests.Raw(topic, body).ShouldBeOfType<Translation.Translated>();
    }
}
