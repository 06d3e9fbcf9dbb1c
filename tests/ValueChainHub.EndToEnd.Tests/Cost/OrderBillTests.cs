using System.Globalization;
using ValueChainHub.Benchmarks.Generator;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Storage;
using ValueChainHub.CosmosWire;
using ValueChainHub.Infrastructure.Cosmos;
using ValueChainHub.Infrastructure.Sqlite;
using ValueChainHub.Testing.Storage;

namespace ValueChainHub.EndToEnd.Tests.Cost;

/// <summary>What an order of a known shopper costs, from webhook to published event, item by item (ADR 16). The prices are those of the published table, not of an account.</summary>
public sealed class OrderBillTests(ITestOutputHelper output)
{
    private const int Orders = 100;
    private const double Budget = 30;
    private const double BudgetWithReplacesTwice = 40;

    /// <summary>What the trigger of the Functions head adds: it reads the same changes again, and writes its lease once for each batch of each feed.</summary>
    private const double LeaseWrite = 5;

    [Theory]
    [InlineData(BodySize.Four)]
    [InlineData(BodySize.Ten)]
    public async Task At_batches_of_a_hundred_an_order_stays_within_the_budget(BodySize size)
    {
        var bill = await BillAsync(size, batch: Orders);

        var feeds = bill.Where(line => line.Verb == "feed").Sum(line => line.Units) / Orders;
        var (once, twice, trigger) = (Once(bill), Twice(bill), feeds + (2 * LeaseWrite / Orders));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{trigger,7:0.00}  more in the Functions head, whose trigger reads the feeds too and writes leases"));
        (once + trigger).ShouldBeLessThanOrEqualTo(Budget);
        (twice + trigger + (2 * LeaseWrite / Orders)).ShouldBeLessThanOrEqualTo(BudgetWithReplacesTwice);
    }

    [Theory]
    [InlineData(BodySize.Four)]
    [InlineData(BodySize.Ten)]
    public async Task An_order_alone_in_its_batch_pays_for_the_positions_of_both_feeds(BodySize size)
    {
        var bill = await BillAsync(size, batch: 1);

        bill.Count(line => line is { Verb: "replace", Container: HubContainers.Ledger }).ShouldBe(2 * Orders);
    }

    [Theory]
    [InlineData(BodySize.Four)]
    [InlineData(BodySize.Ten)]
    public async Task The_real_client_is_charged_no_more_on_the_wire_server(BodySize size)
    {
        await using var server = await CosmosWireServer.StartAsync(new(), TestContext.Current.CancellationToken);
        await using var hub = await CosmosHub.OpenAsync(new() { ConnectionString = server.ConnectionString, CreateContainers = true }, TimeProvider.System, TestContext.Current.CancellationToken);
        using var folder = new BusFolder();
        using var line = new OrderLine(hub.Store, folder.Bus, new OrderPlan(7, Orders, size), TimeProvider.System);
        await MeetAsync(line);
        server.Bill.Clear();
        var before = hub.Bill.Read().Sum(item => item.Units);

        await OrderAsync(line, Orders);

        foreach (var item in server.Bill.Requests.GroupBy(request => (request.Operation, request.Container)).OrderByDescending(item => item.Sum(request => request.Charge)))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{item.Sum(request => request.Charge) / Orders,7:0.00}  {item.Count() / (double)Orders,5:0.00}x {item.Key.Operation} {item.Key.Container}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{server.Bill.Total / Orders,7:0.00}  in all; {server.Bill.TotalWithReplacesTwice / Orders:0.00} with a replace as two"));
        (server.Bill.Total / Orders).ShouldBeLessThanOrEqualTo(Budget);
        (server.Bill.TotalWithReplacesTwice / Orders).ShouldBeLessThanOrEqualTo(BudgetWithReplacesTwice);
        (hub.Bill.Read().Sum(item => item.Units) - before).ShouldBe(server.Bill.Total, tolerance: 1, "the hub's own meter says what the server charged");
        server.ThrowOnViolations();
    }

    /// <summary>By the table, over a store in memory: every item and every change of a feed priced alone, and larger than the adapter writes it.</summary>
    private async Task<IReadOnlyList<BillLine>> BillAsync(BodySize size, int batch)
    {
        var store = new MeteredHubStore(new MemoryHubStore(), item => item.Body.Length + 300);
        using var folder = new BusFolder();
        var plan = new OrderPlan(7, Orders, size);
        using var line = new OrderLine(store, folder.Bus, plan, TimeProvider.System);
        await MeetAsync(line);
        store.Clear();
        await OrderAsync(line, batch);
        var bill = store.Bill;
        Print(bill);
        store.Clear();
        using var stranger = new OrderLine(store, folder.Bus, plan, TimeProvider.System);
        await OrderAsync(stranger, batch, first: 2 * Orders);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Once(store.Bill),7:0.00}  in a process that has just started and remembers nobody"));
        return bill;
    }

    /// <summary>Every shopper orders once, so that each is known.</summary>
    private static async Task MeetAsync(OrderLine line)
    {
        for (var index = 0; index < Orders; index++)
            (await line.ReceiveAsync(index)).ShouldBeOfType<Receipt.Accepted>();
        await line.DrainAsync();
    }

    private static async Task OrderAsync(OrderLine line, int batch, int first = Orders)
    {
        for (var from = first; from < first + Orders; from += batch)
        {
            for (var index = from; index < from + batch; index++)
                (await line.ReceiveAsync(index)).ShouldBeOfType<Receipt.Accepted>();
            await line.RunAsync();
        }
    }

    private static double Once(IReadOnlyList<BillLine> bill) => bill.Sum(line => line.Units) / Orders;

    private static double Twice(IReadOnlyList<BillLine> bill) => bill.Sum(line => line.Verb == "replace" ? 2 * line.Units : line.Units) / Orders;

    private void Print(IReadOnlyList<BillLine> bill)
    {
        foreach (var item in bill.GroupBy(line => (line.Verb, line.Container, Kind: line.Id.Split('|')[0])).OrderByDescending(item => item.Sum(line => line.Units)))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{item.Sum(line => line.Units) / Orders,7:0.00}  {item.Count() / (double)Orders,5:0.00}x {item.Key.Verb} {item.Key.Container} {item.Key.Kind}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Once(bill),7:0.00}  in all; {Twice(bill):0.00} with a replace as two"));
    }
}

/// <summary>A bus in a folder that goes away with the test.</summary>
internal sealed class BusFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vch-bus-");
    private readonly SqliteHub _hub;

    public BusFolder() => _hub = SqliteHub.Open(new() { Directory = _folder.FullName }, TimeProvider.System);

    public Core.Messaging.IChainBus Bus => _hub.Bus;

    public void Dispose()
    {
        _hub.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _folder.Delete(recursive: true);
    }
}
