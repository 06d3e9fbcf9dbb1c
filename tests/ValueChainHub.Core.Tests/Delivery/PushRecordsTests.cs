using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Identity;
using ValueChainHub.Testing;
using ValueChainHub.Testing.Storage;

namespace ValueChainHub.Core.Tests.Delivery;

/// <summary>A change that is written in another partition than the event that speaks of it reaches the destinations, though the event was delivered before.</summary>
public sealed class PushRecordsTests
{
    private static readonly DateTimeOffset At = new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly EntityKey Parcel = ParcelTracking.Key("ups", "1Z1");

    [Fact]
    public async Task Wherever_the_fold_of_a_parcels_news_is_cut_off_and_whatever_is_delivered_meanwhile_the_destination_ends_up_told()
    {
        var (cutOff, calls, before) = (true, 0, 0);
        while (cutOff)
        {
            (cutOff, var isToldBefore) = await CutOffAsync(calls++);
            before += cutOff && isToldBefore ? 1 : 0;
        }

        calls.ShouldBeGreaterThan(15, "the whole fold was cut at every call");
        before.ShouldBeGreaterThan(0, "in no case the event was delivered before the fold was whole");
    }

    [Fact]
    public async Task A_delivery_that_repeats_what_is_known_causes_no_call()
    {
        var (hub, mail) = await ShippedAsync(new MemoryHubStore(), new MemoryChainBus(), new ManualTime());
        await hub.FoldAsync(Delivered());
        await hub.SettleAsync();
        var calls = mail.Calls;

        await hub.FoldAsync(Delivered());
        await hub.SettleAsync();

        mail.Of<CustomerState>().Last().Fulfillment!.Delivered.ShouldBe(1);
        mail.Calls.ShouldBe(calls);
        (await hub.CountsAsync(mail)).Pending.ShouldBe(0);
    }

    /// <summary>Whether the fold was cut off, and whether the event was on its way to the destination all the same.</summary>
    private static async Task<(bool IsCutOff, bool IsEventOut)> CutOffAsync(int calls)
    {
        var (memory, bus, time) = (new MemoryHubStore(), new MemoryChainBus(), new ManualTime());
        var (next, mail) = await ShippedAsync(memory, bus, time);
        var isCutOff = false;
        try
        {
            await new DeliveryHub(next.Vendors, time, new MortalStore(memory, calls), bus).FoldAsync(Delivered());
        }
        catch (OperationCanceledException)
        {
            isCutOff = true;
        }
        await next.RouteAsync();
        var isEventOut = (await next.CountsAsync(mail)).Pending > 0;
        await next.SettleAsync();

        await next.FoldAsync(Delivered());
        await next.SettleAsync();

        mail.Of<CustomerState>().Last().Fulfillment!.Delivered.ShouldBe(1, $"cut off after {calls} calls");
        return (isCutOff, isEventOut && isCutOff);
    }

    /// <summary>An order was sent with the parcel, and the mailer knows.</summary>
    private static async Task<(DeliveryHub Hub, FakeVendor Mail)> ShippedAsync(MemoryHubStore store, MemoryChainBus bus, ManualTime time)
    {
        var (shop, mail) = (new FakeVendor("shop", time, ChainLink.Storefront), new FakeVendor("mail", time) { Parts = CustomerParts.Contact | CustomerParts.Fulfillment });
        var hub = new DeliveryHub([shop, mail], time, store, bus);
        await hub.RouteAsync();
        await hub.FoldAsync(shop.Account("1", "Ada", "ada@example.com", At));
        await hub.FoldAsync(Shipped());
        await hub.SettleAsync();
        mail.Of<CustomerState>().Last().Fulfillment!.Delivered.ShouldBe(0);
        return (hub, mail);
    }

    private static Translation.Translated Shipped()
    {
        var (order, sent) = (new EntityKey("shop", EntityTypes.Order, "1"), new Fulfillment { Id = "1", OrderId = "1", Status = "shipped", ShippedAt = At, Parcels = [new("ups", "1Z1", null)] });
        return new(
            new([Identifier.Account("shop", "1")], [], At),
            [new(order, Homing.Shopper, [new(FacetNames.Fulfillment("1"), new(At, SourceClass.Webhook, 0), ChainJson.Write(sent))], [])],
            [new(EventCatalogue.ParcelShipped, order, At, ChainJson.Write(sent))],
            []);
    }

    private static Translation.Translated Delivered()
    {
        var (at, value) = (At.AddDays(1), ChainJson.Write(new ParcelMilestone(Parcel.Id, "", ParcelStatuses.Delivered, At.AddDays(1), null, "ups", "1Z1")));
        return new(
            DeliveryIdentity.Nobody,
            [new(Parcel, Homing.Own, [new(ParcelTracking.Register(ParcelStatuses.Delivered, at), new(at, SourceClass.Webhook, 0), value)], [])],
            [new(EventCatalogue.ParcelDelivered, Parcel, at, value)],
            []);
    }
}
