using System.Globalization;
using System.Text;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;
using ValueChainHub.Testing.Storage;

namespace ValueChainHub.Core.Tests.Model;

/// <summary>Orders that live in their first event, and the numbers that find them (ADR 16), over schedules with crashes at any call.</summary>
public sealed class YoungEntityTests
{
    private const int Orders = 40;
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Identifier Shopper = Identifier.Account("shop", "7777");
    private static readonly GraphLimits Limits = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Every_order_is_listed_once_and_found_by_its_number_whatever_was_cut_off(int seed)
    {
        var store = new MemoryHubStore();
        await RunAsync(store, [.. Enumerable.Range(0, Orders).Select(Placed), .. Enumerable.Range(0, Orders).Where(number => number % 3 == 0).Select(Refunded)], seed);
        var customers = new ReadCustomers(store, ModelHub.Ids, new(store, ModelHub.Ids, Limits), new([]), Limits);

        var (listed, cursor) = (new List<string>(), (string?)null);
        do
        {
            var page = (await customers.OrdersAsync(ModelHub.Ids.Of(Shopper), 7, cursor, CancellationToken.None)).ShouldNotBeNull();
            listed.AddRange(page.Items.Select(order => order.Number!));
            cursor = page.Cursor;
        }
        while (cursor is not null);

        listed.ShouldBe(Enumerable.Range(0, Orders).Reverse().Select(number => "#" + NumberOf(number)));
        for (var number = 0; number < Orders; number++)
            (await customers.SearchAsync(new() { Order = NumberOf(number) }, CancellationToken.None)).ShouldHaveSingleItem().Storefront.Orders.ShouldBe(Orders);
        (await customers.SearchAsync(new() { Order = "9999" }, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_young_order_costs_no_item_of_its_own_until_more_is_said_of_it_and_its_event_tells_nothing_of_that()
    {
        var store = new MemoryHubStore();
        await RunAsync(store, [Placed(1)], seed: 1, crashes: 0);
        (await EntitiesAsync(store)).ShouldBeEmpty();

        await RunAsync(store, [Refunded(1)], seed: 1, crashes: 0);

        (await EntitiesAsync(store)).ShouldHaveSingleItem();
        var events = await new ReadEvents(store).ReadAsync(null, 10, CancellationToken.None);
        events.Items.Count.ShouldBe(3, "placed, refunded, and whose it is: the refund named nobody");
        foreach (var item in events.Items)
            Encoding.UTF8.GetString(item.Span).ShouldNotContain("_entity");
    }

    [Fact]
    public async Task An_order_that_grew_up_between_the_making_of_its_home_and_its_first_fold_counts_once()
    {
        var memory = new MemoryHubStore();
        await RunAsync(memory, [Placed(2)], seed: 1, crashes: 0);
        var store = new MeddledStore(memory, call => call is { Container: HubContainers.Homes, IsCommit: true }, () => RunAsync(memory, [Placed(1), Refunded(1)], seed: 1, crashes: 0));

        await new FoldDelivery(store, ModelHub.Ids, new(store, ModelHub.Ids, Limits), Limits).HandleAsync(Updated(1), CancellationToken.None);

        store.HasHappened.ShouldBeTrue();
        var customer = await new CustomerDirectory(memory, ModelHub.Ids, Limits).FindAsync(ModelHub.Ids.Of(Shopper), CancellationToken.None);
        RecordComposer.Compose(customer.ShouldNotBeNull().Profiles, Limits).Storefront.Orders.ShouldBe(2);
    }

    private static async Task RunAsync(IHubStore store, IReadOnlyList<FoldInput> inputs, int seed, double crashes = 0.5)
    {
        var random = new Random(seed);
        var interleaved = new InterleavingStore(store, random);
        var fold = new FoldDelivery(interleaved, ModelHub.Ids, new(interleaved, ModelHub.Ids, Limits), Limits);
        var callers = inputs.Select(input => (Func<CancellationToken, Task>)(token => fold.HandleAsync(input, token))).ToArray();
        random.Shuffle(callers);
        await interleaved.RunAsync(callers, crashes);
    }

    private static ValueTask<IReadOnlyList<StoredItem>> EntitiesAsync(IHubStore store) =>
        store.ReadRangeAsync(HubContainers.Profiles, ModelHub.Ids.Of(Shopper), IdRange.StartingWith("e|"), 10, CancellationToken.None);

    private static string NumberOf(int number) => (1_000 + number).ToString(CultureInfo.InvariantCulture);

    private static FoldInput Placed(int number)
    {
        var order = new Order { Id = IdOf(number), Number = "#" + NumberOf(number), PlacedAt = Epoch.AddMinutes(number), FinancialStatus = FinancialStatuses.Paid, Total = new Money("USD", 10m) };
        return Delivery("placed", number, EventCatalogue.OrderPlaced, FacetNames.Core, ChainJson.Write(order), [new("order", NumberOf(number))], Shopper);
    }

    private static FoldInput Updated(int number)
    {
        var order = new Order { Id = IdOf(number), Number = "#" + NumberOf(number), PlacedAt = Epoch.AddMinutes(number), FinancialStatus = FinancialStatuses.Refunded, Total = new Money("USD", 10m) };
        return Delivery("updated", number, EventCatalogue.OrderUpdated, FacetNames.Core, ChainJson.Write(order), [], Shopper);
    }

    private static FoldInput Refunded(int number) =>
        Delivery("refunded", number, EventCatalogue.OrderRefunded, FacetNames.Refund("1"), ChainJson.Write(new Refund("1", IdOf(number), new Money("USD", 1m), Epoch, null)), [], null);

    private static string IdOf(int number) => (100_000 + number).ToString(CultureInfo.InvariantCulture);

    private static FoldInput Delivery(string what, int number, string type, string facet, string value, IReadOnlyList<Reference> names, Identifier? who)
    {
        var (key, at) = (new EntityKey("shop", EntityTypes.Order, IdOf(number)), Epoch.AddMinutes(number));
        var translation = new Translation.Translated(
            new(who is { } person ? [person] : [], [], at), [new(key, Homing.Shopper, [new Facet(facet, new(at, SourceClass.Webhook, 0), value)], names)], [new(type, key, at, value)], []);
        return new(translation, "shop", $"shop.{what}-{number}", at);
    }
}
