using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using ValueChainHub.EndToEnd.Tests.Support;

namespace ValueChainHub.EndToEnd.Tests;

/// <summary>A vendor whose API is down: nobody else waits for it, it is tried and not hammered, and nothing of it is lost.</summary>
public sealed class OutageTests : EndToEndTest
{
    private const int Customers = 60;
    private const int Edits = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly FakeGladlyApi _desk = new();
    private FakeShopifyApi _shop = null!;

    public override async ValueTask InitializeAsync()
    {
        _shop = await FakeShopifyApi.StartAsync();
        await base.InitializeAsync();
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["Hub:AllowLoopbackVendors"] = "true",
            [$"Connectors:{Webhook.Shop}:ApiKey"] = "canary-access-token",
            [$"Connectors:{Webhook.Shop}:BaseUrl"] = _shop.Url,
            ["Connectors:gladly:WebhookUser"] = "hub",
            ["Connectors:gladly:WebhookPassword"] = "canary-desk-password",
            ["Connectors:gladly:ApiUser"] = "agent@example.com",
            ["Connectors:gladly:ApiKey"] = "canary-api-token",
            ["Connectors:gladly:BaseUrl"] = _desk.Url,
        })
            Hub.Settings[name] = value;
        await Hub.RestartAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await _desk.DisposeAsync();
        await _shop.DisposeAsync();
    }

    [Theory]
    [InlineData(Outage.Refuses)]
    [InlineData(Outage.Breaks)]
    [InlineData(Outage.Hangs)]
    public async Task A_Gladly_that_is_down_delays_no_other_vendor_and_all_is_fetched_within_its_limit_when_it_is_back(Outage outage)
    {
        await _desk.GoDownAsync(outage);
        for (var customer = 0; customer < Customers; customer++)
            (await Client.SendAsync(SignedVendors.Gladly($"evt-{customer}", "CUSTOMER_PROFILE/UPDATED", new JsonObject { ["customerId"] = $"g-{customer}" }))).Word.ShouldBe("accepted");
        await UntilAsync("the line to Gladly is broken", async () => Breaker(await ConnectorAsync("gladly")) != "closed");

        // Everybody else's webhooks, and what only their APIs know, while Gladly is down.
        for (var edit = 0; edit < Edits; edit++)
        {
            _shop.Answer(Order(500 + edit, "120.00"));
            await Client.DeliverAsync(
                new Webhook("orders/create", Shopify.Order(500 + edit, "100.00", Shopify.Customer(7000 + edit, $"shopper-{edit}@shop.test"))),
                new("orders/edited", new JsonObject { ["order_edit"] = new JsonObject { ["id"] = 9_000 + edit, ["order_id"] = 500 + edit, ["created_at"] = Shopify.Later } }));
            await UntilAsync("the edited order is fetched", async () => await FetchedAsync(Webhook.Shop) == edit + 1);
        }
        await Client.SettleAsync();

        var down = await ConnectorAsync("gladly");
        Pending(down).ShouldBe((Customers, 0));
        Breaker(down).ShouldNotBe("closed");
        down.GetProperty("line").GetProperty("reason").GetString().ShouldNotBeNullOrEmpty();
        Breaker(await ConnectorAsync(Webhook.Shop)).ShouldBe("closed");
        _desk.AskedInVain.ShouldBeLessThan(Customers / 2, "it is tried, not hammered");

        await _desk.ComeBackAsync();
        await UntilAsync("everything is fetched", async () => Pending(await ConnectorAsync("gladly")) == (0, 0));
        await Client.SettleAsync();

        (_desk.Answered.Count, _desk.TooMany).ShouldBe((Customers, 0));
        Breaker(await ConnectorAsync("gladly")).ShouldBe("closed");
        for (var customer = 0; customer < Customers; customer++)
            (await Client.FindAsync(new { email = $"g-{customer}@desk.test" })).Name.ShouldBe($"Shopper g-{customer}");
    }

    private async Task<JsonElement> ConnectorAsync(string name) =>
        (await Client.GetAsync("connectors")).Json.GetProperty("items").EnumerateArray().Single(one => one.GetProperty("name").GetString() == name);

    private async Task<int> FetchedAsync(string connector) => (await Client.DeliveriesAsync($"connector={connector}&limit=1000")).Count(delivery => delivery is { Kind: "fetch", State: "applied" });

    private static string Breaker(JsonElement connector) => connector.GetProperty("line").GetProperty("breaker").GetString()!;

    private static (int Pending, int Dead) Pending(JsonElement connector) =>
        (connector.GetProperty("fetches").GetProperty("pending").GetInt32(), connector.GetProperty("fetches").GetProperty("dead").GetInt32());

    private static async Task UntilAsync(string what, Func<Task<bool>> isSo)
    {
        for (var waited = Stopwatch.StartNew(); !await isSo();)
        {
            waited.Elapsed.ShouldBeLessThan(Patience, what);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private static JsonObject Order(long id, string total) => new()
    {
        ["data"] = new JsonObject
        {
            ["order"] = new JsonObject
            {
                ["id"] = $"gid://shopify/Order/{id}",
                ["name"] = "#" + id,
                ["createdAt"] = Shopify.Noon,
                ["updatedAt"] = Shopify.Latest,
                ["displayFinancialStatus"] = "PAID",
                ["currencyCode"] = "USD",
                ["totalPriceSet"] = new JsonObject { ["shopMoney"] = new JsonObject { ["amount"] = total, ["currencyCode"] = "USD" } },
            },
        },
    };
}
