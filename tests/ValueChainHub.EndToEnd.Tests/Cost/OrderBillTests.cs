using System.Globalization;
using System.Text;
using ValueChainHub.Benchmarks.Generator;
using ValueChainHub.Connectors;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Messaging;
using ValueChainHub.Core.Storage;
using ValueChainHub.Infrastructure.Sqlite;
using ValueChainHub.Testing.Storage;

namespace ValueChainHub.EndToEnd.Tests.Cost;

/// <summary>What an order of a known shopper costs, from webhook to published event, item by item.</summary>
public sealed class OrderBillTests(ITestOutputHelper output)
{
    private const string Secret = "a-secret-of-this-test-only-0000001";

    [Theory]
    [InlineData(BodySize.Four, 100)]
    [InlineData(BodySize.Four, 1)]
    [InlineData(BodySize.Ten, 100)]
    [InlineData(BodySize.Ten, 1)]
    public async Task An_order_of_a_known_shopper_costs(BodySize size, int batch)
    {
        const int orders = 100;
        var folder = Directory.CreateTempSubdirectory("vch-bill-");
        await using var sqlite = SqliteHub.Open(new() { Directory = folder.FullName }, TimeProvider.System);
        var plan = new OrderPlan(7, orders, size);
        var store = new MeteredHubStore(new MemoryHubStore(), item => item.Body.Length + 300);
        var hub = new Line(store, sqlite.Bus, plan);
        for (var index = 0; index < orders; index++)
            await hub.ReceiveAsync(index);
        await hub.DrainAsync();
        store.Clear();
        for (var first = 0; first < orders; first += batch)
        {
            for (var index = first; index < first + batch; index++)
                await hub.ReceiveAsync(orders + index);
            await hub.RunAsync();
        }
        Print(store.Bill, orders);
    }

    private void Print(IReadOnlyList<BillLine> bill, int orders)
    {
        foreach (var line in bill.GroupBy(line => (line.Verb, line.Container, Kind: line.Id.Split('|')[0].Length > 20 ? "<id>" : line.Id.Split('|')[0])).OrderByDescending(line => line.Sum(one => one.Units)))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{line.Sum(one => one.Units) / orders,7:0.00}  {line.Count() / (double)orders,5:0.00}x {line.Key.Verb} {line.Key.Container} {line.Key.Kind}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bill.Sum(line => line.Units) / orders,7:0.00}  in all; {bill.Sum(line => line.Verb == "replace" ? 2 * line.Units : line.Units) / orders:0.00} with a replace as two"));
    }

    private sealed class Line
    {
        private readonly OrderRequests _requests;
        private readonly OrderPlan _plan;
        private readonly ReceiveWebhook _receive;
        private readonly ProcessInbox _inbox;
        private readonly PublishEvents _publish;

        public Line(IHubStore store, IChainBus bus, OrderPlan plan)
        {
            (_plan, _requests) = (plan, new OrderRequests(plan, Secret));
            var vendor = Vendors.All(TimeProvider.System).First(vendor => vendor.Name == "shopify");
            var connector = vendor.Create(new("shopify", new Dictionary<string, string> { ["WebhookSecret"] = Secret, ["ShopDomain"] = OrderRequests.ShopDomain }, false));
            var (catalog, ids, limits, handover) = (new ConnectorCatalog([connector]), new DerivedIds(Encoding.UTF8.GetBytes("0123456789abcdef0123456789abcdef")), new GraphLimits(), new TranslationHandover());
            _receive = new(store, catalog, new Rejections(store), handover, TimeProvider.System);
            _inbox = new(store, catalog, new FoldDelivery(store, ids, new CustomerDirectory(store, ids, limits), limits), handover, new WorkQueue(store, TimeProvider.System), TimeProvider.System);
            _publish = new(store, bus);
        }

        public async Task ReceiveAsync(long index)
        {
            var order = _plan.At(index);
            var buffer = new byte[_requests.LongestRequest];
            var request = buffer.AsMemory(0, _requests.Write(order, buffer));
            var text = Encoding.ASCII.GetString(request.Span);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            var headers = text[..end].Split("\r\n").Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
            (await _receive.HandleAsync("shopify", new("POST", new("http://127.0.0.1/api/webhooks/shopify"), headers, request[(end + 4)..]), CancellationToken.None)).ShouldBeOfType<Receipt.Accepted>();
        }

        public async Task RunAsync()
        {
            await _inbox.RunAsync(CancellationToken.None);
            await _publish.RunAsync(CancellationToken.None);
        }

        public async Task DrainAsync()
        {
            while (await _inbox.RunAsync(CancellationToken.None) | await _publish.RunAsync(CancellationToken.None))
            {
            }
        }
    }
}
