using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Connectors.Shopify;
using ValueChainHub.Core;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.Shopify;

namespace ValueChainHub.Sandbox.Tests.Vendors;

/// <summary>The shop's lists, counts and subscriptions, asked by the hub's own client.</summary>
public sealed class ShopifyListTests
{
    private static readonly DateTimeOffset Beginning = AtTheHub.Now.AddYears(-4);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_walk_through_a_list_has_everything_once_in_the_order_of_the_last_change()
    {
        await using var hub = await StartAsync();
        hub.Play(shoppers: 150);

        var customers = await WalkAsync((since, cursor) => Admin(hub).CustomersAsync(since, cursor, Token), Beginning);
        var orders = await WalkAsync((since, cursor) => Admin(hub).OrdersAsync(since, cursor, Token), Beginning);

        customers.Count.ShouldBe(await CountAsync(hub, "customersCount"));
        orders.Count.ShouldBe(await CountAsync(hub, "ordersCount"));
        (customers.Count > 50 && orders.Count > 100).ShouldBeTrue("several pages");
        foreach (var list in new[] { customers, orders })
        {
            list.Select(item => item.Id).ShouldBeUnique();
            list.Select(item => item.UpdatedAt).ShouldBe(list.Select(item => item.UpdatedAt).Order());
        }
    }

    [Fact]
    public async Task What_did_not_change_since_is_not_in_the_list_and_not_counted()
    {
        await using var hub = await StartAsync();
        hub.Play(shoppers: 60);
        var since = AtTheHub.Now.AddDays(-20);

        var all = await WalkAsync((from, cursor) => Admin(hub).OrdersAsync(from, cursor, Token), Beginning);
        var changed = await WalkAsync((from, cursor) => Admin(hub).OrdersAsync(from, cursor, Token), since);

        changed.Count.ShouldBeInRange(1, all.Count - 1);
        changed.Select(item => item.Id).ShouldBe(all.Where(item => item.UpdatedAt >= since).Select(item => item.Id));
        (await CountAsync(hub, "ordersCount", $"updated_at:>='{since:yyyy-MM-dd'T'HH:mm:ss'Z'}'")).ShouldBe(changed.Count);
    }

    [Fact]
    public async Task Customers_are_matched_by_whole_days()
    {
        await using var hub = await StartAsync(new ShopSeed(1, 40_000, 0, AtTheHub.Now));
        var noon = AtTheHub.Now.AddYears(-2);

        var (byNoon, byDay) = (await CountAsync(hub, "customersCount", Search(noon)), await CountAsync(hub, "customersCount", Search(noon.AddHours(-6))));

        byNoon.ShouldBe(byDay, "the time of day counts for nothing");
        (await CountAsync(hub, "customersCount", Search(noon.AddDays(1)))).ShouldBeLessThan(byDay);
    }

