using System.Text.Json;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Replay;
using ValueChainHub.Core.Runs;
using ValueChainHub.Core.Storage;
using static ValueChainHub.Core.Tests.Replay.ReplayWorld;

namespace ValueChainHub.Core.Tests.Replay;

/// <summary>What was received is folded again, and destinations are told again; and a plan says before what that would change.</summary>
public sealed class ReplayTests
{
    private static readonly DateTimeOffset At = new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly ReplayWorld _world = new();
    private readonly ReplayHub _hub;

    public ReplayTests() => _hub = new(_world);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_read_as_before_gives_nothing_new()
    {
        await ShopAsync();
        var (items, calls) = (await _world.ItemsAsync(HubContainers.Profiles), _world.Mail.Calls + _world.Shop.Calls);

        var (run, report) = await _hub.ReplayAsync(new() { All = true });
        await _hub.SettleAsync(TimeSpan.FromHours(2));

        run.State.ShouldBe(RunStates.Done);
        (report.Matched, report.NewEvents, report.SuppressedEvents, report.Records, report.Writes.Count).ShouldBe((3, 0, 3, 0, 0));
        (await _world.ItemsAsync(HubContainers.Profiles)).ShouldBe(items);
        (_world.Mail.Calls + _world.Shop.Calls).ShouldBe(calls);
    }

    [Fact]
    public async Task After_a_mapping_is_mended_the_record_and_who_holds_it_follow_and_nothing_is_told_as_news()
    {
        await _hub.Routes.SetAsync([new() { Name = "mail/events", Enabled = true, Types = [EventCatalogue.OrderPlaced] }], Token);
        await ShopAsync();
        _world.Mail.Appended.Count.ShouldBe(2);
        _world.IsMended = true;

        var (run, report) = await _hub.ReplayAsync(new() { Filter = new() { Connector = "shop", Type = EventCatalogue.OrderPlaced } });
        await _hub.SettleAsync();

        (report.Matched, report.NewEvents, report.SuppressedEvents, report.Records).ShouldBe((2, 2, 0, 1));
        _world.Mail.Of<CustomerState>().Last().Storefront!.LifetimeValue.ShouldHaveSingleItem().Amount.ShouldBe(60);
        _world.Mail.Appended.Count.ShouldBe(2, "a replay is not news");
        var replayed = (await EventsAsync()).Where(one => one.GetProperty("origin").GetString() == "replayed").ToList();
        replayed.Count.ShouldBe(2);
        replayed.ShouldAllBe(one => one.GetProperty("causationid").GetString() == run.Id);
        await BalancesAsync();
    }

