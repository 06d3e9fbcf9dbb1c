using System.Text.Json.Nodes;
using ValueChainHub.EndToEnd.Tests.Support;

namespace ValueChainHub.EndToEnd.Tests;

/// <summary>Deliveries that only point at something: fetched where there are credentials, counted as unenriched where there are none.</summary>
public sealed class HintTests : EndToEndTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private FakeShopifyApi _api = null!;

    public override async ValueTask InitializeAsync()
    {
        _api = await FakeShopifyApi.StartAsync();
        await base.InitializeAsync();
        Hub.Settings["Hub:AllowLoopbackVendors"] = "true";
        Hub.Settings[$"Connectors:{Webhook.Shop}:ApiKey"] = "canary-access-token";
        Hub.Settings[$"Connectors:{Webhook.Shop}:BaseUrl"] = _api.Url;
        await Hub.RestartAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task An_edited_order_is_fetched_and_the_answer_goes_through_the_pipeline_as_a_delivery_of_its_own()
    {
        await DeliverAsync(new Webhook("orders/create", Shopify.Order(501, "100.00", Shopify.Customer(51, "edith@shop.test"))));
        _api.Answer(Order(501, "120.00", Shopify.Latest));

        await DeliverAsync(Edit(501));

        await LifetimeValueBecomesAsync("120.00");
        _api.Asked.ShouldHaveSingleItem().Token.ShouldBe("canary-access-token");
        var fetched = (await Client.DeliveriesAsync($"connector={Webhook.Shop}")).Where(delivery => delivery.Kind == "fetch").ShouldHaveSingleItem();
        fetched.State.ShouldBe("applied");
    }

    [Fact]
    public async Task A_vendor_that_asks_for_patience_is_asked_again_and_nothing_else_waits_for_it()
    {
        _api.Throttle(1);
        _api.Answer(Order(501, "120.00", Shopify.Latest));

        await DeliverAsync(Edit(501), new Webhook("orders/create", Shopify.Order(502, "7.00", Shopify.Customer(52, "other@shop.test"))));

        (await Client.FindAsync(new { email = "other@shop.test" })).Storefront.Orders.ShouldBe(1);
        await LifetimeValueBecomesAsync("120.00");
        _api.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Without_credentials_the_hint_itself_is_applied_and_counted_as_unenriched()
    {
        await DeliverAsync(new Webhook("orders/edited", EditBody(501), Webhook.OtherShop));

        var connectors = (await Client.GetAsync("connectors")).Json.GetProperty("items").EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!, one => one.GetProperty("unenriched").GetInt64());
        connectors[Webhook.OtherShop].ShouldBe(1);
        connectors[Webhook.Shop].ShouldBe(0);
        _api.Asked.ShouldBeEmpty();
    }

    private async Task LifetimeValueBecomesAsync(string amount)
    {
        for (var waited = System.Diagnostics.Stopwatch.StartNew(); waited.Elapsed < Patience; await Task.Delay(50, TestContext.Current.CancellationToken))
        {
            var found = await Client.SearchAsync(new { email = "edith@shop.test" });
            if (found.Count == 1 && found[0].Storefront.LifetimeValue is [{ } value] && value.AmountText == amount)
                return;
        }
        throw new TimeoutException("The fetched order did not reach the record.");
    }

    private static Webhook Edit(long orderId) => new("orders/edited", EditBody(orderId));

    private static JsonObject EditBody(long orderId) => new() { ["order_edit"] = new JsonObject { ["id"] = 9_000 + orderId, ["order_id"] = orderId, ["created_at"] = Shopify.Later } };

    private static JsonObject Order(long id, string total, string updatedAt) => new()
    {
        ["data"] = new JsonObject
        {
            ["order"] = new JsonObject
            {
                ["id"] = $"gid://shopify/Order/{id}",
                ["name"] = "#" + id,
                ["createdAt"] = Shopify.Noon,
                ["processedAt"] = Shopify.Noon,
                ["updatedAt"] = updatedAt,
                ["test"] = false,
                ["displayFinancialStatus"] = "PAID",
                ["currencyCode"] = "USD",
                ["totalPriceSet"] = new JsonObject { ["shopMoney"] = new JsonObject { ["amount"] = total, ["currencyCode"] = "USD" } },
                ["customer"] = new JsonObject
                {
                    ["id"] = "gid://shopify/Customer/51",
                    ["firstName"] = "Edith",
                    ["updatedAt"] = updatedAt,
                    ["defaultEmailAddress"] = new JsonObject { ["emailAddress"] = "edith@shop.test" },
                },
                ["fulfillments"] = new JsonArray(),
                ["refunds"] = new JsonArray(),
            },
        },
    };
}
