using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Reconciliation;
using ValueChainHub.Core.Runs;
using ValueChainHub.Testing;

namespace ValueChainHub.Core.Tests.Reconciliation;

public sealed class ReconciliationTests
{
    private readonly WalkHub _hub = new(new FakeShop());

    private FakeShop Shop => _hub.Shop;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_webhooks_told_is_held_and_costs_nothing()
    {
        await _hub.TakeAsync(Shop.Customer("1", "Ada", _hub.Now));
        await _hub.TakeAsync(Shop.Order("o1", "1", "paid", _hub.Now));
        _hub.Time.Advance(TimeSpan.FromHours(1));

        var run = await _hub.ReconcileAsync();

        run.State.ShouldBe(RunStates.Done, run.Reason);
        var report = WalkHub.ReportOf(run);
        (report.Compared, report.Changes, report.Missing, report.Different, report.Lost).ShouldBe((2, 2, 0, 0, 0));
        report.LostPer10000.ShouldBe(0);
        Shop.Fetches.ShouldBe(0);
        (await _hub.EventsAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Lost_webhooks_come_home_and_are_counted()
    {
        await _hub.TakeAsync(Shop.Customer("1", "Ada", _hub.Now));
        _ = Shop.Customer("2", "Bea", _hub.Now);
        await _hub.TakeAsync(Shop.Order("o1", "1", "pending", _hub.Now));
        _hub.Time.Advance(TimeSpan.FromMinutes(1));
        _ = Shop.Order("o1", "1", "paid", _hub.Now);
        _ = Shop.Order("o2", "2", "paid", _hub.Now);
        _hub.Time.Advance(TimeSpan.FromHours(1));

        var run = await _hub.ReconcileAsync();

        var report = WalkHub.ReportOf(run);
        (report.Compared, report.Changes, report.Missing, report.Different, report.Repaired, report.Lost).ShouldBe((4, 4, 2, 1, 3, 3));
        report.LostPer10000.ShouldBe(7_500);
        report.Alert.ShouldBe(true);
        (await _hub.NameAsync("2")).ShouldBe("Bea");
        (await _hub.Start.LastAsync("shop", Token))!.Alert.ShouldBeTrue();
        (await _hub.EventsAsync()).Count(one => one.GetProperty("origin").GetString() == "reconciled").ShouldBe(3);
    }

    [Fact]
    public async Task Where_webhooks_tell_only_that_a_thing_was_made_what_became_of_it_is_taken_in_and_is_no_lost_webhook()
    {
        var hub = new WalkHub(new FakeShop { TellsMakingOnly = true });
        await hub.TakeAsync(hub.Shop.Customer("told", "Ada", hub.Now));
        _ = hub.Shop.Customer("lost", "Bea", hub.Now);
        hub.Time.Advance(TimeSpan.FromHours(1));
        _ = hub.Shop.Customer("told", "Ada Two", hub.Now);
        hub.Time.Advance(TimeSpan.FromHours(1));

        var report = WalkHub.ReportOf(await hub.ReconcileAsync());

        (report.Changes, report.Missing, report.Different, report.Repaired, report.Lost).ShouldBe((2, 1, 1, 2, 1));
        (await hub.NameAsync("told")).ShouldBe("Ada Two");
        _ = hub.Shop.Customer("lost", "Bea Two", hub.Now);
        hub.Time.Advance(TimeSpan.FromHours(1));
        report = WalkHub.ReportOf(await hub.ReconcileAsync());
        (report.Changes, report.Different, report.Lost).ShouldBe((0, 1, 0), "nothing was made since");
    }

    [Fact]
    public async Task Each_change_belongs_to_one_reconciliation()
    {
        for (var day = 0; day < 5; day++)
        {
            _ = Shop.Customer($"lost-{day}", "Ada", _hub.Now);
            await _hub.TakeAsync(Shop.Customer($"told-{day}", "Bea", _hub.Now));
            _hub.Time.Advance(TimeSpan.FromMinutes(14));
            var report = WalkHub.ReportOf(await _hub.ReconcileAsync());
            (report.Lost, report.Changes).ShouldBe(day == 0 ? (0, 0) : (1, 2), "the last ones are still in flight");
            report.InFlight.ShouldBe(1);
        }
        _hub.Time.Advance(TimeSpan.FromMinutes(14));
        WalkHub.ReportOf(await _hub.ReconcileAsync()).Lost.ShouldBe(1);
        WalkHub.ReportOf(await _hub.ReconcileAsync()).Changes.ShouldBe(0);
    }

    [Fact]
    public async Task What_may_be_on_its_way_is_neither_counted_nor_taken_in()
    {
        var webhook = Shop.Customer("1", "Ada", _hub.Now);
        _hub.Time.Advance(TimeSpan.FromMinutes(5));

        var report = WalkHub.ReportOf(await _hub.ReconcileAsync());

        (report.InFlight, report.Lost, report.Changes, report.Repaired).ShouldBe((1, 0, 0, 0));
        (await _hub.NameAsync("1")).ShouldBeNull();
        await _hub.TakeAsync(webhook);
        _hub.Time.Advance(TimeSpan.FromHours(1));
        report = WalkHub.ReportOf(await _hub.ReconcileAsync());
        (report.InFlight, report.Lost, report.Changes).ShouldBe((0, 0, 1));
    }

    [Fact]
    public async Task A_change_that_the_vendor_lists_late_is_found_by_the_overlap()
    {
        _hub.Time.Advance(TimeSpan.FromHours(1));
        await _hub.ReconcileAsync();
        _ = Shop.Customer("late", "Ada", _hub.Now - TimeSpan.FromMinutes(20));
        _hub.Time.Advance(TimeSpan.FromHours(1));

        WalkHub.ReportOf(await _hub.ReconcileAsync()).Lost.ShouldBe(1);
        WalkHub.ReportOf(await _hub.ReconcileAsync()).Lost.ShouldBe(0);
    }

    [Fact]
    public async Task A_version_that_says_something_else_is_taken_in_and_is_no_lost_webhook()
    {
        await _hub.TakeAsync(Shop.Customer("1", "Ada", _hub.Now));
        _ = Shop.Customer("1", "Beatrice", _hub.Now);
        _hub.Time.Advance(TimeSpan.FromHours(1));

        var report = WalkHub.ReportOf(await _hub.ReconcileAsync());

        (report.Different, report.Repaired, report.Lost).ShouldBe((1, 1, 0));
        (await _hub.NameAsync("1")).ShouldBe("Beatrice");
    }

    [Fact]
    public async Task Of_a_stream_without_webhooks_nothing_is_lost()
    {
        var hub = new WalkHub(new FakeShop { WalkStreams = [new("customers") { Overlap = TimeSpan.Zero, IsTold = false }] });
        _ = hub.Shop.Customer("1", "Ada", hub.Now);
        hub.Time.Advance(TimeSpan.FromHours(1));

        var report = WalkHub.ReportOf(await hub.ReconcileAsync());

        (report.Missing, report.Repaired, report.Lost, report.LostPer10000).ShouldBe((1, 1, 0, null));
    }

    [Fact]
    public async Task A_vendor_that_closes_its_line_is_waited_for()
    {
        _ = Shop.Customer("1", "Ada", _hub.Now);
        _hub.Time.Advance(TimeSpan.FromHours(1));
        var (open, asked) = (_hub.Now.AddMinutes(10), 0);
        Shop.Instead = _ => asked++ == 0 ? new WalkOutcome.Failed(FailureKind.Throttled, "HTTP 429", open) : null;

        var run = await _hub.ReconcileAsync();

        run.State.ShouldBe(RunStates.Done, run.Reason);
        WalkHub.ReportOf(run).Lost.ShouldBe(1);
        _hub.Now.ShouldBeGreaterThanOrEqualTo(open);
    }

    [Fact]
    public async Task A_walk_begun_later_than_the_last_one_ended_leaves_no_gap_behind()
    {
        _hub.Time.Advance(TimeSpan.FromHours(1));
        await _hub.ReconcileAsync();
        _hub.Time.Advance(TimeSpan.FromHours(1));
        _ = Shop.Customer("gap", "Ada", _hub.Now);
        _hub.Time.Advance(TimeSpan.FromHours(3));

        WalkHub.ReportOf(await _hub.ReconcileAsync(new(Since: _hub.Now.AddHours(-1)))).Lost.ShouldBe(0);
        WalkHub.ReportOf(await _hub.ReconcileAsync()).Lost.ShouldBe(1);
    }

    [Fact]
    public async Task The_clock_begins_one_reconciliation_at_a_time()
    {
        await Task.WhenAll(_hub.Start.RunAsync(Token), _hub.Start.RunAsync(Token));
        (await _hub.Runs.ActiveAsync(Token)).Count.ShouldBe(1);
        _hub.Time.Advance(TimeSpan.FromHours(2));

        await _hub.Start.RunAsync(Token);

        (await _hub.Runs.ActiveAsync(Token)).Count.ShouldBe(1, "the first is still running");
        (await _hub.Start.HandleAsync("shop", new(), Token)).ShouldBeOfType<WalkStart.Busy>();
        (await _hub.Start.HandleAsync("nobody", new(), Token)).ShouldBeOfType<WalkStart.Unknown>();
    }

    [Fact]
    public async Task Wherever_the_process_dies_the_losses_are_counted_once_and_come_home_once()
    {
        var (crashed, calls) = (true, 0);
        while (crashed)
            crashed = await DieAsync(calls++);

        calls.ShouldBeGreaterThan(100, "the whole run was cut at every call");
    }

    /// <summary>True when the process died; false when the run was over before.</summary>
    private static async Task<bool> DieAsync(int calls)
    {
        var (time, memory, shop) = (new ManualTime(), new ValueChainHub.Testing.Storage.MemoryHubStore(), new FakeShop());
        var hub = new WalkHub(shop, time, memory);
        for (var one = 0; one < 4; one++)
        {
            await hub.TakeAsync(shop.Customer($"told-{one}", "Ada", hub.Now));
            _ = shop.Customer($"lost-{one}", "Bea", hub.Now);
            _ = shop.Order($"o{one}", $"told-{one}", "paid", hub.Now);
        }
        time.Advance(TimeSpan.FromHours(1));
        var started = (await hub.Start.HandleAsync("shop", new(), Token)).ShouldBeOfType<WalkStart.Started>();
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
        var report = WalkHub.ReportOf(await next.FinishAsync(started.Run.Id));

        (report.Lost, report.Missing, report.Repaired, report.Changes).ShouldBe((8, 8, 8, 12), $"cut after {calls} calls");
        (await next.EventsAsync()).Count.ShouldBe(12);
        return crashed;
    }
}
