using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Customers;

namespace ValueChainHub.Core.Tests.Model;

/// <summary>Which of a carrier's words are about the parcel of an order (SEMANTICS 5).</summary>
public sealed class ParcelTrackingTests
{
    private const string Number = "1Z1";
    private static readonly DateTimeOffset Shipped = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void The_window_is_from_two_days_before_to_120_days_after_shipping_edges_included()
    {
        ParcelTracking.IsWithinWindow(Shipped, Shipped.AddDays(-2)).ShouldBeTrue();
        ParcelTracking.IsWithinWindow(Shipped, Shipped.AddDays(-2) - Second).ShouldBeFalse();
        ParcelTracking.IsWithinWindow(Shipped, Shipped.AddDays(120)).ShouldBeTrue();
        ParcelTracking.IsWithinWindow(Shipped, Shipped.AddDays(120) + Second).ShouldBeFalse();
    }

    [Fact]
    public void What_is_unknown_rules_nothing_out()
    {
        ParcelTracking.IsWithinWindow(null, Shipped.AddYears(3)).ShouldBeTrue();
        ParcelTracking.IsWithinWindow(Shipped, null).ShouldBeTrue();
    }

    [Fact]
    public void A_number_used_again_is_each_time_the_parcel_of_its_own_order()
    {
        var again = Shipped.AddDays(200);
        var parcel = Parcel((ParcelStatuses.Delivered, Shipped.AddDays(3)), (ParcelStatuses.InTransit, again), (ParcelStatuses.Delivered, again.AddDays(5)));

        View(Shipped, parcel).Parcels().ShouldHaveSingleItem().DeliveredAt.ShouldBe(Shipped.AddDays(3));
        View(again, parcel).Parcels().ShouldHaveSingleItem().DeliveredAt.ShouldBe(again.AddDays(5));
        View(Shipped.AddDays(-130), parcel).Parcels().ShouldHaveSingleItem().Status.ShouldBe(ParcelStatuses.InTransit);
    }

    [Fact]
    public void A_return_after_the_delivery_counts_and_a_late_scan_does_not()
    {
        var (day, later) = (Shipped.AddDays(1), Shipped.AddDays(2));

        View(Shipped, Parcel((ParcelStatuses.Delivered, day), (ParcelStatuses.Returned, later))).Parcels().ShouldHaveSingleItem().Status.ShouldBe(ParcelStatuses.Returned);
        View(Shipped, Parcel((ParcelStatuses.Returned, day), (ParcelStatuses.Delivered, later))).Parcels().ShouldHaveSingleItem().Status.ShouldBe(ParcelStatuses.Delivered);
        View(Shipped, Parcel((ParcelStatuses.Delivered, day), (ParcelStatuses.InTransit, later))).Parcels().ShouldHaveSingleItem().Status.ShouldBe(ParcelStatuses.Delivered);
    }

    [Fact]
    public void A_voided_label_is_no_parcel_until_a_carrier_scans_it_later()
    {
        View(Shipped, Parcel((ParcelStatuses.Cancelled, Shipped))).Parcels().ShouldBeEmpty();
        View(Shipped, Parcel((ParcelStatuses.Cancelled, Shipped))).Contribution().Count(TotalNames.Shipments).ShouldBe(0);
        View(Shipped, Parcel((ParcelStatuses.Cancelled, Shipped), (ParcelStatuses.InTransit, Shipped.AddHours(1)))).Parcels().ShouldHaveSingleItem();
    }

    [Fact]
    public void A_number_of_another_carrier_is_another_parcel() =>
        View(Shipped, Parcel((ParcelStatuses.Delivered, Shipped)), carrier: "fedex").Parcels().ShouldHaveSingleItem().Status.ShouldBe(ParcelStatuses.InTransit);

    private static Entity Parcel(params (string Status, DateTimeOffset At)[] milestones)
    {
        var parcel = new Entity(ParcelTracking.Key("ups", Number));
        parcel.Join(milestones.Select(one => new Facet(
            ParcelTracking.Register(one.Status, one.At),
            new(one.At, SourceClass.Webhook, ParcelStatuses.Rank(one.Status)),
            ChainJson.Write(new ParcelMilestone(parcel.Key.Id, "", one.Status, one.At, null, "ups", Number)))));
        return parcel;
    }

    private static OrderView View(DateTimeOffset shippedAt, Entity parcel, string carrier = "ups")
    {
        var order = new Entity(new("shop", EntityTypes.Order, "1"));
        var fulfillment = new Fulfillment { Id = "1", OrderId = "1", Status = "shipped", ShippedAt = shippedAt, Parcels = [new(carrier, Number, null)] };
        order.Join([new(FacetNames.Fulfillment("1"), new(shippedAt, SourceClass.Webhook, 0), ChainJson.Write(fulfillment))]);
        order.Join(ParcelTracking.ForOrder(parcel));
        return new(order.Key.Id, order.Facets.Values);
    }
}
