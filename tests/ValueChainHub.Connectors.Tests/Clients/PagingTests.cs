using System.Text.Json.Nodes;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core;

namespace ValueChainHub.Connectors.Tests.Clients;

public sealed class PagingTests : IDisposable
{
    private static readonly DateTimeOffset Since = new(2026, 1, 15, 10, 0, 0, TimeSpan.Zero);

    private readonly ScriptedWire _wire = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _wire.Dispose();

    [Fact]
    public async Task Shopify_orders_are_walked_to_the_end_by_its_own_cursor()
    {
        _wire.Answer(Orders("A", hasNext: true, (1, "2026-01-15T10:00:00Z"), (2, "2026-01-15T11:00:00Z"))).Answer(Orders("B", hasNext: false, (3, "2026-01-16T09:00:00Z")));

        var items = await WalkAsync(cursor => Made.ShopifyAdmin(_wire).OrdersAsync(Since, cursor, Token));

        items.Select(item => item.Id).ShouldBe(["1", "2", "3"]);
        items[2].UpdatedAt.ShouldBe(new DateTimeOffset(2026, 1, 16, 9, 0, 0, TimeSpan.Zero));
        _wire.Calls.Count.ShouldBe(2);
        _wire.Calls.ShouldAllBe(call => call.Json["variables"]!["search"]!.GetValue<string>() == "updated_at:>='2026-01-15T10:00:00Z'");
        _wire.Calls[0].Json["variables"]!.AsObject().ContainsKey("after").ShouldBeFalse();
        _wire.Calls[1].Json["variables"]!["after"]!.GetValue<string>().ShouldBe("A");
    }

    [Fact]
    public async Task Shopify_customers_are_asked_for_by_days_and_those_that_did_not_change_since_are_left_out()
    {
        _wire.Answer(List("customers", "A", false, (1, "2026-01-14T23:00:00Z"), (2, "2026-01-15T10:00:00Z")));

        var items = await WalkAsync(cursor => Made.ShopifyAdmin(_wire).CustomersAsync(Since, cursor, Token));

        items.Select(item => item.Id).ShouldBe(["2"]);
        _wire.Last.Json["variables"]!["search"]!.GetValue<string>().ShouldBe("updated_at:>='2026-01-14T00:00:00Z'");
    }

    /// <summary>Shopify gives no more than 25,000 things by one list.</summary>
    [Fact]
    public async Task A_long_walk_at_Shopify_begins_a_new_list_before_the_old_one_ends()
    {
        _wire.Answer(Orders("A", hasNext: true, (1, "2026-01-15T11:00:00Z"))).Answer(Orders("B", hasNext: false));

        var page = (await Made.ShopifyAdmin(_wire).OrdersAsync(Since, "2026-01-15T10:00:00Z~19999~Z", Token)).Value!;
        _ = await Made.ShopifyAdmin(_wire).OrdersAsync(Since, page.Cursor, Token);

        _wire.Calls[0].Json["variables"]!["after"]!.GetValue<string>().ShouldBe("Z");
        _wire.Calls[1].Json["variables"]!["search"]!.GetValue<string>().ShouldBe("updated_at:>='2026-01-15T11:00:00Z'");
        _wire.Calls[1].Json["variables"]!.AsObject().ContainsKey("after").ShouldBeFalse();
    }

    [Fact]
    public async Task Klaviyo_profiles_are_walked_with_their_consent_and_only_the_cursor_is_taken_from_the_link()
    {
        _wire.Answer("""{"data":[{"type":"profile","id":"p1","attributes":{"updated":"2026-01-15T10:00:01+00:00"}}],"links":{"next":"https://elsewhere.example/api/profiles?page%5Bcursor%5D=bmV4dA"}}""")
            .Answer("""{"data":[{"type":"profile","id":"p2","attributes":{"updated":"2026-01-16T10:00:01+00:00"}}],"links":{"next":null}}""");

        var items = await WalkAsync(cursor => Made.KlaviyoAccess(_wire).ProfilesAsync(Since, cursor, Token));

        items.Select(item => item.Id).ShouldBe(["p1", "p2"]);
        _wire.Calls.ShouldAllBe(call => call.Url.Host == "a.klaviyo.com" && call.Query.Contains("filter=greater-than(updated,2026-01-15T10:00:00Z)&sort=updated&additional-fields[profile]=subscriptions&page[size]=100"));
        _wire.Calls[1].Query.ShouldContain("page[cursor]=bmV4dA");
    }