    [Fact]
    public async Task A_shop_with_a_past_is_walked_through_at_once_and_in_little_memory()
    {
        await using var hub = await StartAsync(new ShopSeed(1, 100_000, 250_000, AtTheHub.Now), pointsPerSecond: 1_000_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();

        var seen = new HashSet<string>(StringComparer.Ordinal);
        var (since, cursor, pages) = (AtTheHub.Now.AddDays(-30), (string?)null, 0);
        do
        {
            var page = await AskAsync(hub, "query($first: Int!, $after: String, $search: String!) { orders(first: $first, after: $after, query: $search, sortKey: UPDATED_AT) { nodes { id } pageInfo { hasNextPage endCursor } } }",
                new JsonObject { ["first"] = 250, ["after"] = cursor, ["search"] = Search(since) });
            var orders = page["data"]!["orders"]!;
            foreach (var node in orders["nodes"]!.AsArray())
                seen.Add(node!["id"]!.GetValue<string>()).ShouldBeTrue();
            cursor = orders["pageInfo"]!["hasNextPage"]!.GetValue<bool>() ? orders["pageInfo"]!["endCursor"]!.GetValue<string>() : null;
            pages++;
        }
        while (cursor is not null);

        seen.Count.ShouldBe(await CountAsync(hub, "ordersCount", Search(since)));
        (await CountAsync(hub, "ordersCount"), await CountAsync(hub, "customersCount")).ShouldBe((250_000, 100_000));
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Current.TestOutputHelper!.WriteLine($"{seen.Count} orders on {pages} pages in {watch.Elapsed.TotalSeconds:0.0} s, {grown / 1024} KiB more");
        grown.ShouldBeLessThan(40L * 1024 * 1024, "bodies are not kept");
    }

    [Fact]
    public async Task A_past_is_the_same_for_the_same_seed_and_its_things_can_be_fetched()
    {
        await using var hub = await StartAsync(new ShopSeed(7, 50, 90, AtTheHub.Now));
        await using var twin = await StartAsync(new ShopSeed(7, 50, 90, AtTheHub.Now));
        await using var other = await StartAsync(new ShopSeed(8, 50, 90, AtTheHub.Now));

        (await FirstPageAsync(hub)).ShouldBe(await FirstPageAsync(twin));
        (await FirstPageAsync(hub)).ShouldNotBe(await FirstPageAsync(other));
        var order = (await WalkAsync((since, cursor) => Admin(hub).OrdersAsync(since, cursor, Token), Beginning))[^1];
        (await hub.FetchAsync("order/" + order.Id)).Entities.ShouldNotBeEmpty();
        (await hub.FetchAsync("customer/7000001000049")).Entities.ShouldNotBeEmpty();
        (await hub.AskAsync("customer/7000001000050")).ShouldBeOfType<FetchOutcome.Failed>();
        (await Admin(hub).FindCustomerAsync("customer1000049@example.com", null, Token)).Value!.ShouldHaveSingleItem().Id.ShouldBe("7000001000049");
    }

    [Fact]
    public async Task Every_document_of_the_client_is_answered()
    {
        await using var hub = await StartAsync();
        hub.Play(shoppers: 30);
        var asked = 0;
        string[] exports = [ShopifyDocuments.EveryOrder, ShopifyDocuments.EveryCustomer];
        foreach (var document in typeof(ShopifyDocuments).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).Except(exports))
        {
            var answer = await AskAsync(hub, document, Variables(document));
            answer["errors"].ShouldBeNull(document + answer.ToJsonString());
            asked++;
        }
        asked.ShouldBeGreaterThanOrEqualTo(15);
    }

    [Theory]
    [InlineData("{ orders(first: 10, sortKey: UPDATED_AT) { nodes { id colour } } }", "undefinedField")]
    [InlineData("{ ordersOfTheDay { id } }", "undefinedField")]
    [InlineData("{ orders(first: 251, sortKey: UPDATED_AT) { nodes { id } } }", "BAD_USER_INPUT")]
    [InlineData("{ orders(first: 5, after: \"no cursor\", sortKey: UPDATED_AT) { nodes { id } } }", "BAD_USER_INPUT")]
    [InlineData("{ customers(first: 5, sortKey: UPDATED_AT, query: \"upd:>=1\") { nodes { id } } }", "BAD_USER_INPUT")]
    [InlineData("query Q($id: ID!) { order(id: $id) { id } }", "INVALID_VARIABLE")]
    [InlineData("{ order(id: \"gid://shopify/Customer/1\") { id } }", "RESOURCE_NOT_FOUND")]
    [InlineData("{ orders(first: 5", "parseError")]
    [InlineData("{ customers(first: 250, sortKey: UPDATED_AT) { nodes { id defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber } customer: id } } }", null)]
    [InlineData("{ customers(first: 250, sortKey: UPDATED_AT) { nodes { id a: defaultEmailAddress { emailAddress } b: defaultPhoneNumber { phoneNumber } c: defaultEmailAddress { emailAddress } d: defaultEmailAddress { emailAddress } } } }", "MAX_COST_EXCEEDED")]
    public async Task A_question_that_the_schema_or_the_limits_forbid_is_refused_with_its_code(string query, string? code)
    {
        await using var hub = await StartAsync();
        hub.Play(shoppers: 3);

        var answer = await AskAsync(hub, query, []);

        answer["errors"]?[0]!["extensions"]!["code"]!.GetValue<string>().ShouldBe(code);
        (answer["data"] is null).ShouldBe(code is not null);
    }

