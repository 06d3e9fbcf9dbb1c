using System.Text;
using System.Text.Json.Nodes;
using ValueChainHub.Connectors.Tests.Shopify;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Storage;
using ValueChainHub.Testing;
using ValueChainHub.Testing.Storage;

namespace ValueChainHub.Connectors.Tests.ShipStation;

/// <summary>Shopify and ShipStation through the real intake: the storefront says which parcels an order has, the carriers say where they are.</summary>
public sealed class ShipStationChainTests : IDisposable
{
    private readonly VendorAtTheWire _vendor = new();
    private readonly ManualTime _time = new(new(2026, 2, 14, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryHubStore _store = new();
    private readonly DerivedIds _ids = new(Encoding.UTF8.GetBytes("0123456789abcdef0123456789abcdef"));
    private readonly ReceiveWebhook _receive;
    private readonly ProcessInbox _process;
    private readonly RunDueWork _work;
    private readonly ReadCustomers _customers;

    public ShipStationChainTests()
    {
        var connectors = new ConnectorCatalog([ShopifyTests.Connector, ShipStationTests.Make(new() { ["ApiKey"] = "key-of-the-account" }, _vendor, _time)]);
        var (limits, handover, queue) = (new GraphLimits(), new TranslationHandover(), new WorkQueue(_store, _time));
        var directory = new CustomerDirectory(_store, _ids, limits);
        var fold = new FoldDelivery(_store, _ids, directory, limits);
        _receive = new(_store, connectors, new Rejections(_store), handover, _time);
        _process = new(_store, connectors, fold, handover, queue, _time);
        _work = new(_store, connectors, fold, handover, queue, _time);
        _customers = new(_store, _ids, directory, connectors, limits);
    }

    public void Dispose() => _vendor.Dispose();

    [Theory]
    [InlineData("order", "fulfillment", "way", "delivered")]
    [InlineData("delivered", "way", "fulfillment", "order")]
    [InlineData("fulfillment", "delivered", "order", "way")]
    [InlineData("way", "order", "delivered", "fulfillment")]
    public async Task A_parcel_is_delivered_whichever_of_order_shipping_and_tracking_comes_first(params string[] deliveries)
    {
        foreach (var delivery in deliveries)
            await DeliverAsync(delivery);

        var record = (await _customers.SearchAsync(new CustomerQuery { Tracking = ShipStationTests.Number }, CancellationToken.None)).ShouldHaveSingleItem();
        (record.Fulfillment.Shipments, record.Fulfillment.Delivered, record.Fulfillment.InTransit).ShouldBe((1, 1, 0));
        record.Fulfillment.LastDeliveredAt.ShouldBe(new DateTimeOffset(2026, 2, 13, 20, 5, 0, TimeSpan.Zero));
        var parcel = (await _customers.OrdersAsync(record.Id, 10, null, CancellationToken.None))!.Items.ShouldHaveSingleItem().Parcels.ShouldHaveSingleItem();
        (parcel.Carrier, parcel.Number, parcel.Status).ShouldBe(("ups", ShipStationTests.Number, "delivered"));
    }

    [Fact]
    public async Task Two_identical_thin_bodies_with_another_state_at_the_vendor_are_two_events()
    {
        var thin = ShipStationTests.Body("SHIPMENT_CREATED_V2").ToJsonString();
        var shipment = ShipStationTests.Body("fetched-shipment");
        _vendor.Resources["/v2/shipments/se-44010"] = shipment.ToJsonString();
        await ReceiveAsync(thin);
        (shipment["shipment_status"], shipment["modified_at"]) = ("cancelled", "2026-02-14T12:00:30.000Z");
        _vendor.Resources["/v2/shipments/se-44010"] = shipment.ToJsonString();
        _time.Advance(TimeSpan.FromMinutes(1));
        await ReceiveAsync(thin);
        await ReceiveAsync(thin);

        (await EventsAsync()).ShouldBe([EventCatalogue.FulfillmentHinted, EventCatalogue.ShipmentChanged, EventCatalogue.ShipmentChanged], ignoreOrder: true);
    }

    [Fact]
    public async Task A_thin_body_whose_fetch_says_the_same_again_tells_nothing_again()
    {
        var thin = ShipStationTests.Body("SHIPMENT_CREATED_V2").ToJsonString();
        _vendor.Resources["/v2/shipments/se-44010"] = ShipStationTests.Body("fetched-shipment").ToJsonString();
        await ReceiveAsync(thin);
        _time.Advance(TimeSpan.FromMinutes(1));
        await ReceiveAsync(thin);

        (await EventsAsync()).ShouldBe([EventCatalogue.FulfillmentHinted, EventCatalogue.ShipmentChanged], ignoreOrder: true);
    }

    [Fact]
    public async Task A_webhook_is_sent_again_later_when_the_keys_cannot_be_had()
    {
        _vendor.Fault = new HttpRequestException("no route");

        (await _receive.HandleAsync("shipstation", Signed("{}"), CancellationToken.None)).ShouldBeOfType<Receipt.NotProvable>();
    }

    private async Task DeliverAsync(string delivery)
    {
        switch (delivery)
        {
            case "order":
                await ShopifyAsync("orders/create", ShopifyTests.Body("orders-create"));
                break;
            case "fulfillment":
                var fulfillment = ShopifyTests.Body("fulfillments-create");
                (fulfillment["tracking_company"], fulfillment["tracking_number"]) = ("UPS", ShipStationTests.Number);
                (fulfillment["tracking_numbers"], fulfillment["tracking_urls"]) = (new JsonArray(ShipStationTests.Number), new JsonArray("https://carrier.example/1"));
                await ShopifyAsync("fulfillments/create", fulfillment);
                break;
            case "way":
                await ReceiveAsync(ShipStationTests.Body("TRACK_EVENT_V2").ToJsonString());
                break;
            default:
                await ReceiveAsync(ShipStationTests.Body("TRACK_EVENT_V2~delivered").ToJsonString());
                break;
        }
    }

    private async Task ShopifyAsync(string topic, JsonObject body)
    {
        var request = ShopifyTests.Signed(topic, topic, Encoding.UTF8.GetBytes(body.ToJsonString()), "hush");
        (await _receive.HandleAsync("shopify", request, CancellationToken.None)).ShouldBeOfType<Receipt.Accepted>();
        await RunAsync();
    }

    private async Task ReceiveAsync(string body)
    {
        (await _receive.HandleAsync("shipstation", Signed(body), CancellationToken.None)).ShouldNotBeOfType<Receipt.Refused>();
        await RunAsync();
    }

    private WebhookRequest Signed(string body) => ShipStationTests.Signed(VendorAtTheWire.Present, "key-1", ShipStationTests.At(_time.GetUtcNow()), Encoding.UTF8.GetBytes(body));

    private async Task RunAsync()
    {
        while (await _process.RunAsync(CancellationToken.None))
            await _work.RunAsync(CancellationToken.None);
    }

    private async Task<List<string>> EventsAsync()
    {
        var page = await _store.ReadFeedAsync(HubContainers.Profiles, FeedPosition.Beginning, int.MaxValue, "ev|", CancellationToken.None);
        return [.. page.Changes.Select(change => JsonNode.Parse(change.Item.Body.Span)!["type"]!.GetValue<string>())];
    }
}
