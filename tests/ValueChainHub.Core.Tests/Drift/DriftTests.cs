using System.Text.Json;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Drift;
using ValueChainHub.Core.Runs;
using ValueChainHub.Core.Tests.Delivery;
using ValueChainHub.Testing;

namespace ValueChainHub.Core.Tests.Drift;

/// <summary>What a destination lost behind the hub's back is counted, written again, and can be put back.</summary>
public sealed class DriftTests
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    private readonly ManualTime _time = new();
    private readonly FakeVendor _shop;
    private readonly FakeVendor _mail;
    private readonly DeliveryHub _hub;

    public DriftTests()
    {
        _shop = new("shop", _time, ChainLink.Storefront) { Parts = CustomerParts.None };
        _mail = new("mail", _time);
        _hub = new([_shop, _mail], _time);
    }

    [Fact]
    public async Task The_number_reported_equals_the_losses_injected_exactly_and_measuring_writes_nothing()
    {
        await PeopleAsync(60);
        var random = new Random(7);
        var (lostFacts, lostTags, lostConsents) = (Some(random, 9), Some(random, 7), Some(random, 5));
        Lose(lostFacts, lostTags, lostConsents);
        var (mails, shops) = (_mail.Writes.Count, _shop.Writes.Count);

        var mail = await RunAsync(_mail, plan: true);
        var shop = await RunAsync(_shop, plan: true);

        mail.Compared.ShouldBe(60);
        mail.Fields.ShouldBe(new Dictionary<string, long> { ["consent.email"] = 5, ["facts.vchOrders"] = 9 }, ignoreOrder: true);
        mail.Drifted.ShouldBe(lostFacts.Union(lostConsents).Count());
        mail.Outcomes.ShouldBe(new Dictionary<string, long> { [DriftOutcomes.Measured] = 14 });
        shop.Fields.ShouldBe(new Dictionary<string, long> { ["tags.vch-cohort-first"] = 7 });
        (_mail.Writes.Count, _shop.Writes.Count).ShouldBe((mails, shops));
    }

    [Fact]
    public async Task By_the_clock_each_destination_is_measured_once_a_day_and_nothing_is_written()
    {
        await PeopleAsync(5);
        Lose([1], [2], [3]);
        await Task.WhenAll(_hub.StartDrift.RunAsync(CancellationToken.None), _hub.StartDrift.RunAsync(CancellationToken.None));
        (await RunsAsync()).ShouldBeEmpty("a day has not passed");
        var writes = _mail.Writes.Count + _shop.Writes.Count;

        for (var day = 1; day <= 2; day++)
        {
            _time.Advance(TimeSpan.FromDays(1));
            await Task.WhenAll(_hub.StartDrift.RunAsync(CancellationToken.None), _hub.StartDrift.RunAsync(CancellationToken.None));
            await _hub.StepAsync();
            (await RunsAsync()).Count.ShouldBe(2 * day);
        }

        (await RunsAsync()).ShouldAllBe(run => run.State == RunStates.Done);
        (await _hub.Drift.StandingAsync("mail", CancellationToken.None))!.Report.Drifted.ShouldBe(2);
        (_mail.Writes.Count + _shop.Writes.Count).ShouldBe(writes);
    }

    [Fact]
    public async Task By_the_clock_none_begins_while_one_is_running()
    {
        await _hub.StartDrift.RunAsync(CancellationToken.None);
        for (var day = 1; day <= 3; day++)
        {
            _time.Advance(TimeSpan.FromDays(1));
            await _hub.StartDrift.RunAsync(CancellationToken.None);
        }

        (await RunsAsync()).Count.ShouldBe(2);
    }

    private async Task<IReadOnlyList<Run>> RunsAsync() => (await _hub.Runs.ListAsync(DriftRuns.Name, null, 50, null, CancellationToken.None)).Items;

    [Fact]
    public async Task A_repair_writes_although_the_destination_was_told_already_and_the_next_run_finds_nothing()
    {
        await PeopleAsync(30);
        Lose([1, 2, 3], [4, 5], [6]);

        var mail = await RunAsync(_mail, plan: false);
        var shop = await RunAsync(_shop, plan: false);
        await RestAsync();

        mail.Outcomes.ShouldBe(new Dictionary<string, long> { [DriftOutcomes.Repaired] = 4 });
        shop.Outcomes.ShouldBe(new Dictionary<string, long> { [DriftOutcomes.Repaired] = 2 });
        _mail.Facts[("p1", "vchOrders")].ShouldBe("1");
        (await RunAsync(_mail, plan: true)).Fields.ShouldBeEmpty();
        (await RunAsync(_shop, plan: true)).Fields.ShouldBeEmpty();
        (await _hub.Drift.StandingAsync("mail", CancellationToken.None))!.Report.Compared.ShouldBe(30);
    }

    [Fact]
    public async Task An_undo_puts_back_exactly_what_was_there_where_nobody_changed_it_since()
    {
        await PeopleAsync(30);
        var old = _time.GetUtcNow().AddDays(-40);
        _mail.Facts[("p1", "vchOrders")] = "77";
        _mail.Facts.Remove(("p2", "vchOrders"));
        _mail.Facts[("p3", "vchOrders")] = "78";
        _mail.Consents[("p4", "email", "p4@example.com")] = ("denied", old);
        _mail.Consents.Remove(("p5", "email", "p5@example.com"));
        _shop.Tags.Remove(("p6", "vch-cohort-first"));
        _shop.Tags.Add(("p6", "vch-cohort-loyal"));
        _shop.Tags.Add(("p6", "somebody-elses"));
        var (mail, shop) = (await StartAsync(_mail, new(false, null)), await StartAsync(_shop, new(false, null)));
        await RestAsync();
        _mail.Facts[("p3", "vchOrders")] = "since then";

        var back = ReportOf(await StartAsync(_mail, new(false, mail.Id)));
        await StartAsync(_shop, new(false, shop.Id));
        await RestAsync();

        back.Outcomes.ShouldBe(new Dictionary<string, long> { [DriftOutcomes.Restored] = 3, [DriftOutcomes.Changed] = 1, [DriftOutcomes.Unrestorable] = 1 }, ignoreOrder: true);
        _mail.Facts[("p1", "vchOrders")].ShouldBe("77");
        _mail.Facts.ContainsKey(("p2", "vchOrders")).ShouldBeFalse();
        _mail.Facts[("p3", "vchOrders")].ShouldBe("since then");
        _mail.Consents[("p4", "email", "p4@example.com")].ShouldBe(("denied", old), "the time of the act comes back too");
        _shop.Tags.Where(tag => tag.Account == "p6").Select(tag => tag.Tag).ShouldBe(["vch-cohort-loyal", "somebody-elses"], ignoreOrder: true);
        (await StartAsync(_mail, new(false, mail.Id))).Report.Deserialize<DriftReport>(Web)!.Outcomes.ShouldBeEmpty("it is undone once");
    }

    [Fact]
    public async Task A_name_that_the_vendor_lost_is_written_and_one_that_the_hub_never_heard_is_left_to_the_vendor()
    {
        await PeopleAsync(4);
        await _hub.FoldAsync(_mail.Account("m1", "Old Name", "p1@example.com", _hub.Now.AddDays(-2)));
        await _hub.FoldAsync(_mail.Account("m2", "P2", "p2@example.com", _hub.Now.AddDays(-2)));
        await RestAsync();
        _mail.Names["m1"].ShouldBe("P1");
        _mail.Names["m1"] = "Old Name";
        await _hub.FoldAsync(_mail.Account("m1", "Old Name", "p1@example.com", _hub.Now.AddDays(-1)));
        _mail.Names["m2"] = "Said by a person";

        var report = await RunAsync(_mail, plan: false);

        report.Fields["name"].ShouldBe(2);
        _mail.Names["m2"].ShouldBe("Said by a person");
        _mail.Fetched.ShouldBeEmpty();
        await RestAsync();
        _mail.Fetched.ShouldContain("customer/m2");
    }

    [Theory]
    [InlineData("denied", 3, false)]
    [InlineData("denied", -40, true)]
    [InlineData("denied", null, false)]
    [InlineData("pending", -40, true)]
    public async Task Of_two_acts_the_later_counts_and_a_denial_of_unknown_time_stands(string held, int? days, bool isRepaired)
    {
        await PeopleAsync(1);
        _mail.Consents[("p0", "email", "p0@example.com")] = (held, days is { } ago ? _time.GetUtcNow().AddDays(ago) : null);

        var report = await RunAsync(_mail, plan: false);

        report.Fields.ShouldBe(new Dictionary<string, long> { ["consent.email"] = 1 });
        _mail.Consents[("p0", "email", "p0@example.com")].State.ShouldBe(isRepaired ? "granted" : held);
    }

    [Fact]
    public async Task What_the_vendor_owns_is_read_again_and_never_written()
    {
        await PeopleAsync(3);
        _shop.Names["p1"] = "Renamed there";
        var writes = _shop.Writes.Count;

        var report = await RunAsync(_shop, plan: false);
        await _hub.WorkAsync();

        report.Outcomes.ShouldBe(new Dictionary<string, long> { [DriftOutcomes.Asked] = 1 });
        _shop.Fetched.ShouldBe(["customer/p1"]);
        _shop.Writes.Count.ShouldBe(writes);
    }

    [Fact]
    public async Task What_waits_in_the_line_is_no_drift()
    {
        await PeopleAsync(3);
        await _hub.FoldAsync(_shop.Ordered("p1", "new", _hub.Now));
        await _hub.RouteAsync();

        var report = await RunAsync(_mail, plan: true);

        (report.Compared, report.Pending, report.Drifted).ShouldBe((2, 1, 0));
    }

    [Fact]
    public async Task A_vendor_that_does_not_answer_is_waited_for_and_nobody_is_counted_twice()
    {
        await PeopleAsync(35);
        Lose([3, 13, 23, 33], [], []);
        var reads = 0;
        _mail.Shown = () => ++reads % 7 == 0 ? new HeldOutcome.Failed(FailureKind.Throttled, "test", _time.GetUtcNow().AddMinutes(1)) : null;

        var run = await StartAsync(_mail, new(false, null));
        for (var round = 0; run.State == RunStates.Running && round < 50; round++)
        {
            _time.Advance(TimeSpan.FromMinutes(2));
            await _hub.StepAsync();
            run = (await _hub.Runs.ReadAsync(run.Id, CancellationToken.None))!;
        }

        run.State.ShouldBe(RunStates.Done);
        var report = ReportOf(run);
        (report.Compared, report.Drifted, report.Outcomes[DriftOutcomes.Repaired]).ShouldBe((35, 4, 4));
    }

    [Fact]
    public async Task A_step_that_was_cut_off_after_its_write_counts_the_repair_all_the_same()
    {
        await PeopleAsync(5);
        Lose([2], [], []);
        using var killed = new CancellationTokenSource();
        _mail.Answer = () =>
        {
            killed.Cancel();
            return null;
        };
        var run = (await _hub.Drift.StartAsync("mail", new(false, null), CancellationToken.None))!;
        _hub.Stop = killed.Token;
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await _hub.StepAsync();
            killed.Token.ThrowIfCancellationRequested();
        });
        (_mail.Answer, _hub.Stop) = (() => null, CancellationToken.None);

        await _hub.StepAsync();

        var report = ReportOf((await _hub.Runs.ReadAsync(run.Id, CancellationToken.None))!);
        (report.Compared, report.Drifted, report.Outcomes[DriftOutcomes.Repaired]).ShouldBe((5, 1, 1));
    }

    [Fact]
    public async Task Every_field_that_can_differ_has_a_declared_owner_and_the_routes_show_it()
    {
        foreach (var destination in new[] { _shop, _mail })
        {
            foreach (var field in new[] { "name", "email", "phone", "facts.vchOrders", "tags.vch-support-open", "consent.sms" })
                FieldOwners.OwnerOf(destination, field).ShouldBeOneOf(FieldOwnership.Hub, FieldOwnership.Vendor, FieldOwnership.LastWord);
        }
        FieldOwners.OwnerOf(_shop, "name").ShouldBe(FieldOwnership.Vendor);
        FieldOwners.OwnerOf(_mail, "name").ShouldBe(FieldOwnership.LastWord);
        (await _hub.Routes.ReadAsync(CancellationToken.None)).Where(route => route.Kind is RouteKinds.Customers or RouteKinds.Consent or RouteKinds.Tags)
            .ShouldAllBe(route => route.Fields!.Count > 0);
    }

    /// <summary>People with an account and an order at the shop who agreed to mail; everybody is told.</summary>
    private async Task PeopleAsync(int count)
    {
        await _hub.RouteAsync();
        var then = _time.GetUtcNow().AddDays(-1);
        for (var i = 0; i < count; i++)
        {
            await _hub.FoldAsync(_shop.Account($"p{i}", $"P{i}", $"p{i}@example.com", then));
            await _hub.FoldAsync(_shop.Ordered($"p{i}", $"o{i}", then));
            await _hub.FoldAsync(_shop.Consented($"p{i}", $"p{i}@example.com", "granted", then));
            await _hub.FoldAsync(_mail.Account($"p{i}", $"P{i}", $"p{i}@example.com", then));
            _shop.Consents[($"p{i}", "email", $"p{i}@example.com")] = ("granted", then);
        }
        await RestAsync();
    }

    private void Lose(IEnumerable<int> facts, IEnumerable<int> tags, IEnumerable<int> consents)
    {
        foreach (var i in facts)
            _mail.Facts.Remove(($"p{i}", "vchOrders")).ShouldBeTrue();
        foreach (var i in tags)
            _shop.Tags.Remove(($"p{i}", "vch-cohort-first")).ShouldBeTrue();
        foreach (var i in consents)
            _mail.Consents.Remove(($"p{i}", "email", $"p{i}@example.com")).ShouldBeTrue();
    }

    private static int[] Some(Random random, int count) => [.. Enumerable.Range(0, 60).OrderBy(_ => random.Next()).Take(count)];

    private async Task<DriftReport> RunAsync(FakeVendor at, bool plan)
    {
        var run = await StartAsync(at, new(plan, null));
        run.State.ShouldBe(RunStates.Done);
        return ReportOf(run);
    }

    private async Task<Run> StartAsync(FakeVendor at, DriftRequest request)
    {
        var run = (await _hub.Drift.StartAsync(at.Name, request, CancellationToken.None)).ShouldNotBeNull();
        await _hub.StepAsync();
        return (await _hub.Runs.ReadAsync(run.Id, CancellationToken.None))!;
    }

    private static DriftReport ReportOf(Run run) => run.Report.Deserialize<DriftReport>(Web)!;

    private async Task RestAsync()
    {
        do
            await _hub.SettleAsync();
        while (await _hub.EchoAsync() > 0);
        await _hub.SettleAsync();
    }
}
