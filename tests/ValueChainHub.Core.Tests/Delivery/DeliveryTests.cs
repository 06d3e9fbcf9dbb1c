using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Intake;
using ValueChainHub.Testing;
using ValueChainHub.Testing.Storage;

namespace ValueChainHub.Core.Tests.Delivery;

/// <summary>What destinations are told, and what becomes of what they do not take.</summary>
public sealed class DeliveryTests
{
    private readonly ManualTime _time = new();
    private readonly FakeVendor _shop;
    private readonly FakeVendor _mail;
    private readonly DeliveryHub _hub;

    public DeliveryTests()
    {
        _shop = new("shop", _time, ChainLink.Storefront);
        _mail = new("mail", _time);
        _hub = new([_shop, _mail], _time);
    }

    [Fact]
    public async Task Ten_changes_of_a_customer_within_a_second_make_one_upsert_of_the_last_state()
    {
        await _hub.RouteAsync();
        for (var change = 1; change <= 10; change++)
        {
            await _hub.FoldAsync(_shop.Account("1", $"Ada {change}", "ada@example.com", _hub.Now));
            await _hub.RouteAsync();
            _time.Advance(TimeSpan.FromMilliseconds(90));
        }

        (await _hub.CountsAsync(_mail)).Pending.ShouldBe(1);
        await _hub.SettleAsync();

        _mail.Of<CustomerState>().ShouldHaveSingleItem().Contact.ShouldBe(new CustomerContact("Ada 10", "ada@example.com", null));
        (await _hub.CountsAsync(_mail)).ShouldBe(new DeliveryCounts(0, 1, 0));
    }

    [Fact]
    public async Task A_state_that_a_destination_was_told_already_causes_no_call()
    {
        await ToldAsync();
        var calls = _mail.Calls;

        await _hub.FoldAsync(_shop.Account("1", "Ada", "ada@example.com", _hub.Now));
        await _hub.SettleAsync();

        _mail.Calls.ShouldBe(calls);
    }

    [Fact]
    public async Task What_changes_while_it_is_sent_is_sent_again()
    {
        await ToldAsync();
        await _hub.FoldAsync(_shop.Account("1", "Ada Two", "ada@example.com", _hub.Now));
        var interrupted = false;
        _mail.Answer = () =>
        {
            if (!interrupted)
            {
                interrupted = true;
                _hub.FoldAsync(_shop.Account("1", "Ada Three", "ada@example.com", _hub.Now.AddSeconds(1))).GetAwaiter().GetResult();
                _hub.RouteAsync().GetAwaiter().GetResult();
            }
            return null;
        };

        await _hub.SettleAsync();
        await _hub.SettleAsync();

        _mail.Of<CustomerState>().Select(state => state.Contact!.Name).ShouldBe(["Ada", "Ada Two", "Ada Three"]);
    }

    [Fact]
    public async Task A_failure_is_tried_again_by_the_schedule_and_the_vendors_word_wins()
    {
        await PendingAsync();
        _mail.Answer = () => new WriteOutcome.Failed(FailureKind.Unavailable, "test", _time.GetUtcNow().AddMinutes(20));
        await _hub.WorkAsync();
        var calls = _mail.Calls;
        _mail.Answer = () => null;

        _time.Advance(TimeSpan.FromMinutes(19));
        await _hub.WorkAsync();
        _mail.Calls.ShouldBe(calls);
        _time.Advance(TimeSpan.FromMinutes(2));
        await _hub.WorkAsync();

        _mail.Of<CustomerState>().Count().ShouldBe(1);
    }

    [Fact]
    public void Waits_are_stretched_by_the_id_and_never_shortened()
    {
        var stretched = Enumerable.Range(0, 1_000).Select(id => RetrySchedule.After(3, $"work-{id}")!.Value / RetrySchedule.Waits[3]).ToList();

        stretched.ShouldAllBe(share => share >= 1 && share <= 1 + RetrySchedule.LargestStretch);
        stretched.Distinct().Count().ShouldBeGreaterThan(900);
        stretched.Average().ShouldBe(1.125, 0.02);
        RetrySchedule.After(3, "work-1").ShouldBe(RetrySchedule.After(3, "work-1"));
        RetrySchedule.After(RetrySchedule.Waits.Count, "work-1").ShouldBeNull();
    }

