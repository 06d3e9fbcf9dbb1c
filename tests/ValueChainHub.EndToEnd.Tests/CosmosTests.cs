using System.Text.Json;
using ValueChainHub.EndToEnd.Tests.Support;
using ValueChainHub.Hosting.Settings;
using static ValueChainHub.EndToEnd.Tests.Support.Shopify;

namespace ValueChainHub.EndToEnd.Tests;

/// <summary>The server head with <c>Hub__Store=cosmos</c>. A share of the suite, in every run; <c>E2E_STORE=cosmos</c> runs all of it so.</summary>
public sealed class CosmosTests : IAsyncLifetime
{
    private readonly RunningHub _hub = new() { Store = new() { MustBeCosmos = true } };

    private HubClient Client => _hub.Client;

    public async ValueTask InitializeAsync() => await _hub.StartAsync();

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Client.LedgerShouldBalanceAsync();
        }
        finally
        {
            await _hub.DisposeAsync();
        }
    }

    [Fact]
    public async Task An_order_its_refund_and_its_parcel_make_one_record_over_a_restart()
    {
        await Client.DeliverAsync(new Webhook("orders/create", Order(1001, "100.00", Customer(7001, "ada@example.com"))));
        await Client.SettleAsync();
        (await Client.FindAsync(new { order = "1001" })).Storefront.Orders.ShouldBe(1);
        await _hub.RestartAsync();
        await Client.DeliverAsync([new Webhook("refunds/create", Refund(31, 1001, "25.00")), new Webhook("fulfillments/create", Fulfillment(41, 1001, "1Z999AA10123456784"))]);
        await Client.SettleAsync();

        var customer = await Client.FindAsync(new { email = "ada@example.com" });
        customer.Storefront.LifetimeValue.Single().AmountText.ShouldBe("75.00");
        (await Client.OrdersAsync(customer.Id)).ShouldHaveSingleItem().Parcels.ShouldHaveSingleItem();
        var events = await Client.EventsAsync();
        // The refund named nobody, so consumers are told whose it is; the timeline leaves that out.
        var told = events.Where(one => one.GetProperty("type").GetString() != "valuechain.identity.customer.linked").ToList();
        told.Count.ShouldBe(events.Count - 1);
        (await Client.TimelineAsync(customer.Id)).Count.ShouldBe(told.Count);
        events.ShouldAllBe(one => !one.GetRawText().Contains("_entity", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_id_key_than_that_of_the_record_stops_the_start_whatever_lies_in_the_data_directory()
    {
        var another = new RunningHub { Store = _hub.Store };
        another.Settings["Hub:IdKey"] = "another-identity-key-0123456789abcdef";

        (await Should.ThrowAsync<HubSettingsException>(another.StartAsync)).Message.ShouldStartWith("Hub__IdKey is not the key that the ids in the store were made with.");

        another.Settings.Clear();
        await another.StartAsync();
        await another.StopAsync();
    }

    [Fact]
    public async Task The_cost_of_the_work_is_told_for_each_delivery()
    {
        await Client.DeliverAsync(Enumerable.Range(1, 5).Select(order => new Webhook("orders/create", Order(order, "10.00", Customer(7001, "ada@example.com")))));
        await Client.SettleAsync();

        var cost = (await Client.GetAsync("operations/cost")).As<JsonElement>();

        cost.GetProperty("deliveries").GetInt64().ShouldBe(5);
        var each = cost.GetProperty("perDelivery");
        each.GetProperty("requestUnits").GetDouble().ShouldBeGreaterThan(10);
        each.GetProperty("messages").GetDouble().ShouldBe(1);
        each.GetProperty("executions").GetDouble().ShouldBeGreaterThan(1);
        cost.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("container").GetString()).ShouldContain("inbox");
        cost.GetProperty("total").GetProperty("requestUnits").GetDouble().ShouldBe(cost.GetProperty("items").EnumerateArray().Sum(item => item.GetProperty("units").GetDouble()), tolerance: 0.1);
    }
}