    [Fact]
    public async Task A_walk_ends_at_25000_things_of_one_list()
    {
        await using var hub = await StartAsync();

        var answer = await AskAsync(hub, "query($after: String) { orders(first: 100, after: $after, sortKey: UPDATED_AT) { nodes { id } } }", new JsonObject { ["after"] = Convert.ToBase64String("""{"At":0,"Id":0,"Seen":24950}"""u8) });

        answer["errors"]![0]!["extensions"]!["code"]!.GetValue<string>().ShouldBe("PAGINATION_LIMIT");
    }

    [Fact]
    public async Task When_the_points_are_used_up_the_answer_is_200_and_THROTTLED_and_says_how_long_to_wait()
    {
        await using var hub = await StartAsync(pointsPerSecond: 10);

        var (answer, asked) = (new JsonObject(), 0);
        for (; answer["errors"] is null && asked < 50; asked++)
            answer = await AskAsync(hub, "{ orders(first: 50, sortKey: UPDATED_AT) { nodes { id } } }", []);

        asked.ShouldBeLessThan(50);
        answer["errors"]![0]!["extensions"]!["code"]!.GetValue<string>().ShouldBe("THROTTLED");
        var cost = answer["extensions"]!["cost"]!;
        cost["throttleStatus"]!["currentlyAvailable"]!.GetValue<int>().ShouldBeLessThan(cost["requestedQueryCost"]!.GetValue<int>());
        cost["throttleStatus"]!["restoreRate"]!.GetValue<int>().ShouldBe(10);
    }

