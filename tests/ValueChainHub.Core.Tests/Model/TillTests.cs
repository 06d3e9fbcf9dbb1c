using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;
using ValueChainHub.Testing.Model;

namespace ValueChainHub.Core.Tests.Model;

/// <summary>A till: one account with ten thousand orders, their refunds and parcels arriving in any order.</summary>
public sealed class TillTests
{
    private const int Orders = 10_000;
    private const int LargestState = 16 * 1024;
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Identifier Till = Identifier.Account("shop", "7777");
    private static readonly GraphLimits Limits = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Ten_thousand_orders_of_one_account_give_what_their_set_means_and_a_state_under_16_KB(int seed)
    {
        var history = new History([.. Enumerable.Range(0, Orders).SelectMany(DeliveriesOf)], []);
        var hub = new ModelHub(Limits);

        await hub.RunAsync(history, seed, doubles: 0.02, crashes: 0.001);

        var expected = new ChainModel(ModelHub.Ids, Limits, history.Deliveries, []).Records()[ModelHub.Ids.Of(Till)];
        var actual = await hub.RecordsAsync([Till]);
        actual[expected.Id].ShouldBe(ModelHub.Text(expected));
        expected.Storefront.Orders.ShouldBe(Orders);
        expected.Shared.ShouldBe(true);
        var state = await hub.Store.ReadAsync(HubContainers.Profiles, expected.Id, "state", CancellationToken.None);
        state!.Body.Length.ShouldBeLessThan(LargestState);
    }

    private static IEnumerable<Translation.Translated> DeliveriesOf(int number)
    {
        var (id, at) = ((100_000 + number).ToString(System.Globalization.CultureInfo.InvariantCulture), Epoch.AddMinutes(number));
        var key = new EntityKey("shop", EntityTypes.Order, id);
        var order = new Order { Id = id, Number = "#" + id, PlacedAt = at, FinancialStatus = FinancialStatuses.Paid, Total = new Money("USD", 10.01m + number) };
        yield return Delivery(key, at, EventCatalogue.OrderPlaced, FacetNames.Core, ChainJson.Write(order), Till);
        if (number % 10 == 0)
            yield return Delivery(key, at, EventCatalogue.OrderRefunded, FacetNames.Refund("1"), ChainJson.Write(new Refund("1", id, new Money("USD", 1.25m), at, null)), null);
        if (number % 7 == 0)
            yield return Delivery(key, at, EventCatalogue.ParcelShipped, FacetNames.Fulfillment("1"), ChainJson.Write(new Fulfillment { Id = "1", OrderId = id, Status = "shipped" }), null);
    }

    private static Translation.Translated Delivery(EntityKey key, DateTimeOffset at, string type, string facet, string value, Identifier? who) => new(
        new(who is { } person ? [person] : [], [], at),
        [new(key, Homing.Shopper, [new Facet(facet, new(at, SourceClass.Webhook, 0), value)], [])],
        [new(type, key, at, value)],
        []);
}
