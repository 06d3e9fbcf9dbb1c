using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Testing;
using ValueChainHub.Testing.Storage;

namespace ValueChainHub.Core.Tests.Delivery;

/// <summary>The process dies before each single call of the store, and another one goes on.</summary>
public sealed class CrashTests
{
    [Fact]
    public async Task Wherever_the_process_dies_every_destination_ends_up_told_and_no_event_is_there_twice()
    {
        var (crashed, calls) = (true, 0);
        while (crashed)
            crashed = await DieAsync(calls++);

        calls.ShouldBeGreaterThan(100, "the whole run was cut at every call");
    }

    /// <summary>True when the process died; false when the run was over before.</summary>
    private static async Task<bool> DieAsync(int calls)
    {
        var (time, memory, bus) = (new ManualTime(), new MemoryHubStore(), new MemoryChainBus());
        var (shop, mail) = (new FakeVendor("shop", time, ChainLink.Storefront), new FakeVendor("mail", time));
        await SetUpAsync(new DeliveryHub([shop, mail], time, memory, bus));
        var mortal = new MortalStore(memory, calls);
        var crashed = false;
        try
        {
            await RunAsync(new DeliveryHub([shop, mail], time, mortal, bus), shop);
        }
        catch (OperationCanceledException)
        {
            crashed = true;
        }
        mail.Webhooks.Clear();

        var next = new DeliveryHub([shop, mail], time, memory, bus);
        await RunAsync(next, shop);
        await next.SettleAsync();

        mail.Appended.Count.ShouldBe(2);
        mail.Of<CustomerState>().Last().Storefront!.Orders.ShouldBe(2);
        (await next.CountsAsync(mail)).ShouldBe(new DeliveryCounts(0, 3, 0));
        shop.Of<TagsToSet>().Last().Present.ShouldBe(["vch-cohort-repeat"]);
        return crashed;
    }

    private static async Task SetUpAsync(DeliveryHub hub)
    {
        await hub.Routes.SetAsync([new() { Name = "mail/events", Enabled = true, Types = [EventCatalogue.OrderPlaced] }], TestContext.Current.CancellationToken);
        await hub.RouteAsync();
    }

    private static async Task RunAsync(DeliveryHub hub, FakeVendor shop)
    {
        var at = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);
        await hub.FoldAsync(shop.Account("1", "Ada", "ada@example.com", at));
        await hub.FoldAsync(shop.Ordered("1", "o1", at));
        await hub.FoldAsync(shop.Ordered("1", "o2", at));
        await hub.SettleAsync();
    }
}
