using System.Text.Json.Nodes;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Connectors.Tests.Shopify;

/// <summary>What the model makes of these registers, in every order of their coming.</summary>
public sealed class ShopifyRecordTests
{
    [Fact]
    public void A_refund_in_plain_amounts_lessens_its_order()
    {
        var orders = Folded(ShopifyTests.Order, ShopifyTests.Translate("orders-create"), ShopifyTests.Translate("refunds-create", body =>
        {
            (body["refund_line_items"]![0]!["subtotal_set"], body["refund_line_items"]![0]!["total_tax_set"]) = (null, null);
            (body["order_adjustments"], body["total_duties_set"]) = (new JsonArray(), null);
        }));

        foreach (var order in orders)
            ValueOf(order).ShouldBe(new Money("USD", 208.05m - 66.35m));
    }

    [Fact]
    public void A_refund_paid_out_in_another_currency_than_the_orders_counts_nothing()
    {
        var orders = Folded(ShopifyTests.Order, ShopifyTests.Translate("orders-create"), ShopifyTests.Translate("refunds-create", body =>
        {
            (body["refund_line_items"], body["order_adjustments"], body["total_duties_set"]) = (new JsonArray(), new JsonArray(), null);
        }));

        foreach (var order in orders)
            ValueOf(order).ShouldBe(new Money("USD", 208.05m));
    }

    [Fact]
    public void A_delivery_whose_tracking_event_was_deleted_is_none()
    {
        var orders = Folded(
            ShopifyTests.Order, ShopifyTests.Translate("fulfillments-create"), ShopifyTests.Translate("fulfillment_events-create"), ShopifyTests.Translate("fulfillment_events-delete"));

        foreach (var order in orders)
            order.Parcels().ShouldAllBe(parcel => parcel.Status == ParcelStatuses.InTransit);
    }

    [Fact]
    public void A_delivered_parcel_has_the_carriers_time()
    {
        var orders = Folded(
            ShopifyTests.Order, ShopifyTests.Translate("fulfillments-update"), ShopifyTests.Translate("fulfillment_events-create"), ShopifyTests.Translate("orders-updated"));

        foreach (var parcel in orders.SelectMany(order => order.Parcels()))
        {
            parcel.Status.ShouldBe(ParcelStatuses.Delivered);
            parcel.DeliveredAt.ShouldBe(new DateTimeOffset(2026, 2, 13, 20, 5, 0, TimeSpan.Zero));
        }
    }

    [Fact]
    public void A_customer_copied_with_some_fields_clears_no_other()
    {
        Translation.Translated[] deliveries =
        [
            ShopifyTests.Translate("customers-create"),
            ShopifyTests.Translate("orders-create", body =>
            {
                body["customer"] = JsonNode.Parse("""{"id":7348219056411237001,"email":"ada@later.example.com"}""");
                body["updated_at"] = "2026-03-01T00:00:00Z";
            }),
        ];

        foreach (var schedule in Orders(deliveries))
        {
            var profile = new Profile(Identifier.Account("shopify", ShopifyTests.Customer.Id));
            foreach (var delivery in schedule)
                profile.MergeAccount(delivery.Entity(ShopifyTests.Customer), delivery.Identity);

            var account = profile.AccountCore.ShouldNotBeNull();
            (account.Name, account.Email, account.Phone).ShouldBe(("Ada Shopper", "ada@later.example.com", "+15005550100"));
            profile.LinkingIdentifiers().ShouldContain(Identifier.Email("ada@later.example.com")!.Value);
        }
    }

    private static Money ValueOf(OrderView order) => order.Contribution().LifetimeValue().Select(one => new Money(one.Currency, one.Amount)).ShouldHaveSingleItem();

    /// <summary>The entity after the deliveries, once for each order in which they can come.</summary>
    private static IEnumerable<OrderView> Folded(EntityKey key, params Translation.Translated[] deliveries)
    {
        foreach (var schedule in Orders(deliveries))
        {
            var facets = new Dictionary<string, Facet>(StringComparer.Ordinal);
            foreach (var facet in schedule.SelectMany(delivery => delivery.Entity(key).Facets))
            {
                if (!facets.TryGetValue(facet.Name, out var known) || facet.CompareTo(known) > 0)
                    facets[facet.Name] = facet;
            }
            yield return new OrderView(key.Id, facets.Values);
        }
    }

    private static IEnumerable<Translation.Translated[]> Orders(Translation.Translated[] deliveries)
    {
        if (deliveries.Length < 2)
            return [deliveries];
        return deliveries.SelectMany((first, index) => Orders([.. deliveries.Where((_, other) => other != index)]).Select(rest => (Translation.Translated[])[first, .. rest]));
    }
}
