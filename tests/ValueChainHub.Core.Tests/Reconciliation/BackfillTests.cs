using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Reconciliation;
using ValueChainHub.Core.Runs;
using ValueChainHub.Core.Tests.Delivery;
using ValueChainHub.Testing;
using ValueChainHub.Testing.Storage;

namespace ValueChainHub.Core.Tests.Reconciliation;

public sealed class BackfillTests
{
    private static readonly WalkAsked Everything = new(WalkAsked.Beginning);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Walks_everything_from_the_beginning_and_is_done_when_the_counts_agree()
    {
        var hub = Stocked(customers: 10, orders: 25);

        var run = await hub.ReconcileAsync(Everything);

        run.State.ShouldBe(RunStates.Done, run.Reason);
        var report = WalkHub.ReportOf(run);
        report.Streams["customers"].Of.ShouldBe(10);
        report.Streams["orders"].Of.ShouldBe(25);
        (report.Compared, report.Repaired, report.Lost).ShouldBe((35, 35, 0));
        (await hub.NameAsync("c3")).ShouldBe("Ada 3");
        (await hub.EventsAsync()).ShouldAllBe(one => one.GetProperty("origin").GetString() == "backfill");
    }

    [Theory]
    [InlineData(true, RunStates.Done)]
    [InlineData(false, RunStates.Running)]
    public async Task A_page_waits_for_the_vendors_line_unless_it_is_read_elsewhere(bool hasFiles, string state)
    {
        var hub = new WalkHub(new FakeShop { HasFiles = hasFiles, Line = new ClosedLine { NotBefore = DateTimeOffset.MaxValue } });
        _ = hub.Shop.Customer("1", "Ada", hub.Now);

        var started = (await hub.Start.HandleAsync(hub.Shop.Name, Everything, Token)).ShouldBeOfType<WalkStart.Started>();
        await hub.StepAsync();

        (await hub.Runs.ReadAsync(started.Run.Id, Token)).ShouldNotBeNull().State.ShouldBe(state);
    }

    [Fact]
    public async Task A_second_backfill_takes_in_nothing()
    {
        var hub = Stocked(customers: 10, orders: 25);
        await hub.ReconcileAsync(Everything);

        var report = WalkHub.ReportOf(await hub.ReconcileAsync(Everything));

        (report.Compared, report.Repaired).ShouldBe((35, 0));
        hub.Shop.Fetches.ShouldBe(25);
    }

    [Fact]
    public async Task Refuses_to_be_done_while_the_counts_differ_and_goes_on_when_it_is_resumed()
    {
        var hub = Stocked(customers: 4, orders: 5);
        hub.Shop.Miscount = 2;

        var run = await hub.ReconcileAsync(Everything);

        run.State.ShouldBe(RunStates.Failed);
        run.Reason.ShouldNotBeNull().ShouldContain("the vendor counts 6, the hub took 4");
        hub.Shop.Miscount = 0;
        await hub.Runs.ResumeAsync(run.Id, Token);
        (await hub.FinishAsync(run.Id)).State.ShouldBe(RunStates.Done);
    }

    [Fact]
    public async Task What_is_made_while_it_walks_is_walked_too()
    {
        var hub = Stocked(customers: 4, orders: 5);
        hub.Shop.Instead = request =>
        {
            if (request is { Stream: "customers", Cursor: not null } && hub.Shop.Asked.Count == 2)
                _ = hub.Shop.Customer("z-late", "Zoe", hub.Now);
            return null;
        };

        var run = await hub.ReconcileAsync(Everything);

        run.State.ShouldBe(RunStates.Done, run.Reason);
        (await hub.NameAsync("z-late")).ShouldBe("Zoe");
    }

    [Fact]
    public async Task A_thing_that_is_deleted_after_it_was_listed_is_not_missed()
    {
        var hub = Stocked(customers: 1, orders: 5);
        hub.Shop.Instead = request =>
        {
            if (request is { Stream: "orders", Cursor: not null })
                hub.Shop.Delete("o0001");
            return null;
        };

        var run = await hub.ReconcileAsync(Everything);

        run.State.ShouldBe(RunStates.Failed, "it was taken in before it was deleted, and only the vendor's webhook tells that");
        run.Reason.ShouldNotBeNull().ShouldContain("the vendor counts 4, the hub took 5");
    }

