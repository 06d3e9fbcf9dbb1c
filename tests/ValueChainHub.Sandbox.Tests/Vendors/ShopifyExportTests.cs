using System.Net;
using System.Text.Json;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.Shopify;

namespace ValueChainHub.Sandbox.Tests.Vendors;

/// <summary>A walk from the beginning, by the files that the shop writes.</summary>
public sealed class ShopifyExportTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_comes_once_and_says_what_a_read_of_it_alone_says()
    {
        await using var hub = await StartAsync(shoppers: 40, new ShopSeed(1, 700, 900, AtTheHub.Now));

        var (orders, customers) = (await WalkAsync(hub, "orders"), await WalkAsync(hub, "customers"));

        orders.Count.ShouldBe((int)await CountAsync(hub, "orders"));
        customers.Count.ShouldBe((int)await CountAsync(hub, "customers"));
        orders.Concat(customers).Select(thing => thing.Id).ShouldBeUnique();
        Shop(hub).Exports.ShouldBe(2);
        var whole = orders.OfType<WalkedThing.State>().ToList();
        foreach (var order in whole.Take(60).Concat(whole.TakeLast(10)))
            Said(hub, order).ShouldBe(await ReadAsync(hub, "order/" + order.Id));
        foreach (var customer in customers.Cast<WalkedThing.State>().Take(30))
            Said(hub, customer).ShouldBe(await ReadAsync(hub, "customer/" + customer.Id));
    }

    /// <summary>What a bulk operation cannot have, it is not to be taken without.</summary>
    [Fact]
    public async Task An_order_with_refunds_is_pointed_at()
    {
        await using var hub = await StartAsync(shoppers: 60);

        var orders = await WalkAsync(hub, "orders");

        var pointed = orders.OfType<WalkedThing.Pointer>().ToList();
        pointed.Count.ShouldBeInRange(1, orders.Count / 2);
        foreach (var pointer in pointed)
            (await ReadAsync(hub, pointer.Resource)).ShouldContain("refund/");
        foreach (var order in orders.OfType<WalkedThing.State>())
            Said(hub, order).ShouldNotContain("refund/");
    }

    [Fact]
    public async Task An_operation_whose_start_was_lost_is_found_again_and_not_started_twice()
    {
        await using var hub = await StartAsync(shoppers: 5);

        var first = await PageAsync(hub, "orders", null);
        var again = await PageAsync(hub, "orders", null);

        again.Cursor.ShouldBe(first.Cursor);
        Shop(hub).Exports.ShouldBe(1);
    }

    [Fact]
    public async Task An_operation_from_before_the_walk_is_not_taken_for_its_own()
    {
        await using var hub = await StartAsync(shoppers: 5);
        await WalkAsync(hub, "orders");

        await WalkAsync(hub, "orders", begunAt: DateTimeOffset.UtcNow.AddMinutes(10));

        Shop(hub).Exports.ShouldBe(2);
    }

    [Fact]
    public async Task A_page_is_the_same_whenever_it_is_asked_for()
    {
        await using var hub = await StartAsync(shoppers: 5, new ShopSeed(2, 10, 600, AtTheHub.Now));
        var (cursor, pages) = ((string?)null, 0);
        for (var hasMore = true; hasMore; pages++)
        {
            var page = await PageAsync(hub, "orders", cursor);
            var again = await PageAsync(hub, "orders", cursor);
            again.Things.Select(thing => thing.Id).ShouldBe(page.Things.Select(thing => thing.Id));
            (again.Cursor, again.HasMore).ShouldBe((page.Cursor, page.HasMore));
            (cursor, hasMore) = (page.Cursor, page.HasMore);
        }
        pages.ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task Behind_the_file_comes_what_was_made_since()
    {
        await using var hub = await ShopifyListTests.StartAsync();
        var placed = ShopStory.Draw(1, 40, AtTheHub.Now).Acts.OfType<OrderPlaced>().Where(act => act.Shopper.Shop == Shops.Home).OrderBy(act => act.Purchase.Number).ToList();
        hub.Play(placed.Take(placed.Count / 2));
        var (orders, cursor) = await WalkFromAsync(hub, "orders", null);
        hub.Play(placed.Skip(placed.Count / 2));

        var (later, _) = await WalkFromAsync(hub, "orders", cursor);

        later.Count.ShouldBeGreaterThan(0);
        (orders.Count + later.Count).ShouldBe((int)await CountAsync(hub, "orders"));
    }

    [Fact]
    public async Task An_operation_that_fails_is_tried_again()
    {
        await using var hub = await StartAsync(shoppers: 5);
        Shop(hub).NextExportFails = "INTERNAL_SERVER_ERROR";

        var orders = await WalkAsync(hub, "orders");

        orders.Count.ShouldBe((int)await CountAsync(hub, "orders"));
        Shop(hub).Exports.ShouldBe(2);
    }

    [Fact]
    public async Task A_shop_whose_operations_always_fail_is_walked_by_pages()
    {
        await using var hub = await StartAsync(shoppers: 5);

        var orders = new List<WalkedThing>();
        var (cursor, hasMore) = ((string?)null, true);
        while (hasMore)
        {
            Shop(hub).NextExportFails = "TIMEOUT";
            var page = await PageAsync(hub, "orders", cursor);
            orders.AddRange(page.Things);
            (cursor, hasMore) = (page.Cursor, page.HasMore);
        }

        orders.Count.ShouldBe((int)await CountAsync(hub, "orders"));
        orders.ShouldAllBe(order => order is WalkedThing.Pointer);
        Shop(hub).Exports.ShouldBe(3);
    }

    [Fact]
    public async Task A_file_that_went_half_way_is_said_and_never_taken_for_the_end()
    {
        await using var hub = await StartAsync(shoppers: 5, new ShopSeed(2, 10, 600, AtTheHub.Now));
        var cursor = (await PageAsync(hub, "orders", (await PageAsync(hub, "orders", null)).Cursor)).Cursor;
        Shop(hub).ExpireExports();

        (await FailureAsync(hub, cursor)).Kind.ShouldBe(FailureKind.Unavailable, "its storage refuses");
        var failed = await FailureAsync(hub, cursor);

        failed.Kind.ShouldBe(FailureKind.Refused);
        failed.Reason.ShouldContain("EXPIRED", Case.Insensitive);
    }

    [Fact]
    public async Task An_empty_shop_has_an_empty_walk()
    {
        await using var hub = await ShopifyListTests.StartAsync();

        (await WalkAsync(hub, "orders")).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_file_is_nobodys_without_its_signature()
    {
        await using var hub = await StartAsync(shoppers: 5);
        await WalkAsync(hub, "customers");
        using var http = new HttpClient();

        using var refused = await http.GetAsync(new Uri(hub.Api, "/exports/4400000000000.jsonl"), Token);

        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static async Task<AtTheHub> StartAsync(int shoppers, ShopSeed? past = null)
    {
        var hub = await ShopifyListTests.StartAsync(past);
        hub.Play(shoppers: shoppers);
        return hub;
    }

    private static ShopifySandbox Shop(AtTheHub hub) => (ShopifySandbox)hub.Vendor;

    private static async Task<IReadOnlyList<WalkedThing>> WalkAsync(AtTheHub hub, string stream, DateTimeOffset? begunAt = null) => (await WalkFromAsync(hub, stream, null, begunAt)).Things;

    private static async Task<(IReadOnlyList<WalkedThing> Things, string? Cursor)> WalkFromAsync(AtTheHub hub, string stream, string? cursor, DateTimeOffset? begunAt = null)
    {
        var things = new List<WalkedThing>();
        for (var hasMore = true; hasMore;)
        {
            var page = await PageAsync(hub, stream, cursor, begunAt);
            things.AddRange(page.Things);
            (cursor, hasMore) = (page.Cursor, page.HasMore);
        }
        return (things, cursor);
    }

    /// <summary>As a run asks: again when the line or the file is not ready.</summary>
    private static async Task<WalkOutcome.Page> PageAsync(AtTheHub hub, string stream, string? cursor, DateTimeOffset? begunAt = null)
    {
        for (; ; await Task.Delay(100, Token))
        {
            switch (await AskAsync(hub, stream, cursor, begunAt))
            {
                case WalkOutcome.Page page:
                    return page;
                case WalkOutcome.Failed failed:
                    failed.Kind.ShouldBe(FailureKind.Throttled, failed.Reason);
                    break;
            }
        }
    }

    /// <summary>Whatever it is but a line that is held for a moment.</summary>
    private static async Task<WalkOutcome.Failed> FailureAsync(AtTheHub hub, string? cursor)
    {
        for (; ; await Task.Delay(100, Token))
        {
            var failed = (await AskAsync(hub, "orders", cursor)).ShouldBeOfType<WalkOutcome.Failed>();
            if (failed.Kind != FailureKind.Throttled)
                return failed;
        }
    }

    private static Task<WalkOutcome> AskAsync(AtTheHub hub, string stream, string? cursor, DateTimeOffset? begunAt = null) =>
        ((IWalkConnector)hub.Connector).WalkAsync(new(stream, null, begunAt ?? DateTimeOffset.UtcNow.AddSeconds(-10), cursor), Token);

    private static async Task<long> CountAsync(AtTheHub hub, string stream)
    {
        for (; ; await Task.Delay(100, Token))
        {
            if (await ((IWalkConnector)hub.Connector).CountAsync(stream, Token) is CountOutcome.Counted { Count: { } count })
                return count;
        }
    }

    /// <summary>All that the hub makes of it, as text.</summary>
    private static string Said(AtTheHub hub, WalkedThing.State thing) => Text(Translated(hub, thing.Topic, thing.Body));

    private static async Task<string> ReadAsync(AtTheHub hub, string resource)
    {
        for (; ; await Task.Delay(100, Token))
        {
            if (await hub.AskAsync(resource) is FetchOutcome.Fetched fetched)
                return Text(Translated(hub, fetched.Topic, fetched.Body));
        }
    }

    private static Translation.Translated Translated(AtTheHub hub, string topic, ReadOnlyMemory<byte> body) =>
        hub.Connector.Translate(new(hub.Connector.Name, DeliveryKind.Fetch, topic, new Dictionary<string, string>(), body, null)).ShouldBeOfType<Translation.Translated>();

    private static string Text(Translation.Translated translated) => JsonSerializer.Serialize(new { translated.Identity, translated.Entities, translated.Events, translated.Fetches });
}
