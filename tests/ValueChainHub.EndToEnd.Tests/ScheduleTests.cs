using System.Globalization;
using System.Text;
using System.Text.Json;
using ValueChainHub.Connectors.Shopify;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;
using ValueChainHub.EndToEnd.Tests.Support;

namespace ValueChainHub.EndToEnd.Tests;

/// <summary>The property of the model over the real server and the real store: whatever the order, the number and the interleaving of deliveries, the records are those that their set means.</summary>
public sealed class ScheduleTests : EndToEndTest
{
    private const int DeliveriesPerSchedule = 14;
    private const int SchedulesAtATime = 25;

    /// <summary>One connector for each shop, exactly as the hub makes them.</summary>
    private static readonly Dictionary<string, IConnector> Connectors = new[] { Webhook.Shop, Webhook.OtherShop }.ToDictionary(
        name => name,
        name => new ShopifyVendor(TimeProvider.System).Create(new ConnectorSettings(name, new Dictionary<string, string> { ["WebhookSecret"] = HubSecrets.WebhookSecret }, allowLoopback: false)));

    private static int Schedules => int.TryParse(Environment.GetEnvironmentVariable("E2E_SCHEDULES"), CultureInfo.InvariantCulture, out var schedules) ? schedules : 300;

    [Fact]
    public async Task Parallel_deliveries_of_any_history_give_the_records_and_events_that_the_set_of_them_means()
    {
        var histories = Enumerable.Range(1, Schedules).Select(schedule => (Schedule: schedule, Deliveries: new ShopHistory(schedule).Draw(DeliveriesPerSchedule))).ToList();
        foreach (var together in histories.Chunk(SchedulesAtATime))
        {
            // Deliveries of several worlds at once, each world's in its own order and all of them racing.
            var deliveries = Enumerable.Range(0, together.Max(one => one.Deliveries.Count)).SelectMany(index => together.Where(one => index < one.Deliveries.Count).Select(one => one.Deliveries[index]));
            var statuses = await Client.DeliverInParallelAsync([.. deliveries]);
            statuses.Keys.ShouldBeSubsetOf(["accepted", "duplicate"]);
        }
        await Client.SettleAsync();

        var (expectedEvents, joined) = (new HashSet<string>(StringComparer.Ordinal), 0);
        var told = IdsBySubject(await Client.EventsAsync());
        foreach (var (schedule, deliveries) in histories)
        {
            var model = ModelOf(deliveries);
            expectedEvents.UnionWith(model.EventIds);
            joined += model.Records().Values.Count(record => record.Profiles.Count > 1);
            await ShouldBeAsync(model, told, schedule);
        }
        joined.ShouldBeGreaterThan(Schedules / 2, "the histories link too few profiles to prove anything");
        var events = await Client.EventIdsAsync();
        events.Except(expectedEvents).ShouldBeEmpty("events that no delivery gave rise to");
        expectedEvents.Except(events).ShouldBeEmpty("events that were not emitted");
    }

    private async Task ShouldBeAsync(ChainModel model, ILookup<string, string> told, int schedule)
    {
        var expected = model.Records().ToDictionary(record => record.Key, record => HubText.Of(record.Value), StringComparer.Ordinal);
        var actual = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var identifier in model.Identifiers())
        {
            foreach (var customer in await Client.SearchAsync(new { kind = identifier.Kind, value = identifier.Value }))
                actual[customer.Id] = HubText.Of(customer);
        }
        foreach (var (id, text) in expected)
            actual.GetValueOrDefault(id).ShouldBe(text, $"schedule {schedule}");
        actual.Count.ShouldBe(expected.Count, $"schedule {schedule}");
        foreach (var record in model.Records().Values)
            await ShouldListWhatItCountsAsync(record, told, schedule);
    }

    /// <summary>The orders that are listed are those that were counted, and the timeline has every event of them once.</summary>
    private async Task ShouldListWhatItCountsAsync(CustomerRecord record, ILookup<string, string> told, int schedule)
    {
        var orders = await Client.OrdersAsync(record.Id);
        var counted = orders.Where(order => order.Test is not true && order.Status != "deleted").ToList();
        counted.Count(order => order.Status is not null).ShouldBe(record.Storefront.Orders, $"schedule {schedule}");
        counted.Count(order => order.Status == "cancelled").ShouldBe(record.Storefront.CancelledOrders, $"schedule {schedule}");
        counted.Sum(order => order.Parcels.Count).ShouldBe(record.Fulfillment.Shipments, $"schedule {schedule}");

        var timeline = IdsBySubject(await Client.TimelineAsync(record.Id));
        foreach (var order in orders)
            timeline[order.Id].Order(StringComparer.Ordinal).ShouldBe(told[order.Id].Order(StringComparer.Ordinal), $"schedule {schedule}, {order.Id}");
    }

    private static ILookup<string, string> IdsBySubject(IEnumerable<JsonElement> events) =>
        events.Where(one => !HubClient.IsIdentityNotice(one)).ToLookup(one => one.GetProperty("subject").GetString()!, one => one.GetProperty("id").GetString()!, StringComparer.Ordinal);

    private static ChainModel ModelOf(IEnumerable<Webhook> deliveries) =>
        new(new DerivedIds(Encoding.UTF8.GetBytes(HubSecrets.IdKey)), new GraphLimits(), deliveries.Select(Translate).OfType<Translation.Translated>(), []);

    private static Translation Translate(Webhook webhook)
    {
        var translation = Connectors[webhook.Connector].Translate(new(webhook.Connector, DeliveryKind.Webhook, webhook.Topic, new Dictionary<string, string>(), webhook.Body, null));
        translation.ShouldNotBeOfType<Translation.Unreadable>(webhook.Topic);
        return translation;
    }
}