    [Fact]
    public async Task A_mended_reading_wins_though_its_content_is_the_smaller_and_an_old_process_does_not_take_it_back()
    {
        await ShopAsync();
        Mend(total: 1);

        await _hub.ReplayAsync(new() { All = true });
        (await LifetimeValueAsync()).ShouldBe(2);
        (_world.IsMended, _world.Shop.MappingGeneration) = (false, 0);
        await _hub.ReceiveAsync("order", new Said("1", At, Order: "o1"));
        await _hub.SettleAsync(TimeSpan.FromMinutes(5));

        (await LifetimeValueAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task Without_another_generation_the_smaller_content_does_not_win()
    {
        await ShopAsync();
        (_world.IsMended, _world.MendedTotal) = (true, 1);

        await _hub.ReplayAsync(new() { All = true });

        (await LifetimeValueAsync()).ShouldBe(20);
    }

    [Fact]
    public async Task What_an_earlier_generation_folded_stays_applied_until_and_after_the_replay()
    {
        await ShopAsync();
        Mend(total: 1);
        var lost = await _hub.ReceiveAsync("order", new Said("1", At, Order: "o7"));

        await BalancesAsync(applied: 3, pending: 1);
        (await _hub.Deliveries.GetAsync(lost, false, Token))!.State.ShouldBe(DeliveryStates.Pending, "nothing folded it, in whatever reading");
        await _hub.SettleAsync(TimeSpan.FromMinutes(5));
        await BalancesAsync(applied: 4, pending: 0);
        await _hub.ReplayAsync(new() { All = true });
        await BalancesAsync(applied: 4, pending: 0);
    }

    [Fact]
    public async Task What_was_received_before_the_change_and_never_folded_is_pending()
    {
        await _hub.SettleAsync();
        var waiting = await _hub.ReceiveAsync("order", new Said("1", At, Order: "o1"));
        Mend(total: 1);

        (await _hub.Deliveries.GetAsync(waiting, false, Token))!.State.ShouldBe(DeliveryStates.Pending);
    }

    [Fact]
    public async Task A_plan_says_it_and_does_nothing()
    {
        await ShopAsync();
        await _hub.ReceiveAsync("odd", new Said("1", At, Order: "o9"));
        await _hub.SettleAsync(TimeSpan.FromMinutes(5));
        _world.IsMended = true;
        var (items, calls) = (await _world.AllItemsAsync(), _world.Mail.Calls + _world.Shop.Calls);

        var (run, plan) = await _hub.ReplayAsync(new() { Plan = true });

        run.State.ShouldBe(RunStates.Done);
        (plan.Matched, plan.NewEvents, plan.Recovered, plan.Records, plan.Writes["mail"], plan.Writes["shop"]).ShouldBe((4, 3, 1, 1, 1, 1));
        (await _world.AllItemsAsync()).ShouldBe(items);
        (_world.Mail.Calls + _world.Shop.Calls).ShouldBe(calls);
    }

    [Fact]
    public async Task A_stuck_delivery_is_applied_and_the_ledger_says_so()
    {
        await ShopAsync();
        var id = await _hub.ReceiveAsync("odd", new Said("1", At, Order: "o9"));
        await _hub.SettleAsync(TimeSpan.FromMinutes(5));
        var before = (await _hub.Ledger.HandleAsync(Token)).Connectors["shop"];
        _world.IsMended = true;

        var (_, report) = await _hub.ReplayAsync(new() { Filter = new() { State = DeliveryStates.Quarantined } });
        await _hub.SettleAsync();

        (report.Matched, report.Recovered, report.NewEvents).ShouldBe((1, 1, 1));
        (await _hub.Deliveries.GetAsync(id, false, Token))!.State.ShouldBe(DeliveryStates.Applied);
        var after = (await _hub.Ledger.HandleAsync(Token)).Connectors["shop"];
        (before.Quarantined, after.Quarantined, after.Applied, after.Received).ShouldBe((1, 0, before.Applied + 1, before.Received));
    }

    [Fact]
    public async Task What_a_person_gave_up_stays_so_unless_it_is_named()
    {
        await ShopAsync();
        var id = await _hub.ReceiveAsync("odd", new Said("1", At, Order: "o9"));
        await _hub.SettleAsync(TimeSpan.FromMinutes(5));
        await _hub.Discard.HandleAsync(id, "no order of ours", Token);
        _world.IsMended = true;

        (await _hub.ReplayAsync(new() { All = true })).Report.Recovered.ShouldBe(0);
        (await _hub.ReplayAsync(new() { Filter = new() { Deliveries = [id] } })).Report.Recovered.ShouldBe(1);
    }

    [Fact]
    public async Task A_filter_narrows_to_a_customer_and_a_time()
    {
        await ShopAsync();
        var between = _world.Time.GetUtcNow();
        await _hub.ReceiveAsync("account", new Said("2", At, "Bob", "bob@example.com"));
        await _hub.ReceiveAsync("order", new Said("2", At, Order: "o2"));
        await _hub.SettleAsync(TimeSpan.FromMinutes(5));
        _world.IsMended = true;
        var bob = (await _hub.Reads.SearchAsync(new() { Email = "bob@example.com" }, Token)).ShouldHaveSingleItem();

        (await PlanAsync(new() { Customer = bob.Id })).Matched.ShouldBe(2);
        (await PlanAsync(new() { Since = between })).Matched.ShouldBe(2);
        (await PlanAsync(new() { Until = between })).Matched.ShouldBe(3);
        (await PlanAsync(new() { Customer = bob.Id, Topic = "order" })).NewEvents.ShouldBe(1);
        (await _hub.ReplayAsync(new() { Filter = new() { Customer = "nobody" } })).Run.Reason.ShouldBe("No customer has the id of filter.customer.");
    }

    [Fact]
    public async Task A_customers_state_is_sent_again_once()
    {
        await ShopAsync();
        var ada = (await _hub.Reads.SearchAsync(new() { Email = "ada@example.com" }, Token)).ShouldHaveSingleItem();
        var request = new ReplayRequest { Stage = ReplayWords.Delivery, Send = ReplayWords.State, Destinations = ["mail"], Filter = new() { Customer = ada.Id } };
        var calls = (_world.Mail.Calls, _world.Shop.Calls);

        var plan = (await _hub.ReplayAsync(request with { Plan = true })).Report;
        await _hub.SettleAsync();
        (_world.Mail.Calls, _world.Shop.Calls).ShouldBe(calls);
        var report = (await _hub.ReplayAsync(request)).Report;
        await _hub.SettleAsync();
        await _hub.SettleAsync();

        ReplayHub.Text(report).ShouldBe(ReplayHub.Text(plan));
        report.Writes["mail"].ShouldBe(1);
        (_world.Mail.Calls, _world.Shop.Calls).ShouldBe((calls.Item1 + 1, calls.Item2));
    }

    [Fact]
    public async Task Dead_letters_are_tried_again()
    {
        _world.Mail.Answer = () => new WriteOutcome.Failed(FailureKind.Refused, "refused");
        await ShopAsync();
        (await _hub.Dead.ListAsync("mail", 10, null, Token)).Items.Count.ShouldBe(1);
        _world.Mail.Answer = () => null;
        var request = new ReplayRequest { Stage = ReplayWords.Delivery, Send = ReplayWords.DeadLetters, Destinations = ["mail"] };

        var plan = (await _hub.ReplayAsync(request with { Plan = true })).Report;
        var report = (await _hub.ReplayAsync(request)).Report;
        await _hub.SettleAsync();

        ReplayHub.Text(report).ShouldBe(ReplayHub.Text(plan));
        (report.Matched, report.Writes["mail"], _world.Mail.Writes.Count).ShouldBe((1, 1, 1));
        (await _hub.Dead.ListAsync("mail", 10, null, Token)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_go_to_a_named_destination_and_never_to_one_that_has_them()
    {
        await ShopAsync();
        var request = new ReplayRequest { Stage = ReplayWords.Delivery, Send = ReplayWords.Events, Destinations = ["mail", "shop"], Filter = new() { Type = EventCatalogue.OrderPlaced } };

        var plan = (await _hub.ReplayAsync(request with { Plan = true })).Report;
        var first = (await _hub.ReplayAsync(request)).Report;
        await _hub.SettleAsync();
        var second = (await _hub.ReplayAsync(request)).Report;
        await _hub.SettleAsync();

        ReplayHub.Text(first).ShouldBe(ReplayHub.Text(plan));
        (first.Matched, first.Writes["mail"], first.SuppressedWrites).ShouldBe((2, 2, 0));
        (second.Matched, second.Writes.Count, second.SuppressedWrites).ShouldBe((2, 0, 2));
        _world.Mail.Of<EventToAppend>().Count().ShouldBe(2);
        _world.Shop.Of<EventToAppend>().ShouldBeEmpty("it told of them itself");
    }

    [Fact]
    public async Task A_plan_that_would_hold_too_much_says_so()
    {
        await ShopAsync();
        _world.IsMended = true;
        var hub = new ReplayHub(_world, planBytes: 1_000);

        var (run, _) = await hub.ReplayAsync(new() { Plan = true });

        run.State.ShouldBe(RunStates.Failed);
        run.Reason!.ShouldContain("Narrow the filter");
    }

    [Theory]
    [InlineData("stage", "The member stage")]
    [InlineData("send", "needs the member send")]
    [InlineData("connector", "filter.connector")]
    [InlineData("type", "filter.type")]
    [InlineData("state", "filter.state")]
    [InlineData("time", "filter.since")]
    [InlineData("everything", "\"all\": true")]
    [InlineData("customer", "filter.customer")]
    [InlineData("destination", "destinations")]
    public async Task A_bad_request_is_told_what_is_wrong(string what, string fault)
    {
        ReplayRequest request = what switch
        {
            "stage" => new() { Stage = "both" },
            "send" => new() { Stage = ReplayWords.Delivery },
            "connector" => new() { Filter = new() { Connector = "nowhere" } },
            "type" => new() { Filter = new() { Type = "order" } },
            "state" => new() { Filter = new() { State = "lost" } },
            "time" => new() { Filter = new() { Since = At, Until = At } },
            "customer" => new() { Stage = ReplayWords.Delivery, Send = ReplayWords.State },
            "destination" => new() { Stage = ReplayWords.Delivery, Send = ReplayWords.Events, Filter = new() { Type = EventCatalogue.OrderPlaced }, Destinations = ["nowhere"] },
            _ => new(),
        };

        var (run, said) = await _hub.Start.HandleAsync(request, Token);

        run.ShouldBeNull();
        said!.ShouldContain(fault);
    }

    [Fact]
    public async Task Wherever_the_process_dies_a_replay_goes_on_and_counts_and_tells_what_the_plan_said()
    {
        for (var (calls, crashed) = (0, true); crashed; calls += 3)
        {
            var world = new ReplayWorld();
            var hub = new ReplayHub(world);
            await ShopAsync(hub);
            await hub.ReceiveAsync("odd", new Said("1", At, Order: "o9"));
            await hub.SettleAsync(TimeSpan.FromMinutes(5));
            world.IsMended = true;
            var plan = (await hub.ReplayAsync(new() { Plan = true })).Report;
            var before = (world.Mail.Writes.Count, world.Shop.Writes.Count);
            var run = (await hub.Start.HandleAsync(new() { All = true }, Token)).Run!;
            crashed = await DiesAsync(new ReplayHub(world, new MortalStore(world.Store, calls)), run.Id);

            var next = new ReplayHub(world);
            var (done, report) = await next.GoOnAsync(run.Id);
            await next.SettleAsync();
            await next.SettleAsync(TimeSpan.FromHours(2));

            done.State.ShouldBe(RunStates.Done);
            ReplayHub.Text(report).ShouldBe(ReplayHub.Text(plan), $"died after {calls} calls");
            (world.Mail.Writes.Count - before.Item1, world.Shop.Writes.Count - before.Item2).ShouldBe(((int)plan.Writes["mail"], (int)plan.Writes["shop"]));
        }
    }

    [Fact]
    public async Task A_cancelled_replay_is_resumed_and_a_plan_whose_process_is_gone_begins_anew()
    {
        await ShopAsync();
        _world.IsMended = true;
        var plan = (await _hub.Start.HandleAsync(new() { Plan = true }, Token)).Run!;
        await _hub.Runs.CancelAsync(plan.Id, Token);
        (await _hub.GoOnAsync(plan.Id)).Report.Matched.ShouldBe(0);
        await _hub.Runs.ResumeAsync(plan.Id, Token);
        var planned = await new ReplayHub(_world).GoOnAsync(plan.Id);
        var run = (await _hub.Start.HandleAsync(new() { All = true }, Token)).Run!;
        await _hub.Runs.CancelAsync(run.Id, Token);
        await _hub.Runs.ResumeAsync(run.Id, Token);

        ReplayHub.Text((await new ReplayHub(_world).GoOnAsync(run.Id)).Report).ShouldBe(ReplayHub.Text(planned.Report));
        planned.Report.NewEvents.ShouldBe(2);
    }

    private static async Task<bool> DiesAsync(ReplayHub hub, string id)
    {
        try
        {
            await hub.GoOnAsync(id);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private Task ShopAsync() => ShopAsync(_hub);

    private static async Task ShopAsync(ReplayHub hub)
    {
        await hub.SettleAsync();
        await hub.ReceiveAsync("account", new Said("1", At, "Ada", "ada@example.com"));
        await hub.ReceiveAsync("order", new Said("1", At, Order: "o1"));
        await hub.ReceiveAsync("order", new Said("1", At.AddDays(1), Order: "o3"));
        await hub.SettleAsync(TimeSpan.FromMinutes(5));
    }

    private async Task<ReplayReport> PlanAsync(ReplayFilter filter) => (await _hub.ReplayAsync(new() { Plan = true, Filter = filter })).Report;

    private async Task<IReadOnlyList<JsonElement>> EventsAsync() =>
        [.. (await _hub.Events.ReadAsync(null, 100, Token)).Items.Select(one => JsonElement.Parse(one.Span))];

    private void Mend(decimal total) => (_world.IsMended, _world.MendedTotal, _world.Shop.MappingGeneration) = (true, total, 1);

    private async Task<decimal> LifetimeValueAsync() =>
        (await _hub.Reads.SearchAsync(new() { Email = "ada@example.com" }, Token)).ShouldHaveSingleItem().Storefront.LifetimeValue.ShouldHaveSingleItem().Amount;

    private async Task BalancesAsync(long applied, long pending)
    {
        var counts = (await _hub.Verify.HandleAsync(Token)).Connectors["shop"];
        (counts.Applied, counts.Pending).ShouldBe((applied, pending));
    }

    private async Task BalancesAsync()
    {
        var verdict = await _hub.Verify.HandleAsync(Token);
        verdict.Agrees.ShouldBeTrue(string.Join(' ', verdict.Differences));
    }
}
