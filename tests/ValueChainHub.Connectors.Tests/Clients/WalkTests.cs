using System.Text.Json.Nodes;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Tests.Clients;

/// <summary>Each vendor's walk over the wire: what is asked for, and what a thing of its list says.</summary>
public sealed class WalkTests : IDisposable
{
    private static readonly DateTimeOffset Since = new(2026, 2, 20, 10, 0, 0, TimeSpan.Zero);

    private readonly ScriptedWire _wire = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _wire.Dispose();

    [Fact]
    public async Task Shopify_customers_come_whole_and_say_what_a_fetched_customer_says()
    {
        _wire.Answer(Nodes("customers", "A", false, ShopCustomer(7, "ada@example.com")));

        var page = await WalkAsync(Made.Shopify(_wire), "customers", Since);

        var thing = page.Things.ShouldHaveSingleItem().ShouldBeOfType<WalkedThing.State>();
        thing.Entity.ShouldBe(new EntityKey("shopify", "customer", "7"));
        thing.ChangedAt.ShouldBe(new DateTimeOffset(2026, 2, 20, 11, 0, 0, TimeSpan.Zero));
        var core = Translated(Made.Shopify(_wire), thing.Topic, thing.Body).Entities.Single(one => one.Key == thing.Entity).Facets.Single(facet => facet.Name == FacetNames.Core);
        core.Version.ShouldBe(new FacetVersion(thing.ChangedAt, SourceClass.Read, 3));
        core.Value.ShouldContain("ada@example.com");
        page.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task Shopify_orders_are_pointed_at_with_the_time_of_their_last_change()
    {
        _wire.Answer(Nodes("orders", "A", false, new JsonObject { ["id"] = "gid://shopify/Order/501", ["updatedAt"] = "2026-02-20T11:00:00Z" }));

        var page = await WalkAsync(Made.Shopify(_wire), "orders", Since);

        page.Things.ShouldHaveSingleItem().ShouldBe(
            new WalkedThing.Pointer("501", new DateTimeOffset(2026, 2, 20, 11, 0, 0, TimeSpan.Zero), new("shopify", "order", "501"), Homing.Shopper, "order/501"));
    }

    /// <summary>More than 25,000 customers changed on one day cannot be walked by days; by rising ids everything can.</summary>
    [Fact]
    public async Task By_pages_Shopify_is_walked_by_rising_ids_across_its_longest_list()
    {
        _wire.Answer(Nodes("orders", "A", true, new JsonObject { ["id"] = "gid://shopify/Order/501", ["updatedAt"] = "2026-02-20T11:00:00Z" }));
        var shop = Made.Shopify(_wire);

        var first = await WalkAsync(shop, "orders", null, "id~~0~");
        var second = await WalkAsync(shop, "orders", null, first.Cursor);
        var last = await WalkAsync(shop, "orders", null, "id~400~19999~Z");
        await WalkAsync(shop, "orders", null, last.Cursor);

        _wire.Calls[0].Json["query"]!.GetValue<string>().ShouldContain("sortKey: ID");
        Variables(0).ContainsKey("search").ShouldBeFalse();
        Variables(1)["after"]!.GetValue<string>().ShouldBe("A");
        Variables(2)["search"]!.GetValue<string>().ShouldBe("id:>400");
        Variables(3)["search"]!.GetValue<string>().ShouldBe("id:>501");
        Variables(3).ContainsKey("after").ShouldBeFalse();
        second.HasMore.ShouldBeTrue();
    }

    [Fact]
    public async Task Behind_the_last_page_Shopify_is_asked_for_what_is_new()
    {
        _wire.Answer(Nodes("orders", "A", false, new JsonObject { ["id"] = "gid://shopify/Order/501", ["updatedAt"] = "2026-02-20T11:00:00Z" }));
        var shop = Made.Shopify(_wire);

        var last = await WalkAsync(shop, "orders", null, "id~~0~");
        await WalkAsync(shop, "orders", null, last.Cursor);

        last.HasMore.ShouldBeFalse();
        Variables(1)["search"]!.GetValue<string>().ShouldBe("id:>501");
    }

    [Fact]
    public async Task Shopify_counts_without_its_usual_limit_and_an_estimate_is_no_count()
    {
        _wire.Answer("""{"data":{"customersCount":{"count":100000,"precision":"EXACT"}}}""").Answer("""{"data":{"ordersCount":{"count":10000,"precision":"AT_LEAST"}}}""");
        var shop = Made.Shopify(_wire);

        (await shop.CountAsync("customers", Token)).ShouldBe(new CountOutcome.Counted(100_000));
        (await shop.CountAsync("orders", Token)).ShouldBeOfType<CountOutcome.Failed>().Kind.ShouldBe(FailureKind.Unavailable);
        _wire.Calls.ShouldAllBe(call => call.Json["query"]!.GetValue<string>().Contains("limit: null"));
    }

    [Fact]
    public async Task ShipStation_shipments_come_whole_and_from_the_beginning_by_the_time_of_their_making()
    {
        _wire.Answer("""{"shipments":[{"shipment_id":"se-1","shipment_number":"1001","shipment_status":"pending","created_at":"2026-02-20T10:30:00Z","modified_at":"2026-02-20T11:00:00Z"}],"total":1,"page":1,"pages":1}""");
        var station = Made.ShipStationConnector(_wire);

        var changed = await WalkAsync(station, "shipments", Since);
        await WalkAsync(station, "shipments", null);

        var thing = changed.Things.ShouldHaveSingleItem().ShouldBeOfType<WalkedThing.State>();
        (thing.Entity, thing.ChangedAt).ShouldBe((new("shipstation", "shipment", "se-1"), new DateTimeOffset(2026, 2, 20, 11, 0, 0, TimeSpan.Zero)));
        thing.ToldOnceAt.ShouldBe(new DateTimeOffset(2026, 2, 20, 10, 30, 0, TimeSpan.Zero), "webhooks tell that it was made, and no more");
        Translated(station, thing.Topic, thing.Body).Entities.ShouldHaveSingleItem().Facets.ShouldHaveSingleItem().Version.Revision.ShouldBe(thing.ChangedAt);
        _wire.Calls[0].Query.ShouldContain("modified_at_start=2026-02-20T10:00:00Z&sort_by=modified_at");
        _wire.Calls[1].Query.ShouldContain("created_at_start=2000-01-01T00:00:00Z&sort_by=created_at");
    }

    /// <summary>The list of labels is the only list that says where parcels are.</summary>
    [Fact]
    public async Task A_listed_label_points_at_the_tracking_that_the_hub_should_have()
    {
        _wire.Answer("""
            {"labels":[
              {"label_id":"se-5","tracking_number":"1Z5","carrier_code":"ups","status":"completed","tracking_status":"delivered","created_at":"2026-02-20T10:30:00Z"},
              {"label_id":"se-6","tracking_number":"1Z6","carrier_code":"ups","status":"completed","tracking_status":"unknown","created_at":"2026-02-20T10:31:00Z"},
              {"label_id":"se-7","tracking_number":"1Z7","carrier_code":"ups","status":"voided","voided":true,"tracking_status":"in_transit","created_at":"2026-02-20T10:32:00Z","voided_at":"2026-02-20T11:00:00Z"}],
             "total":3,"page":1,"pages":1}
            """);
        var station = Made.ShipStationConnector(_wire);

        var page = await WalkAsync(station, "labels", Since);
        var backfill = await WalkAsync(station, "labels", null);

        var tracking = page.Things.OfType<WalkedThing.Pointer>().ShouldHaveSingleItem();
        (tracking.Resource, tracking.Register, tracking.Entity.ToString(), tracking.ChangedAt).ShouldBe(("v2/labels/se-5/track", "delivered", "parcel/tracking/ups-1Z5", null));
        page.Things.OfType<WalkedThing.State>().Select(one => one.Id).ShouldBe(["se-5", "se-6", "se-7"]);
        page.Things[^1].ChangedAt.ShouldBe(new DateTimeOffset(2026, 2, 20, 11, 0, 0, TimeSpan.Zero));
        backfill.Things.ShouldAllBe(one => one is WalkedThing.State);
    }

    [Fact]
    public async Task ShipStation_counts_by_the_total_of_its_list()
    {
        _wire.Answer("""{"labels":[],"total":1234,"page":1,"pages":1234}""");

        (await Made.ShipStationConnector(_wire).CountAsync("labels", Token)).ShouldBe(new CountOutcome.Counted(1_234));
        _wire.Last.Query.ShouldContain("page_size=1");
    }

    [Fact]
    public async Task Gladly_is_walked_hour_by_hour_and_never_further_back_than_it_keeps_its_events()
    {
        _wire.Answer("""{"id":"e1","type":"CONVERSATION/CLOSED","timestamp":"2026-02-20T11:00:00Z","content":{"customerId":"c1","conversationId":"v1"}}""");
        var desk = Made.Gladly(_wire);

        var (cursor, pages, things) = ((string?)null, 0, new List<WalkedThing>());
        for (var hasMore = true; hasMore; pages++)
        {
            // Each with a line of its own: the clock stands still, and a line makes five calls a second.
            var page = await WalkAsync(Made.Gladly(_wire), "events", Made.Now.AddDays(-3), cursor);
            (cursor, hasMore) = (page.Cursor, page.HasMore);
            things.AddRange(page.Things);
        }

        pages.ShouldBe(24);
        _wire.Calls[0].Query.ShouldContain("startAt=2026-02-19T12:01:00.000Z&endAt=2026-02-19T13:01:00.000Z");
        _wire.Last.Query.ShouldContain("endAt=2026-02-20T12:00:00.000Z");
        var thing = things[0].ShouldBeOfType<WalkedThing.Happening>();
        var webhook = desk.Translate(new("gladly", DeliveryKind.Webhook, thing.Topic, new Dictionary<string, string>(), thing.Body, null)).ShouldBeOfType<Translation.Translated>();
        Translated(desk, thing.Topic, thing.Body).Events.ShouldBe(webhook.Events, "it says what its webhook says");
        desk.WalkStreams.ShouldAllBe(stream => !stream.HasBeginning);
    }

    [Fact]
    public async Task Klaviyo_profiles_say_the_account_and_the_dated_consents_of_its_addresses()
    {
        _wire.Answer("""
            {"data":[{"type":"profile","id":"p1","attributes":{"email":"ada@example.com","phone_number":"+15005550006","first_name":"Ada","last_name":"Shopper","updated":"2026-02-20T11:00:00+00:00",
              "subscriptions":{"email":{"marketing":{"consent":"UNSUBSCRIBED","consent_timestamp":"2026-02-20T10:59:00+00:00"}},"sms":{"marketing":{"consent":"NEVER_SUBSCRIBED","consent_timestamp":null}}}}}],
             "links":{"next":null}}
            """);
        var account = Made.Klaviyo(_wire);

        var page = await WalkAsync(account, "profiles", Since);
        await WalkAsync(account, "profiles", null);

        var thing = page.Things.ShouldHaveSingleItem().ShouldBeOfType<WalkedThing.State>();
        var said = Translated(account, thing.Topic, thing.Body);
        said.Events.Select(one => one.Type).ShouldBe([EventCatalogue.MarketingAccountUpdated, EventCatalogue.ConsentChanged]);
        said.Entities.ShouldHaveSingleItem().Facets.Select(facet => (facet.Name, facet.Version.Revision)).ShouldBe(
        [
            (FacetNames.Core, new DateTimeOffset(2026, 2, 20, 11, 0, 0, TimeSpan.Zero)),
            ("consent/email/ada@example.com/marketing", new DateTimeOffset(2026, 2, 20, 10, 59, 0, TimeSpan.Zero)),
        ]);
        account.WalkStreams.ShouldAllBe(stream => !stream.IsTold);
        _wire.Last.Query.ShouldContain("sort=created");
    }

    [Fact]
    public async Task A_vendor_that_throttles_is_a_failure_with_its_time()
    {
        _wire.Answer("{}", System.Net.HttpStatusCode.TooManyRequests, ("Retry-After", "30"));

        var failed = (await Made.ShipStationConnector(_wire).WalkAsync(new("shipments", Since, Made.Now, null), Token)).ShouldBeOfType<WalkOutcome.Failed>();

        (failed.Kind, failed.NotBefore).ShouldBe((FailureKind.Throttled, Made.Now.AddSeconds(30)));
    }

    private static async Task<WalkOutcome.Page> WalkAsync(IWalkConnector connector, string stream, DateTimeOffset? since, string? cursor = null) =>
        (await connector.WalkAsync(new(stream, since, Made.Now, cursor), Token)).ShouldBeOfType<WalkOutcome.Page>();

    private static Translation.Translated Translated(IConnector connector, string topic, ReadOnlyMemory<byte> body) =>
        connector.Translate(new(connector.Name, DeliveryKind.Reconciled, topic, new Dictionary<string, string>(), body, null)).ShouldBeOfType<Translation.Translated>();

    private JsonObject Variables(int call) => _wire.Calls[call].Json["variables"]!.AsObject();

    private static JsonObject ShopCustomer(int id, string email) => new()
    {
        ["id"] = $"gid://shopify/Customer/{id}",
        ["firstName"] = "Ada",
        ["lastName"] = "Shopper",
        ["state"] = "ENABLED",
        ["createdAt"] = "2026-02-01T00:00:00Z",
        ["updatedAt"] = "2026-02-20T11:00:00Z",
        ["defaultEmailAddress"] = new JsonObject { ["emailAddress"] = email, ["marketingState"] = "NOT_SUBSCRIBED", ["marketingUpdatedAt"] = null },
        ["defaultPhoneNumber"] = null,
        ["tags"] = new JsonArray(),
    };

    private static string Nodes(string list, string cursor, bool hasNext, params JsonNode[] nodes) => new JsonObject
    {
        ["data"] = new JsonObject
        {
            [list] = new JsonObject
            {
                ["nodes"] = new JsonArray(nodes),
                ["pageInfo"] = new JsonObject { ["hasNextPage"] = hasNext, ["endCursor"] = cursor },
            },
        },
    }.ToJsonString();
}
