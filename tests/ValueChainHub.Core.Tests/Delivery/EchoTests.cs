using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Testing;

namespace ValueChainHub.Core.Tests.Delivery;

/// <summary>What the hub wrote comes back as a webhook: it is known again, and answered with nothing.</summary>
public sealed class EchoTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task One_edit_by_a_person_is_one_write_at_each_other_vendor_and_none_at_its_own()
    {
        var (hub, vendors) = await PeopleAsync();

        await hub.FoldAsync(vendors[0].Account("1", "Ada Lovelace", "ada@example.com", hub.Now));
        await RestAsync(hub);

        vendors.Select(vendor => vendor.Writes.Count).ShouldBe([0, 1, 1]);
        vendors.ShouldAllBe(vendor => vendor.Names["1"] == "Ada Lovelace");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Edits_at_all_vendors_in_turn_come_to_rest_with_the_last_one_everywhere(int seed)
    {
        var (hub, vendors) = await PeopleAsync();
        var (random, edits) = (new Random(seed), new int[vendors.Length]);
        for (var edit = 1; edit <= 30; edit++)
        {
            _time.Advance(TimeSpan.FromSeconds(random.Next(1, 90)));
            var at = random.Next(vendors.Length);
            edits[at]++;
            await hub.FoldAsync(vendors[at].Account("1", $"Name {edit}", "ada@example.com", hub.Now));
            if (random.Next(2) == 0)
                await hub.SettleAsync();
            if (random.Next(3) == 0)
                await hub.EchoAsync();
        }
        await RestAsync(hub);

        vendors.ShouldAllBe(vendor => vendor.Names["1"] == "Name 30");
        for (var i = 0; i < vendors.Length; i++)
            vendors[i].Writes.Count.ShouldBeLessThanOrEqualTo(30 - edits[i], "no more writes than edits elsewhere");
        (await RecordAsync(hub)).Name.ShouldBe("Name 30");
        (await hub.AllFoldedAsync()).ShouldBeTrue("what was written since changes nothing in how a delivery is read");
    }

    [Fact]
    public async Task A_consent_that_comes_back_keeps_the_time_of_the_act_and_is_marked()
    {
        var (hub, vendors) = await PeopleAsync();
        var actAt = hub.Now.AddDays(-2);
        await hub.FoldAsync(vendors[0].Consented("1", "ada@example.com", "granted", actAt));
        await RestAsync(hub);

        (await RecordAsync(hub)).Consent["email"].ShouldBe(new ConsentStatement("granted", actAt, "one"));
        vendors.Select(vendor => vendor.Of<ConsentToState>().Count()).ShouldBe([0, 1, 1]);
        var echoes = await EventsAsync(hub, EventCatalogue.ConsentChanged);
        echoes.Count(one => one.Attributes.ContainsKey(CloudEvent.EchoAttribute)).ShouldBe(2);
        echoes.Count.ShouldBe(3);
    }

    [Fact]
    public async Task What_a_person_says_after_the_hub_wrote_the_opposite_is_no_echo()
    {
        var (hub, vendors) = await PeopleAsync();
        await hub.FoldAsync(vendors[0].Consented("1", "ada@example.com", "denied", hub.Now));
        await RestAsync(hub);
        _time.Advance(TimeSpan.FromMinutes(2));
        await hub.FoldAsync(vendors[0].Consented("1", "ada@example.com", "granted", hub.Now));
        await RestAsync(hub);
        _time.Advance(TimeSpan.FromMinutes(2));
        var at = hub.Now;

        await hub.FoldAsync(vendors[1].Consented("1", "ada@example.com", "denied", at));
        await RestAsync(hub);

        var consent = (await RecordAsync(hub)).Consent["email"];
        (consent.State, consent.At).ShouldBe(("denied", at));
        vendors[0].Of<ConsentToState>().Last().State.ShouldBe("denied");
    }

    /// <summary>One person with an account at each of three vendors, all in step and told.</summary>
    private async Task<(DeliveryHub Hub, FakeVendor[] Vendors)> PeopleAsync()
    {
        FakeVendor[] vendors = [.. new[] { "one", "three", "two" }.Select(name => new FakeVendor(name, _time) { Parts = CustomerParts.Contact })];
        var hub = new DeliveryHub(vendors, _time);
        await hub.RouteAsync();
        foreach (var vendor in vendors)
            await hub.FoldAsync(vendor.Account("1", "Ada", "ada@example.com", hub.Now));
        await RestAsync(hub);
        vendors.ShouldAllBe(vendor => vendor.Writes.Count == 0);
        _time.Advance(TimeSpan.FromHours(1));
        return (hub, vendors);
    }

    /// <summary>Until nothing is due and no vendor says anything more.</summary>
    private static async Task RestAsync(DeliveryHub hub)
    {
        for (var round = 0; ; round++)
        {
            round.ShouldBeLessThan(20, "it comes to rest");
            await hub.SettleAsync();
            if (await hub.EchoAsync() == 0)
                break;
        }
        await hub.SettleAsync();
        foreach (var vendor in hub.Vendors)
            (await hub.CountsAsync(vendor)).Pending.ShouldBe(0);
    }

    private static async Task<CustomerRecord> RecordAsync(DeliveryHub hub) =>
        (await hub.Reads.SearchAsync(new() { Email = "ada@example.com" }, TestContext.Current.CancellationToken)).ShouldHaveSingleItem();

    private static async Task<IReadOnlyList<EventHead>> EventsAsync(DeliveryHub hub, string type) =>
        [.. (await hub.Events.ReadAsync(null, 1_000, TestContext.Current.CancellationToken)).Items.Select(CloudEvent.ReadHead).Where(head => head.Type == type)];
}
