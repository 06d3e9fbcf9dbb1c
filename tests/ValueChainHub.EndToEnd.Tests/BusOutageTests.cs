using System.Text.Json;
using ValueChainHub.Core.Messaging;
using ValueChainHub.EndToEnd.Tests.Support;
using ValueChainHub.Hosting;
using static ValueChainHub.EndToEnd.Tests.Support.Shopify;

namespace ValueChainHub.EndToEnd.Tests;

/// <summary>The bus goes away and comes back.</summary>
public sealed class BusOutageTests : EndToEndTest
{
    private const string Destination = "somebody";
    private const int Shoppers = 4;
    private const int Rounds = 3;

    private BrokenBus _bus = null!;

    [Fact]
    public async Task After_an_outage_of_the_bus_every_event_is_there_once_and_in_the_order_of_its_profile()
    {
        await PlugInAsync();
        foreach (var fault in new[] { BrokenBus.Fault.None, BrokenBus.Fault.Away, BrokenBus.Fault.TakesAPart, BrokenBus.Fault.AnswersNothing })
        {
            var refused = _bus.Refused;
            _bus.Now = fault;
            await Client.DeliverAsync(Visits((int)fault));
            await UntilAsync(async () => (await Client.LedgerAsync()).Of(Webhook.Shop).Pending == 0 && (fault == BrokenBus.Fault.None || _bus.Refused > refused));
            if (fault == BrokenBus.Fault.Away)
                (await Client.LedgerAsync()).Outbox.Pending.ShouldBeGreaterThan(0);
        }
        (await Client.FindAsync(new { email = "shopper0@example.com" })).Storefront.Orders.ShouldBe(4 * Rounds, "what the bus does is nothing to the record");

        _bus.Now = BrokenBus.Fault.None;
        await Client.SettleAsync();

        var received = await ReceiveAllAsync();
        var emitted = await Client.EventsAsync();
        received.Select(message => message.Id).ShouldBe(emitted.Select(IdOf), ignoreOrder: true);
        foreach (var profile in received.GroupBy(message => message.PartitionKey, StringComparer.Ordinal))
        {
            var ids = profile.Select(message => message.Id).ToHashSet(StringComparer.Ordinal);
            profile.Select(message => message.Id).ShouldBe(emitted.Select(IdOf).Where(ids.Contains));
        }
    }

    [Fact]
    public async Task A_message_is_the_event_in_binary_mode()
    {
        await PlugInAsync();
        await DeliverAsync(Visits(0));

        var emitted = (await Client.EventsAsync()).ToDictionary(IdOf, StringComparer.Ordinal);
        foreach (var message in await ReceiveAllAsync())
        {
            var one = emitted[message.Id];
            JsonElement.DeepEquals(JsonDocument.Parse(message.Body).RootElement, one.GetProperty("data")).ShouldBeTrue();
            message.Properties.ShouldBe(
                one.EnumerateObject().Where(attribute => attribute.Name is not ("data" or "summary")).ToDictionary(attribute => attribute.Name, attribute => attribute.Value.GetString()!),
                ignoreOrder: true);
        }
    }

    private static string IdOf(JsonElement one) => one.GetProperty("id").GetString()!;

    private static IEnumerable<Webhook> Visits(int phase) =>
        from round in Enumerable.Range(0, Rounds)
        from shopper in Enumerable.Range(0, Shoppers)
        select new Webhook("orders/create", Order(1_000 + (100 * phase) + (10 * round) + shopper, "25.00", Customer(7_000 + shopper, $"shopper{shopper}@example.com")));

    private async Task PlugInAsync()
    {
        await Hub.StopAsync();
        Hub.Plugs = LocalPlugs.Plugs with
        {
            OpenStorage = (settings, time) =>
            {
                var storage = LocalPlugs.Plugs.OpenStorage(settings, time);
                _bus = new(storage.Bus);
                return new(storage.Store, _bus, storage) { PurgeExpiredAsync = storage.PurgeExpiredAsync };
            },
        };
        await Hub.StartAsync();
        await _bus.SubscribeAsync(Destination, TestContext.Current.CancellationToken);
    }

    private async Task<List<BusMessage>> ReceiveAllAsync()
    {
        var received = new List<BusMessage>();
        while (await _bus.ReceiveAsync(Destination, 100, TimeSpan.Zero, TestContext.Current.CancellationToken) is { Count: > 0 } page)
            received.AddRange(page.Select(message => message.Message));
        return received;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var waited = System.Diagnostics.Stopwatch.StartNew(); !await holds();)
        {
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }
    }
}