    /// <summary>Meters are the process's own, and other tests give things up at the same time: what flows with this test's calls tells ours.</summary>
    [Fact]
    public async Task What_is_given_up_is_counted_once_for_those_who_are_to_be_woken()
    {
        var counted = 0L;
        using var listener = new System.Diagnostics.Metrics.MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "hub.dead_letters")
                    listening.EnableMeasurementEvents(instrument);
            },
        };
        var isOurs = new AsyncLocal<bool> { Value = true };
        listener.SetMeasurementEventCallback<long>((_, amount, tags, _) =>
        {
            if (isOurs.Value && tags.ToArray().Contains(new("stage", "delivery")))
                Interlocked.Add(ref counted, amount);
        });
        listener.Start();
        await PendingAsync();
        _mail.Answer = () => new WriteOutcome.Failed(FailureKind.Refused, "the profile is not valid", Answer: new(422, "INVALID_EMAIL", "req-7"));

        await _hub.WorkAsync();
        await _hub.WorkAsync();

        counted.ShouldBe(1);
    }

    [Fact]
    public async Task A_refusal_waits_for_a_person_with_the_vendors_answer_and_can_be_retried_or_given_up()
    {
        await PendingAsync();
        _mail.Answer = () => new WriteOutcome.Failed(FailureKind.Refused, "the profile is not valid", Answer: new(422, "INVALID_EMAIL", "req-7"));
        await _hub.WorkAsync();

        var dead = (await _hub.Dead.ListAsync(null, 10, null, CancellationToken.None)).Items.ShouldHaveSingleItem();
        dead.Connector.ShouldBe("mail");
        dead.Answer.ShouldBe(new VendorAnswer(422, "INVALID_EMAIL", "req-7"));
        dead.Reason.ShouldBe("Refused: the profile is not valid");
        dead.Attempts.ShouldBe(1);
        (await _hub.CountsAsync(_mail)).ShouldBe(new DeliveryCounts(0, 0, 1));

        _mail.Answer = () => null;
        (await _hub.Dead.RetryAsync(dead.Id, CancellationToken.None)).ShouldBeTrue();
        await _hub.WorkAsync();
        (await _hub.CountsAsync(_mail)).ShouldBe(new DeliveryCounts(0, 1, 0));
        (await _hub.Dead.RetryAsync(dead.Id, CancellationToken.None)).ShouldBeFalse();
        (await _hub.Dead.DiscardAsync("mail.nonsense", CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_vendor_that_stays_down_is_given_up_in_the_end_and_told_again_with_the_next_change()
    {
        await PendingAsync();
        _mail.Answer = () => new WriteOutcome.Failed(FailureKind.Unavailable, "test");
        for (var hour = 0; hour < 48; hour++)
        {
            await _hub.WorkAsync();
            _time.Advance(TimeSpan.FromHours(1));
        }

        _mail.Calls.ShouldBe(8);
        (await _hub.CountsAsync(_mail)).DeadLettered.ShouldBe(1);
        _mail.Answer = () => null;
        await _hub.FoldAsync(_shop.Account("1", "Ada B", "ada@example.com", _hub.Now));
        await _hub.SettleAsync();
        (await _hub.CountsAsync(_mail)).ShouldBe(new DeliveryCounts(0, 1, 0));
    }

    [Fact]
    public async Task An_event_is_appended_once_however_often_its_message_comes()
    {
        var draws = 0;
        var bus = new MemoryChainBus(() => ++draws % 3 != 0);
        var hub = new DeliveryHub([_shop, _mail], _time, bus: bus);
        await EventsOnAsync(hub);
        await hub.FoldAsync(_shop.Account("1", "Ada", "ada@example.com", hub.Now));
        for (var order = 0; order < 5; order++)
            await hub.FoldAsync(_shop.Ordered("1", $"o{order}", hub.Now));

        for (var round = 0; round < 6; round++)
            await hub.SettleAsync();

        _mail.Of<EventToAppend>().Select(append => append.Key).ShouldBeUnique();
        _mail.Appended.Count.ShouldBe(5);
        _mail.Of<EventToAppend>().ShouldAllBe(append => append.Name.StartsWith("ValueChainHub ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("live", 0, true)]
    [InlineData("live", 100, true)]
    [InlineData("reconciled", 23, true)]
    [InlineData("reconciled", 25, false)]
    [InlineData("backfill", 0, false)]
    [InlineData("replayed", 0, false)]
    public async Task Only_news_is_appended_and_the_rest_brings_states_up_to_date(string origin, int hoursOld, bool appended)
    {
        await EventsOnAsync(_hub);
        await _hub.FoldAsync(_shop.Account("1", "Ada", "ada@example.com", _hub.Now.AddHours(-hoursOld)), origin);
        await _hub.FoldAsync(_shop.Ordered("1", "o1", _hub.Now.AddHours(-hoursOld)), origin);
        await _hub.SettleAsync();
        // What is replayed is told by its replay; without one, later.
        _hub.Time.Advance(TimeSpan.FromHours(1));
        await _hub.WorkAsync();

        _mail.Of<EventToAppend>().Any().ShouldBe(appended);
        _mail.Of<CustomerState>().Last().Storefront!.Orders.ShouldBe(1);
    }

    [Fact]
    public async Task A_parcel_that_failed_is_one_task_however_many_scans_tell_it()
    {
        await _hub.RouteAsync();
        await _hub.FoldAsync(_shop.Ordered("1", "o1", _hub.Now));
        for (var scan = 0; scan < 3; scan++)
            await _hub.FoldAsync(_shop.Parcel("1", "o1", EventCatalogue.ParcelFailed, ParcelStatuses.Exception, _hub.Now.AddMinutes(scan), null));
        await _hub.SettleAsync();

        _mail.Of<TaskToOpen>().ShouldHaveSingleItem().Text.ShouldContain("1Z999");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_parcel_is_late_when_it_has_not_come_a_day_after_it_should_have(bool comes)
    {
        await _hub.RouteAsync();
        await _hub.FoldAsync(_shop.Ordered("1", "o1", _hub.Now));
        await _hub.FoldAsync(_shop.Parcel("1", "o1", EventCatalogue.ParcelMoved, ParcelStatuses.InTransit, _hub.Now, _hub.Now.AddDays(2)));
        await _hub.SettleAsync();
        _mail.Of<TaskToOpen>().ShouldBeEmpty();

        _time.Advance(TimeSpan.FromDays(2));
        if (comes)
            await _hub.FoldAsync(_shop.Parcel("1", "o1", EventCatalogue.ParcelDelivered, ParcelStatuses.Delivered, _hub.Now, null));
        _time.Advance(TimeSpan.FromDays(1));
        await _hub.WorkAsync();

        _mail.Of<TaskToOpen>().Count().ShouldBe(comes ? 0 : 1);
        (await _hub.CountsAsync(_mail)).Pending.ShouldBe(0);
    }

    [Fact]
    public async Task Consent_goes_to_the_address_that_gave_it_with_the_time_of_the_act()
    {
        var actAt = _hub.Now.AddDays(-3);
        await _hub.RouteAsync();
        await _hub.FoldAsync(_shop.Account("1", "Ada", "ada@example.com", _hub.Now));
        await _hub.FoldAsync(_shop.Consented("1", "ada@example.com", "granted", actAt));
        await _hub.SettleAsync();

        var consent = _mail.Of<ConsentToState>().ShouldHaveSingleItem();
        (consent.Address, consent.State, consent.ActAt).ShouldBe(("ada@example.com", "granted", actAt));
        _shop.Of<ConsentToState>().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_denial_goes_to_the_persons_other_addresses_only_when_the_route_says_so_and_a_grant_never()
    {
        await _hub.RouteAsync();
        var at = _hub.Now.AddDays(-3);
        await _hub.FoldAsync(_shop.Account("1", "Ada", "ada@example.com", at, "+15005550100"));
        await _hub.FoldAsync(_mail.Account("m1", "Ada", "ada@work.example", at, "+15005550100"));
        await _hub.FoldAsync(_shop.Consented("1", "ada@example.com", "granted", at));
        await _hub.SettleAsync();
        _mail.Of<ConsentToState>().Select(one => (one.Address, one.State)).ShouldBe([("ada@example.com", "granted")]);
        await _hub.FoldAsync(_shop.Consented("1", "ada@example.com", "denied", at.AddDays(1)));
        await _hub.SettleAsync();
        _mail.Of<ConsentToState>().ShouldAllBe(one => one.Address == "ada@example.com");

        (await _hub.Routes.SetAsync([new() { Name = "mail/consent", DeniesAllAddresses = true }], CancellationToken.None)).ShouldBeNull();
        (await _hub.Routes.SetAsync([new() { Name = "mail/customers", DeniesAllAddresses = true }], CancellationToken.None)).ShouldNotBeNull();
        await _hub.FoldAsync(_shop.Consented("1", "ada@example.com", "denied", at.AddDays(2)));
        await _hub.SettleAsync();

        var told = _mail.Of<ConsentToState>().Last(one => one.Address == "ada@work.example");
        (told.State, told.ActAt).ShouldBe(("denied", at.AddDays(2)));
        _time.Advance(TimeSpan.FromMinutes(5));
        await _hub.FoldAsync(_mail.Consented("m1", "ada@work.example", "granted", _hub.Now));
        await _hub.SettleAsync();
        _mail.Of<ConsentToState>().Count(one => one.Address == "ada@work.example").ShouldBe(1, "who has agreed since is believed");
    }

    [Fact]
    public async Task Support_and_cohort_are_tags_at_the_storefront_and_leave_it_when_they_end()
    {
        await _hub.RouteAsync();
        await _hub.FoldAsync(_shop.Account("1", "Ada", "ada@example.com", _hub.Now));
        await _hub.FoldAsync(_shop.Ordered("1", "o1", _hub.Now));
        await _hub.SettleAsync();
        await _hub.FoldAsync(_shop.Ordered("1", "o2", _hub.Now));
        await _hub.SettleAsync();

        _shop.Of<TagsToSet>().Select(tags => string.Join(',', tags.Present)).ShouldBe(["vch-cohort-first", "vch-cohort-repeat"]);
        _shop.Of<TagsToSet>().Last().Absent.ShouldContain("vch-cohort-first");
    }

    [Fact]
    public async Task A_destination_that_is_down_costs_the_others_nothing()
    {
        await _hub.RouteAsync();
        _shop.Answer = () => new WriteOutcome.Failed(FailureKind.Timeout, "test");
        for (var person = 0; person < 50; person++)
            await _hub.FoldAsync(_shop.Account($"{person}", $"P {person}", $"p{person}@example.com", _hub.Now));
        await _hub.SettleAsync();

        _mail.Of<CustomerState>().Count().ShouldBe(50);
        (await _hub.CountsAsync(_mail)).ShouldBe(new DeliveryCounts(0, 50, 0));
        (await _hub.CountsAsync(_shop)).Pending.ShouldBe(50);
    }

    [Fact]
    public async Task Several_heads_at_once_tell_everybody_the_last_state_and_count_each_delivery_once()
    {
        var store = new MemoryHubStore();
        var bus = new MemoryChainBus();
        DeliveryHub[] heads = [.. Enumerable.Range(0, 3).Select(_ => new DeliveryHub([_shop, _mail], _time, store, bus))];
        await EventsOnAsync(heads[0]);
        for (var round = 1; round <= 3; round++)
        {
            for (var person = 0; person < 20; person++)
            {
                await heads[0].FoldAsync(_shop.Account($"{person}", $"P {person} {round}", $"p{person}@example.com", _time.GetUtcNow()));
                await heads[0].FoldAsync(_shop.Ordered($"{person}", $"o{person}-{round}", _time.GetUtcNow()));
            }
            await heads[0].RouteAsync();
            _time.Advance(TimeSpan.FromSeconds(2));
            await Task.WhenAll(heads.Select(head => Task.Run(head.WorkAsync, TestContext.Current.CancellationToken)));
        }

        await heads[1].SettleAsync();
        _mail.Of<CustomerState>().GroupBy(state => state.To.Email).ShouldAllBe(states => states.Last().Contact!.Name!.EndsWith(" 3") && states.Last().Storefront!.Orders == 3);
        _mail.Appended.Count.ShouldBe(60);
        (await heads[2].CountsAsync(_mail)).ShouldBe(new DeliveryCounts(0, 120, 0));
    }

    [Fact]
    public async Task Two_customers_who_turn_out_to_be_one_are_not_told_again_what_each_was_told()
    {
        await _hub.RouteAsync();
        await _hub.FoldAsync(_shop.Account("1", "Ada", null, _hub.Now));
        await _hub.FoldAsync(_shop.Account("2", "Ada", "ada@example.com", _hub.Now));
        await _hub.FoldAsync(_shop.Ordered("1", "o1", _hub.Now));
        await _hub.FoldAsync(_shop.Ordered("2", "o2", _hub.Now));
        await _hub.SettleAsync();
        _shop.Of<TagsToSet>().Count().ShouldBe(2);

        await _hub.FoldAsync(_shop.Account("1", "Ada", "ada@example.com", _hub.Now));
        await _hub.SettleAsync();

        _shop.Of<TagsToSet>().Skip(2).ShouldAllBe(tags => tags.Absent.Contains("vch-cohort-first") && tags.Present.Contains("vch-cohort-repeat"));
        var writes = _shop.Writes.Count + _mail.Writes.Count;
        await _hub.FoldAsync(_shop.Account("2", "Ada", "ada@example.com", _hub.Now));
        await _hub.SettleAsync();
        (_shop.Writes.Count + _mail.Writes.Count).ShouldBe(writes);
    }

    [Fact]
    public async Task While_a_line_is_closed_what_is_due_waits_where_it_is()
    {
        var line = new ClosedLine { NotBefore = _hub.Now.AddDays(3) };
        var shy = new FakeVendor("shy", _time) { Line = line };
        var hub = new DeliveryHub([_shop, shy], _time);
        await hub.RouteAsync();
        await hub.FoldAsync(_shop.Account("1", "Ada", "ada@example.com", hub.Now));
        for (var hour = 0; hour < 60; hour++)
        {
            await hub.SettleAsync();
            _time.Advance(TimeSpan.FromHours(1));
        }

        shy.Calls.ShouldBe(0);
        line.NotBefore = null;
        await hub.SettleAsync();
        shy.Of<CustomerState>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_route_that_is_turned_off_sends_nothing_and_a_wrong_one_is_refused()
    {
        (await _hub.Routes.SetAsync([new() { Name = "mail/customers", Enabled = false }], CancellationToken.None)).ShouldBeNull();
        (await _hub.Routes.SetAsync([new() { Name = "mail/nothing" }], CancellationToken.None)).ShouldNotBeNull();
        (await _hub.Routes.SetAsync([new() { Name = "mail/events", Types = ["valuechain.nothing"] }], CancellationToken.None)).ShouldNotBeNull();
        await ToldAsync();

        _mail.Of<CustomerState>().ShouldBeEmpty();
    }

    private static async Task EventsOnAsync(DeliveryHub hub)
    {
        (await hub.Routes.SetAsync([new() { Name = "mail/events", Enabled = true, Types = [EventCatalogue.OrderPlaced] }], CancellationToken.None)).ShouldBeNull();
        await hub.RouteAsync();
    }

    /// <summary>A customer of the shop is due at every destination.</summary>
    private async Task PendingAsync()
    {
        await _hub.RouteAsync();
        await _hub.FoldAsync(_shop.Account("1", "Ada", "ada@example.com", _hub.Now));
        await _hub.RouteAsync();
        _time.Advance(TimeSpan.FromSeconds(2));
    }

    private async Task ToldAsync()
    {
        await PendingAsync();
        await _hub.WorkAsync();
    }
}
