using System.Text;
using System.Text.Json.Nodes;
using ValueChainHub.Connectors.ShipStation;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.ShipStation;
using ValueChainHub.Sandbox.Wire;
using ValueChainHub.Testing;

namespace ValueChainHub.Sandbox.Tests.Vendors;

public sealed class ShipStationSandboxTests
{
    private static readonly DateTimeOffset Day = new(2026, 2, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly Shopper Ada = new(1, "Ada", "Marsh", "ada.marsh1@example.com", null, Shops.Home, IsGuest: false, SharesPhone: false);
    private static readonly Purchase Two = new(7, 1007, PurchaseKind.Web, [new("Wool socks", "SOX-03", 2, 12.50m)], 5.90m);
    private static readonly Package First = new(1, "usps", "9400110899561");
    private static readonly Package Second = new(2, "dhl", "3000000072");

    [Fact]
    public async Task Every_webhook_of_a_story_is_proved_and_understood()
    {
        await using var hub = await StartAsync();

        var webhooks = hub.Play();

        webhooks.Select(webhook => webhook.Topic).Distinct().ShouldBe(["SHIPMENT_CREATED_V2", "LABEL_CREATED_V2", "LABEL_VOIDED_V2", "FULFILLMENT_SHIPPED_V2", "TRACK_EVENT_V2"], ignoreOrder: true);
        foreach (var webhook in webhooks)
            (await hub.TakeAsync(webhook)).Fetches.Select(fetch => fetch.Resource).ShouldBe(webhook.PointsAt);
    }

    [Fact]
    public async Task What_they_point_at_is_answered_and_the_books_know_it()
    {
        await using var hub = await StartAsync();
        foreach (var webhook in hub.Play())
            await hub.TakeAsync(webhook);
        var owed = hub.Books.Owed();
        owed.ShouldNotBeEmpty();

        foreach (var resource in owed)
            await hub.FetchAsync(resource.Split(": ")[1]);

        hub.Books.Owed().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_changed_in_flight_and_a_key_of_somebody_else_are_refused()
    {
        await using var hub = await StartAsync();
        var webhook = hub.Play(Imported())[0];
        var body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(webhook.Body).Replace("se-", "se_", StringComparison.Ordinal));

        (await hub.VerifyAsync(hub.Request(webhook) with { Body = body })).ShouldBeOfType<WebhookVerdict.Refused>();
        (await hub.VerifyAsync(hub.Request(webhook, SigningSecret.Wrong))).ShouldBeOfType<WebhookVerdict.Refused>();
        (await hub.VerifyAsync(hub.Request(webhook), AtTheHub.Now.AddMinutes(6))).ShouldBeOfType<WebhookVerdict.Refused>();
    }

    [Fact]
    public async Task Both_keys_are_good_during_a_rotation()
    {
        await using var hub = await StartAsync();
        var webhook = hub.Play(Imported())[0];

        (await hub.VerifyAsync(hub.Request(webhook, SigningSecret.Previous))).ShouldBeOfType<WebhookVerdict.Genuine>();
        (await hub.VerifyAsync(hub.Request(webhook, SigningSecret.Present))).ShouldBeOfType<WebhookVerdict.Genuine>();
    }

    [Fact]
    public async Task A_key_that_was_not_announced_is_good_as_soon_as_the_keys_may_be_asked_for_again()
    {
        var time = new ManualTime(AtTheHub.Now);
        await using var hub = await AtTheHub.StartAsync(books => new ShipStationSandbox(books, announcesKeys: false), () => ShipStationVendor.ShipStation(time));
        var webhook = hub.Play(Imported())[0];
        (await hub.VerifyAsync(hub.Request(webhook, SigningSecret.Previous))).ShouldBeOfType<WebhookVerdict.Genuine>();

        (await hub.VerifyAsync(hub.Request(webhook))).ShouldBeOfType<WebhookVerdict.Refused>();
        time.Advance(TimeSpan.FromMinutes(1));
        (await hub.VerifyAsync(hub.Request(webhook))).ShouldBeOfType<WebhookVerdict.Genuine>();
    }

    [Fact]
    public async Task A_second_parcel_is_split_off_its_order()
    {
        await using var hub = await StartAsync();

        var webhooks = hub.Play(Imported(), new LabelBought(Day.AddHours(1), Ada, Two, First), new LabelBought(Day.AddHours(2), Ada, Two, Second));

        webhooks.Count(webhook => webhook.Topic == "SHIPMENT_CREATED_V2").ShouldBe(2);
        var labels = Labels(webhooks);
        var (one, other) = (await LabelAsync(hub, labels[0]), await LabelAsync(hub, labels[1]));
        (one.Carrier, one.Number, other.Carrier, other.Number).ShouldBe(("usps", First.Number, "dhl", Second.Number));
        one.ShipmentId.ShouldNotBe(other.ShipmentId);
        one.OrderReference.ShouldBe("1007");
        one.Cost.ShouldBe(new Money("USD", 6.70m));
    }

    [Fact]
    public async Task A_carrier_tells_all_its_scans_with_each()
    {
        await using var hub = await StartAsync();

        var webhooks = hub.Play(
            Imported(), new LabelBought(Day.AddHours(1), Ada, Two, First),
            Scanned(10, ScanStatus.InTransit), Scanned(40, ScanStatus.Exception, Day.AddDays(6)), Scanned(80, ScanStatus.OutForDelivery), Scanned(84, ScanStatus.Delivered));

        var tracks = webhooks.Where(webhook => webhook.Topic == "TRACK_EVENT_V2").ToList();
        tracks.Select(webhook => webhook.Tells.Count).ShouldBe([1, 2, 3, 4]);
        var said = new List<string>();
        foreach (var webhook in tracks)
            said.Add(ChainJson.Read<ParcelMilestone>((await hub.TakeAsync(webhook)).Events.ShouldHaveSingleItem().Data).Status);
        said.ShouldBe([ParcelStatuses.InTransit, ParcelStatuses.Exception, ParcelStatuses.OutForDelivery, ParcelStatuses.Delivered]);
        tracks[^1].Tells.ShouldContain(new CarrierScanFact("usps", First.Number!, Day.AddHours(84), ScanStatus.Delivered));
    }

    [Fact]
    public async Task A_late_parcel_has_another_estimate_without_an_offset()
    {
        await using var hub = await StartAsync();

        var webhooks = hub.Play(Imported(), new LabelBought(Day, Ada, Two, First), Scanned(40, ScanStatus.Exception, Day.AddDays(6)));

        var data = JsonNode.Parse(webhooks[^1].Body)!["data"]!;
        ((string?)data["estimated_delivery_date"], (string?)data["events"]![0]!["occurred_at"]).ShouldBe(("2026-02-07T09:00:00", "2026-02-03T01:00:00Z"));
    }

    [Fact]
    public async Task A_voided_label_is_replaced_by_another_of_the_same_shipment()
    {
        await using var hub = await StartAsync();
        var again = First with { Number = "9400110899562" };

        var webhooks = hub.Play(
            Imported(), new LabelBought(Day, Ada, Two, First), new LabelVoided(Day.AddHours(1), Ada, Two, First), new LabelBought(Day.AddHours(2), Ada, Two, again));

        webhooks.ShouldContain(webhook => webhook.Topic == "LABEL_VOIDED_V2");
        var labels = Labels(webhooks).Distinct().ToList();
        var (voided, present) = (await LabelAsync(hub, labels[0]), await LabelAsync(hub, labels[1]));
        (voided.Status, voided.VoidedAt, present.Status, present.ShipmentId).ShouldBe(("voided", Day.AddHours(1), "completed", voided.ShipmentId));
    }

    [Fact]
    public async Task A_return_has_a_label_and_a_shipment_of_its_own_and_fulfils_nothing()
    {
        await using var hub = await StartAsync();

        var webhooks = hub.Play(Imported(), new LabelBought(Day.AddDays(9), Ada, Two, Second with { Index = 1 }, IsReturn: true));

        webhooks.Select(webhook => webhook.Topic).ShouldBe(["SHIPMENT_CREATED_V2", "SHIPMENT_CREATED_V2", "LABEL_CREATED_V2"]);
        (await LabelAsync(hub, webhooks[^1].PointsAt[0])).Return.ShouldBeTrue();
    }

    [Fact]
    public async Task Pages_are_whole_together()
    {
        await using var hub = await StartAsync();
        hub.Play();

        var one = await hub.FetchAsync("v2/shipments?page=1&page_size=500");
        var (first, second) = (await hub.FetchAsync("v2/shipments?page=1&page_size=20"), await hub.FetchAsync("v2/shipments?page=2&page_size=20"));

        first.Entities.Concat(second.Entities).Select(entity => entity.Key).ShouldBe(one.Entities.Select(entity => entity.Key).Take(40));
        first.Entities.Count.ShouldBe(20);
    }

    [Fact]
    public async Task Another_key_than_the_accounts_is_refused()
    {
        await using var hub = await AtTheHub.StartAsync(books => new ShipStationSandbox(books), () => ShipStationVendor.ShipStation(TimeProvider.System), settings => settings["ApiKey"] += "x");

        (await hub.AskAsync("v2/shipments")).ShouldBeOfType<FetchOutcome.Failed>().Kind.ShouldBe(FailureKind.Unauthorized);
    }

    [Fact]
    public async Task A_call_too_many_in_a_minute_is_told_when_to_come_back()
    {
        var time = new ManualTime(AtTheHub.Now);
        await using var hub = await AtTheHub.StartAsync(
            books => new ShipStationSandbox(books, callsPerMinute: 1, time: time), () => ShipStationVendor.ShipStation(time), settings => settings["RequestsPerMinute"] = "100");
        await hub.FetchAsync("v2/shipments");
        time.Advance(TimeSpan.FromSeconds(20));

        var refused = (await hub.AskAsync("v2/shipments")).ShouldBeOfType<FetchOutcome.Failed>();
        refused.Kind.ShouldBe(FailureKind.Throttled);
        refused.Reason.ShouldStartWith("HTTP 429 rate_limit_exceeded");
        refused.NotBefore.ShouldBe(time.GetUtcNow().AddSeconds(40));
        time.Advance(TimeSpan.FromSeconds(40));
        await hub.FetchAsync("v2/shipments");
    }

    [Fact]
    public async Task The_same_acts_make_the_same_bytes()
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync();

        one.Play().Select(webhook => (webhook.Id, Encoding.UTF8.GetString(webhook.Body))).ShouldBe(other.Play().Select(webhook => (webhook.Id, Encoding.UTF8.GetString(webhook.Body))));
    }

    private static Task<AtTheHub> StartAsync() => AtTheHub.StartAsync(books => new ShipStationSandbox(books, callsPerMinute: 10_000), () => ShipStationVendor.ShipStation(TimeProvider.System));

    private static OrderImported Imported() => new(Day.AddMinutes(-5), Ada, Two);

    private static PackageScanned Scanned(int hours, ScanStatus status, DateTimeOffset? lateUntil = null) => new(Day.AddHours(hours), Ada, Two, First, status, lateUntil);

    private static List<string> Labels(IEnumerable<Webhook> webhooks) => [.. webhooks.SelectMany(webhook => webhook.PointsAt).Where(resource => resource.StartsWith("v2/labels/", StringComparison.Ordinal))];

    private static async Task<ShippingLabel> LabelAsync(AtTheHub hub, string resource) =>
        ChainJson.Read<ShippingLabel>((await hub.FetchAsync(resource)).Events.ShouldHaveSingleItem().Data);
}