    [Fact]
    public async Task A_vendor_that_lists_nothing_from_the_beginning_has_no_backfill()
    {
        var hub = new WalkHub(new FakeShop { WalkStreams = [new("customers") { Overlap = TimeSpan.Zero, HasBeginning = false }] });

        (await hub.Start.HandleAsync("shop", Everything, Token)).ShouldBeOfType<WalkStart.Impossible>();
    }

    [Fact]
    public async Task Wherever_the_process_dies_it_goes_on_and_the_counts_agree()
    {
        var (crashed, calls) = (true, 0);
        while (crashed)
            crashed = await DieAsync(calls++);

        calls.ShouldBeGreaterThan(100, "the whole run was cut at every call");
    }

    /// <summary>Ten thousand orders of three thousand shoppers: nobody is told anything as news.</summary>
    [Fact]
    public async Task A_backfill_of_10_000_orders_causes_no_append_and_no_task()
    {
        var (time, store, bus) = (new ManualTime(), new MemoryHubStore(), new MemoryChainBus());
        var mail = new FakeVendor("mail", time);
        var destinations = new DeliveryHub([mail], time, store, bus);
        await destinations.Routes.SetAsync([new() { Name = "mail/events", Enabled = true, Types = [EventCatalogue.OrderPlaced] }], Token);
        await destinations.RouteAsync();
        var hub = new WalkHub(new FakeShop { PageSize = 250 }, time, store);
        Stock(hub, customers: 3_000, orders: 10_000);

        var run = await hub.ReconcileAsync(Everything);
        for (var told = -1; mail.Calls != told;)
        {
            told = mail.Calls;
            for (var round = 0; round < 5; round++)
                await destinations.SettleAsync();
        }

        run.State.ShouldBe(RunStates.Done, run.Reason);
        WalkHub.ReportOf(run).Repaired.ShouldBe(13_000);
        mail.Appended.ShouldBeEmpty();
        mail.Of<EventToAppend>().ShouldBeEmpty();
        mail.Of<TaskToOpen>().ShouldBeEmpty();
        mail.Of<CustomerState>().Count().ShouldBeGreaterThan(0, "states are brought up to date");
    }

    private static async Task<bool> DieAsync(int calls)
    {
        var (time, memory, shop) = (new ManualTime(), new MemoryHubStore(), new FakeShop());
        var hub = new WalkHub(shop, time, memory);
        Stock(hub, customers: 5, orders: 8);
        var started = (await hub.Start.HandleAsync("shop", Everything, Token)).ShouldBeOfType<WalkStart.Started>();
        var crashed = false;
        try
        {
            await new WalkHub(shop, time, new MortalStore(memory, calls)).FinishAsync(started.Run.Id);
        }
        catch (OperationCanceledException)
        {
            crashed = true;
        }

        var next = new WalkHub(shop, time, memory);
        var run = await next.FinishAsync(started.Run.Id);

        run.State.ShouldBe(RunStates.Done, $"cut after {calls} calls: {run.Reason}");
        WalkHub.ReportOf(run).Compared.ShouldBe(13);
        (await next.EventsAsync()).Count.ShouldBe(13);
        return crashed;
    }

    private static WalkHub Stocked(int customers, int orders)
    {
        var hub = new WalkHub(new FakeShop());
        Stock(hub, customers, orders);
        return hub;
    }

    private static void Stock(WalkHub hub, int customers, int orders)
    {
        for (var one = 0; one < customers; one++)
            _ = hub.Shop.Customer($"c{one}", $"Ada {one}", hub.Now.AddHours(-1));
        for (var one = 0; one < orders; one++)
            _ = hub.Shop.Order($"o{one:D4}", $"c{one % customers}", "paid", hub.Now.AddMinutes(-30));
    }
}