    [Fact]
    public async Task Without_the_token_nothing_is_answered()
    {
        await using var hub = await StartAsync();
        using var http = new HttpClient();

        using var response = await http.PostAsJsonAsync(new Uri(hub.Api, "/admin/api/2026-07/graphql.json"), new { query = "{ shop { myshopifyDomain } }" }, Token);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await response.Content.ReadAsStringAsync(Token)).ShouldContain("Invalid API key");
    }

    [Fact]
    public async Task Subscriptions_are_listed_made_and_removed_and_what_nobody_subscribed_to_is_not_sent()
    {
        await using var hub = await StartAsync();
        var (admin, address) = (Admin(hub), new Uri("https://hub.example/api/webhooks/shopify"));
        var before = await SubscriptionsAsync(admin);
        var setup = new ShopifyVendor(TimeProvider.System).Setup(Settings(hub));
        before.SelectMany(one => one.Topics).ShouldBe(before.SelectMany(one => one.Topics).Distinct());
        setup.Topics.ShouldBeSubsetOf(before.SelectMany(one => one.Topics), "what the hub needs is there from the beginning");
        before.ShouldAllBe(one => one.GoesTo(address) && one.Trouble == null);

        hub.Vendor.Desk.Subscriptions.Drop("customers/create");
        var shopper = new Shopper(1, "Ada", "Marsh", "ada.marsh1@example.com", null, Shops.Home, IsGuest: false, SharesPhone: false);
        hub.Play(new AccountOpened(AtTheHub.Now, shopper)).ShouldBeEmpty();
        (await SubscriptionsAsync(admin)).SelectMany(one => one.Topics).ShouldBe(before.SelectMany(one => one.Topics).Except(["customers/create"]));

        (await admin.SubscribeAsync("customers/create", address, Token)).ShouldBeNull();
        hub.Play(new AccountOpened(AtTheHub.Now, shopper with { Number = 2, Email = "b@example.com" })).ShouldHaveSingleItem().Topic.ShouldBe("customers/create");
        (await admin.SubscribeAsync("customers/create", address, Token)).ShouldNotBeNull().Kind.ShouldBe(FailureKind.Refused, "it is there already");
        (await admin.SubscribeAsync("customers/create", new("http://hub.example/"), Token)).ShouldNotBeNull("not https");

        var made = (await SubscriptionsAsync(admin)).Single(one => one.Topics.Contains("customers/create"));
        (await admin.UnsubscribeAsync(made.Id, Token)).ShouldBeNull();
        (await admin.UnsubscribeAsync(made.Id, Token)).ShouldNotBeNull("it is gone already");
    }

    internal static Task<AtTheHub> StartAsync(ShopSeed? past = null, int pointsPerSecond = 100_000) =>
        AtTheHub.StartAsync(books => new ShopifySandbox(Shops.Home, books, pointsPerSecond, past), () => new ShopifyVendor(TimeProvider.System));

    /// <summary>With a limit that a test does not wait for.</summary>
    internal static ShopifyAdmin Admin(AtTheHub hub) =>
        new(VendorClient.Of<IShopifyAdminApi>(new SocketsHttpHandler(), hub.Api, ShopifyJson.Default), Key(hub), new(CallLimit.PerSecond(10_000), TimeProvider.System, "shopify"), TimeProvider.System);

    internal static async Task<JsonObject> AskAsync(AtTheHub hub, string query, JsonObject variables)
    {
        using var http = new HttpClient { DefaultRequestHeaders = { { "X-Shopify-Access-Token", Key(hub) } } };
        using var response = await http.PostAsJsonAsync(new Uri(hub.Api, "/admin/api/2026-07/graphql.json"), new { query, variables }, Token);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await response.Content.ReadFromJsonAsync<JsonObject>(Token))!;
    }

    private static string Key(AtTheHub hub) => hub.Vendor.HubSettings(hub.Api)["ApiKey"];

    private static ConnectorSettings Settings(AtTheHub hub) => new("shopify", new Dictionary<string, string>(hub.Vendor.HubSettings(hub.Api), StringComparer.Ordinal), allowLoopback: true);

    private static async Task<IReadOnlyList<VendorItem>> WalkAsync(Func<DateTimeOffset, string?, Task<Answer<Page<VendorItem>>>> ask, DateTimeOffset since)
    {
        var (items, cursor) = (new List<VendorItem>(), (string?)null);
        do
        {
            var answer = await ask(since, cursor);
            answer.Failure.ShouldBeNull();
            items.AddRange(answer.Value!.Items);
            cursor = answer.Value.Cursor;
        }
        while (cursor is not null);
        return items;
    }

    private static async Task<IReadOnlyList<VendorSubscription>> SubscriptionsAsync(ShopifyAdmin admin) => (await admin.SubscriptionsAsync(null, Token)).Value!.Items;

    private static async Task<int> CountAsync(AtTheHub hub, string name, string? search = null) =>
        (await AskAsync(hub, $"query($search: String) {{ {name}(query: $search, limit: null) {{ count precision }} }}", new JsonObject { ["search"] = search }))["data"]![name]!["count"]!.GetValue<int>();

    private static async Task<string> FirstPageAsync(AtTheHub hub) =>
        (await AskAsync(hub, "{ customers(first: 20, sortKey: UPDATED_AT) { nodes { id firstName lastName defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber } } } }", []))["data"]!.ToJsonString();

    private static string Search(DateTimeOffset since) => $"updated_at:>='{since:yyyy-MM-dd'T'HH:mm:ss'Z'}'";

    /// <summary>Something for every variable of every document.</summary>
    private static JsonObject Variables(string document) => new()
    {
        ["id"] = document switch
        {
            ShopifyDocuments.Order => "gid://shopify/Order/5500000001001",
            ShopifyDocuments.Return => "gid://shopify/Return/1",
            ShopifyDocuments.Export => "gid://shopify/BulkOperation/1",
            ShopifyDocuments.Unsubscribe => "gid://shopify/WebhookSubscription/1",
            _ => "gid://shopify/Customer/7000000000001",
        },
        ["first"] = 5,
        ["export"] = ShopifyDocuments.EveryOrder,
        ["isGrouped"] = true,
        ["search"] = "",
        ["topic"] = "ORDERS_CREATE",
        ["uri"] = "https://elsewhere.example/",
        ["tags"] = new JsonArray("vch-test"),
        ["metafields"] = new JsonArray(new JsonObject { ["ownerId"] = "gid://shopify/Customer/7000000000001", ["namespace"] = "vch", ["key"] = "a", ["type"] = "single_line_text_field", ["value"] = "b" }),
        ["identifier"] = new JsonObject { ["emailAddress"] = "nobody@example.com" },
        ["customer"] = new JsonObject { ["id"] = "gid://shopify/Customer/7000000000001", ["note"] = "n" },
        ["emailConsent"] = new JsonObject { ["customerId"] = "gid://shopify/Customer/7000000000001", ["emailMarketingConsent"] = new JsonObject { ["marketingState"] = "SUBSCRIBED" } },
        ["smsConsent"] = new JsonObject { ["customerId"] = "gid://shopify/Customer/7000000000001", ["smsMarketingConsent"] = new JsonObject { ["marketingState"] = "SUBSCRIBED" } },
    };
}
