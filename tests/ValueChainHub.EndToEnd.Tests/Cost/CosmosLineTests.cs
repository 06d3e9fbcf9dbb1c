using ValueChainHub.Benchmarks.Generator;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Storage;
using ValueChainHub.CosmosWire;
using ValueChainHub.CosmosWire.Faults;
using ValueChainHub.Infrastructure.Cosmos;
using ValueChainHub.Testing;

namespace ValueChainHub.EndToEnd.Tests.Cost;

/// <summary>Orders on Cosmos DB when it fails, when it is slow, and when there are many. On the wire server: what it cannot say of an account, these cannot either.</summary>
public sealed class CosmosLineTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly BusFolder _folder = new();
    private CosmosWireServer _server = null!;
    private CosmosHub _hub = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await CosmosWireServer.StartAsync(new() { Time = _time }, Token);
        _hub = await CosmosHub.OpenAsync(new() { ConnectionString = _server.ConnectionString, CreateContainers = true, CallTimeout = TimeSpan.FromSeconds(2) }, _time, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
        _server.ThrowOnViolations();
    }

    [Fact]
    public async Task With_every_tenth_write_failing_in_every_way_nothing_is_lost_and_nothing_is_applied_twice()
    {
        const int orders = 120;
        var plan = new OrderPlan(11, 30, BodySize.Four);
        using var line = new OrderLine(_hub.Store, _folder.Bus, plan, _time);
        _server.Faults.OneInEvery(10, seed: 5, of: null, WireFault.Throttled(TimeSpan.FromMilliseconds(1)), WireFault.RetryWith, WireFault.Unavailable, WireFault.DroppedAfter, WireFault.DroppedBefore, WireFault.HangsAfter);

        await Parallel.ForEachAsync(Enumerable.Range(0, orders), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (index, _) => await InsistAsync(line, index));
        for (var round = 0; round < 60 && (round < 3 || (await CountsAsync(line)).Pending > 0); round++)
        {
            await TryAsync(line.RunAsync);
            await TryAsync(line.RunDueWorkAsync);
            _time.Advance(TimeSpan.FromMinutes(1));
        }
        _server.Faults.Happened.Select(fault => fault.Name).Distinct().Count().ShouldBe(6);
        _server.Faults.Clear();
        // What was parked last may be counted only now, and its next attempt is due later.
        for (var round = 0; round < 5; round++)
        {
            await line.DrainAsync();
            await line.RunDueWorkAsync();
            _time.Advance(TimeSpan.FromHours(8));
        }
        await line.DrainAsync();

        (await line.Verify.HandleAsync(Token)).Differences.ShouldBeEmpty();
        var counts = await CountsAsync(line);
        counts.Applied.ShouldBe(orders, counts.ToString());
        await ShouldHaveEachOnceAsync(line, plan, orders);
    }

    [Fact]
    public async Task A_thousand_deliveries_of_one_connector_spread_over_all_ranges()
    {
        using var line = new OrderLine(_hub.Store, _folder.Bus, new OrderPlan(13, 500, BodySize.Four), _time);
        _server.Bill.Clear();

        await Parallel.ForEachAsync(Enumerable.Range(0, 1_000), new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Token }, async (index, _) => (await line.ReceiveAsync(index)).ShouldBeOfType<Receipt.Accepted>());
        await line.DrainAsync();

        foreach (var container in new[] { HubContainers.Inbox, HubContainers.Profiles, HubContainers.Homes, HubContainers.Identifiers })
        {
            var ranges = _server.Bill.ByRange(container);
            var all = ranges.Values.Sum();
            output.WriteLine($"{container}: {string.Join(", ", ranges.Select(range => $"range {range.Key} {100 * range.Value / all:0} %"))}");
            ranges.Count.ShouldBe(4);
            foreach (var units in ranges.Values)
                (units / all).ShouldBeInRange(0.18, 0.32);
        }
    }

    /// <summary>Each request waits for the one before: their number, not the speed of this machine, says how fast a feed can be.</summary>
    [Fact]
    public async Task At_five_milliseconds_a_request_the_outbox_passes_more_than_a_hundred_events_a_second()
    {
        using var line = new OrderLine(_hub.Store, _folder.Bus, new OrderPlan(17, 200, BodySize.Four), _time);
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (index, _) => await line.ReceiveAsync(index));
        while (await line.Inbox.RunAsync(Token))
        {
        }
        _server.Bill.Clear();

        while (await line.Outbox.RunAsync(Token))
        {
        }

        var seconds = _server.Bill.Requests.Count * 0.005;
        output.WriteLine($"{line.Outbox.Published} events in {_server.Bill.Requests.Count} requests: {line.Outbox.Published / seconds:0} a second at 5 ms each");
        (line.Outbox.Published / seconds).ShouldBeGreaterThan(100);
    }

    /// <summary>A vendor sends again what was not answered with 200.</summary>
    private static async Task InsistAsync(OrderLine line, long index)
    {
        while (await line.ReceiveAsync(index) is not (Receipt.Accepted or Receipt.Duplicate))
        {
        }
    }

    private static async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (StoreUnavailableException)
        {
            // The next run goes on where this one broke off.
        }
    }

    private static async Task<LedgerCounts> CountsAsync(OrderLine line) => (await line.Ledger.HandleAsync(Token)).Connectors["shopify"];

    private static async Task ShouldHaveEachOnceAsync(OrderLine line, OrderPlan plan, int orders)
    {
        for (var shopper = 0; shopper < plan.Customers; shopper++)
        {
            var record = (await line.Customers.SearchAsync(new() { Email = OrderPlan.EmailOf(shopper) }, Token)).ShouldHaveSingleItem();
            record.Storefront.Orders.ShouldBe(Enumerable.Range(0, orders).Count(index => plan.At(index).Customer == shopper));
        }
        var (ids, cursor) = (new List<string>(), (string?)null);
        while (await line.Events.ReadAsync(cursor, 500, Token) is { Items.Count: > 0 } page)
        {
            ids.AddRange(page.Items.Select(item => Core.Chain.CloudEvent.ReadHead(item)).Where(head => head.Type == "valuechain.storefront.order.placed").Select(head => head.Id));
            cursor = page.Cursor;
        }
        ids.Distinct().Count().ShouldBe(orders);
        ids.Count.ShouldBe(orders);
    }
}