    /// <summary>What changes during a walk goes to its end and moves the rest one place forward: by number alone, one would be passed over at each page.</summary>
    [Fact]
    public async Task ShipStation_shipments_are_walked_from_change_to_change()
    {
        _wire.Answer(Shipments(1, 3, ("se-1", "2026-01-15T10:00:00Z"), ("se-2", "2026-01-15T12:00:00Z")))
            .Answer(Shipments(1, 2, ("se-2", "2026-01-15T12:00:00Z"), ("se-3", "2026-01-15T12:00:00Z")))
            .Answer(Shipments(2, 2, ("se-4", "2026-01-15T12:00:01Z")));

        var items = await WalkAsync(cursor => Made.ShipStation(_wire).ShipmentsAsync(Since, cursor, Token));

        items.Select(item => item.Id).ShouldBe(["se-1", "se-2", "se-2", "se-3", "se-4"]);
        _wire.Calls[0].Query.ShouldBe("?modified_at_start=2026-01-15T10:00:00Z&sort_by=modified_at&sort_dir=asc&page=1&page_size=100");
        _wire.Calls[1].Query.ShouldContain("modified_at_start=2026-01-15T11:59:59Z&sort_by=modified_at&sort_dir=asc&page=1&");
        _wire.Calls[2].Query.ShouldContain("modified_at_start=2026-01-15T11:59:59Z&sort_by=modified_at&sort_dir=asc&page=2&");
    }

    [Fact]
    public async Task Gladly_events_are_lines_and_one_that_is_cut_off_makes_the_answer_none()
    {
        const string Lines = """{"id":"e1","type":"TASK/CREATED","timestamp":"2026-02-20T11:00:00Z"}""" + "\n\n" + """{"id":"e2","type":"CONTACT/STARTED","timestamp":"2026-02-20T11:00:01Z"}""" + "\n";
        _wire.Answer(Lines).Answer(Lines[..^10]);
        var api = Made.GladlyApi(_wire);

        var whole = await api.EventsAsync(Made.Now.AddHours(-1), Made.Now, ["TASK", "CONTACT"], Token);
        var cut = await api.EventsAsync(Made.Now.AddHours(-1), Made.Now, ["TASK", "CONTACT"], Token);

        whole.Value!.Select(item => item.Id).ShouldBe(["e1", "e2"]);
        cut.Failure!.Value.Kind.ShouldBe(ValueChainHub.Core.Connectors.FailureKind.Unavailable);
        _wire.Last.Query.ShouldBe("?startAt=2026-02-20T11:00:00.000Z&endAt=2026-02-20T12:00:00.000Z&entities=TASK&entities=CONTACT");
    }

    private static async Task<List<VendorItem>> WalkAsync(Func<string?, Task<Answer<Page<VendorItem>>>> pageAsync)
    {
        var (items, cursor) = (new List<VendorItem>(), (string?)null);
        for (var pages = 0; pages < 10; pages++)
        {
            var page = (await pageAsync(cursor)).Value.ShouldNotBeNull();
            items.AddRange(page.Items);
            cursor = page.Cursor;
            if (cursor is null)
                return items;
        }
        throw new InvalidOperationException("The walk has no end.");
    }

    private static string Orders(string cursor, bool hasNext, params (int Id, string At)[] orders) => List("orders", cursor, hasNext, orders);

    private static string List(string name, string cursor, bool hasNext, params (int Id, string At)[] nodes) => new JsonObject
    {
        ["data"] = new JsonObject
        {
            [name] = new JsonObject
            {
                ["nodes"] = new JsonArray([.. nodes.Select(node => new JsonObject { ["id"] = $"gid://shopify/Order/{node.Id}", ["updatedAt"] = node.At })]),
                ["pageInfo"] = new JsonObject { ["hasNextPage"] = hasNext, ["endCursor"] = cursor },
            },
        },
    }.ToJsonString();

    private static string Shipments(int page, int pages, params (string Id, string At)[] shipments) => new JsonObject
    {
        ["shipments"] = new JsonArray([.. shipments.Select(one => new JsonObject { ["shipment_id"] = one.Id, ["modified_at"] = one.At })]),
        ["total"] = 5,
        ["page"] = page,
        ["pages"] = pages,
    }.ToJsonString();
}
