using ValueChainHub.EndToEnd.Tests.Support;
using ValueChainHub.Testing;
using static ValueChainHub.EndToEnd.Tests.Support.Shopify;

namespace ValueChainHub.EndToEnd.Tests;

/// <summary>The jobs of feeds and messages are switched off, as when a trigger is lost for good: nobody wakes them.</summary>
public sealed class SweepTests : EndToEndTest
{
    private readonly ManualTime _time = new(DateTimeOffset.UtcNow);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Hub.StopAsync();
        Hub.Time = _time;
        Hub.Settings["AzureWebJobs:ProcessInbox:Disabled"] = "true";
        Hub.Settings["AzureWebJobs:PublishEvents:Disabled"] = "true";
        Hub.Settings["AzureWebJobs:RouteEvents:Disabled"] = "true";
        Hub.Settings["AzureWebJobs:RunDueWork:Disabled"] = "true";
        Hub.Settings["Hub:WriteBack"] = "true";
        Hub.Settings[$"Connectors:{Webhook.OtherShop}:ApiKey"] = "canary-access-token";
        Hub.Settings[$"Connectors:{Webhook.OtherShop}:ShopDomain"] = "other-shop.example.com";
        await Hub.StartAsync();
    }

    [Fact]
    public async Task The_sweep_alone_brings_everything_home()
    {
        var webhooks = Enumerable.Range(0, 30).Select(number => new Webhook("orders/create", Order(1_000 + number, "25.00", Customer(7_000 + (number % 10), $"shopper{number % 10}@example.com")))).ToList();
        await Client.DeliverAsync(webhooks);
        await PassAsync(TimeSpan.FromMinutes(1));
        var before = await Client.LedgerAsync();
        (before.Of(Webhook.Shop).Pending, before.Of(Webhook.Shop).Applied).ShouldBe((30, 0), "younger than two minutes, they are the feed's");

        await PassAsync(TimeSpan.FromMinutes(6));
        await SettleAsync();

        var line = (await Client.LedgerAsync()).Of(Webhook.Shop);
        (line.Received, line.Applied, line.Pending).ShouldBe((30, 30, 0));
        (await Client.EventIdsAsync()).Count.ShouldBeGreaterThanOrEqualTo(30);
        (await Client.FindAsync(new { email = "shopper3@example.com" })).Storefront.Orders.ShouldBe(3);
        await RoutedAsync();
    }

    /// <summary>Every customer waits in the line of the other shop, which nothing here delivers to.</summary>
    private async Task RoutedAsync()
    {
        for (var waited = System.Diagnostics.Stopwatch.StartNew(); (await Client.LedgerAsync()).Deliveries[Webhook.OtherShop].Pending < 10;)
        {
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
            await PassAsync(TimeSpan.FromSeconds(30));
        }
    }

    /// <summary>Time in steps, so that whoever waits for a moment of it is woken and gets to work.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(5))
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private async Task SettleAsync()
    {
        for (var waited = System.Diagnostics.Stopwatch.StartNew(); !(await Client.LedgerAsync()).IsSettled;)
        {
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
            await PassAsync(TimeSpan.FromSeconds(30));
        }
    }
}
