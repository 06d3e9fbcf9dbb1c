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

namespace ValueChainHub.EndToEnd.Tests.Cost;

/// <summary>The way of an order from the webhook to the bus, its steps run by hand, so that a batch of the feed is as large as the test wants it.</summary>
internal sealed class OrderLine : IDisposable
{
    private const string Secret = "a-secret-of-this-test-only-0000001";

    private readonly OrderRequests _requests;
    private readonly OrderPlan _plan;
    private readonly ReceiveWebhook _receive;
    private readonly RunDueWork _work;

    public OrderLine(IHubStore store, IChainBus bus, OrderPlan plan, TimeProvider time)
    {
        (_plan, _requests) = (plan, new OrderRequests(plan, Secret));
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["WebhookSecret"] = Secret, ["ShopDomain"] = OrderRequests.ShopDomain };
        var connector = Vendors.All(time).First(vendor => vendor.Name == "shopify").Create(new("shopify", settings, false));
        var (catalog, ids, limits) = (new ConnectorCatalog([connector]), new DerivedIds(Encoding.UTF8.GetBytes("0123456789abcdef0123456789abcdef")), new GraphLimits());
        var (handover, work, directory, rejections) = (new TranslationHandover(), new WorkQueue(store, time), new CustomerDirectory(store, ids, limits), new Rejections(store));
        var fold = new FoldDelivery(store, ids, directory, limits);
        _receive = new(store, catalog, rejections, handover, time);
        _work = new(store, catalog, fold, handover, work, time);
        Inbox = new(store, catalog, fold, handover, work, time);
        Outbox = new(store, bus, time);
        Ledger = new(store, catalog, Inbox, Outbox, rejections, time);
        Verify = new(store, catalog, Ledger, fold, time);
        Customers = new(store, ids, directory, catalog, limits);
        Events = new(store);
    }

    public ProcessInbox Inbox { get; }
    public PublishEvents Outbox { get; }
    public ReadLedger Ledger { get; }
    public VerifyLedger Verify { get; }
    public ReadCustomers Customers { get; }
    public ReadEvents Events { get; }

    public async Task<Receipt> ReceiveAsync(long index)
    {
        var buffer = new byte[_requests.LongestRequest];
        int length;
        lock (_requests)
            length = _requests.Write(_plan.At(index), buffer);
        var request = buffer.AsMemory(0, length);
        var text = Encoding.ASCII.GetString(request.Span);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var headers = text[..end].Split("\r\n").Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        return await _receive.HandleAsync("shopify", new("POST", new("http://127.0.0.1/api/webhooks/shopify"), headers, request[(end + 4)..]), TestContext.Current.CancellationToken);
    }

    /// <summary>One batch of each feed.</summary>
    public async Task RunAsync()
    {
        await Inbox.RunAsync(TestContext.Current.CancellationToken);
        await Outbox.RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What waits and is due.</summary>
    public Task RunDueWorkAsync() => _work.RunAsync(TestContext.Current.CancellationToken);

    public async Task DrainAsync()
    {
        while (await Inbox.RunAsync(TestContext.Current.CancellationToken) | await Outbox.RunAsync(TestContext.Current.CancellationToken))
        {
        }
    }

    public void Dispose() => _requests.Dispose();
}
