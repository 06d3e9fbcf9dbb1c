using System.Globalization;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Testing;

namespace ValueChainHub.Core.Tests.Delivery;

/// <summary>People edit at every vendor, and every vendor repeats what it is told: late, doubled and in any order. It comes to rest with the last word everywhere.</summary>
public sealed class TwoWayTests
{
    private const string Email = "ada@example.com";

    private readonly ManualTime _time = new();

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, int.Parse(Environment.GetEnvironmentVariable("MODEL_SCHEDULES") ?? "200", CultureInfo.InvariantCulture) / 10)];

    /// <summary>Whoever changes their mind says something else than the vendor holds; a name is never given twice.</summary>
    [Theory, MemberData(nameof(Seeds))]
    public async Task Edits_at_all_vendors_come_to_rest_however_their_webhooks_come(int seed)
    {
        var (hub, wire) = await PeopleAsync(seed);
        var (last, said) = ("Ada", "granted");
        for (var edit = 1; edit <= 24; edit++)
        {
            _time.Advance(TimeSpan.FromSeconds(wire.Random.Next(125, 400)));
            var at = wire.Random.Next(hub.Vendors.Count);
            if (wire.Random.Next(3) == 0)
                wire.Say(hub.Vendors[at], "1", Email, said = hub.Vendors[at].ConsentOf("1", Email) == "granted" ? "denied" : "granted");
            else
                wire.Rename(hub.Vendors[at], "1", last = $"Name {edit}", Email);
            await wire.SomeAsync(hub);
        }
        await wire.RestAsync(hub);

        var record = (await hub.Reads.SearchAsync(new() { Email = Email }, TestContext.Current.CancellationToken)).ShouldHaveSingleItem();
        (record.Name, record.Consent["email"].State).ShouldBe((last, said));
        hub.Vendors.ShouldAllBe(vendor => vendor.Names["1"] == last);
        hub.Vendors.ShouldAllBe(vendor => vendor.ConsentOf("1", Email) == said);
        (await hub.AllFoldedAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_repeated_contact_does_not_win_over_an_edit_that_was_made_before_it_came_back()
    {
        var (hub, wire) = await PeopleAsync(1);
        await hub.FoldAsync(hub.Vendors[0].Account("1", "First", Email, hub.Now));
        await hub.SettleAsync();
        // The vendor stamps what it was written a second later than the next edit is made.
        var second = hub.Vendors[0].Account("1", "Second", Email, hub.Now);

        await hub.FoldAsync(second);
        (await hub.EchoAsync()).ShouldBe(2);
        await wire.RestAsync(hub);

        (await hub.Reads.SearchAsync(new() { Email = Email }, TestContext.Current.CancellationToken)).ShouldHaveSingleItem().Name.ShouldBe("Second");
        hub.Vendors.ShouldAllBe(vendor => vendor.Names["1"] == "Second");
    }

    [Fact]
    public async Task A_contact_and_a_consent_that_the_hub_wrote_over_before_it_heard_of_them_are_brought_back()
    {
        var (hub, wire) = await PeopleAsync(1);
        await hub.FoldAsync(hub.Vendors[0].Account("1", "Elsewhere", Email, hub.Now));
        await hub.FoldAsync(hub.Vendors[0].Consented("1", Email, "denied", hub.Now));
        _time.Advance(TimeSpan.FromSeconds(1));
        wire.Rename(hub.Vendors[1], "1", "Written over", Email);
        wire.Say(hub.Vendors[1], "1", Email, "granted");
        await hub.SettleAsync();
        hub.Vendors[1].Names["1"].ShouldBe("Elsewhere", "its own webhook is still on the way");

        await wire.RestAsync(hub);

        hub.Vendors.ShouldAllBe(vendor => vendor.Names["1"] == "Written over");
        hub.Vendors.ShouldAllBe(vendor => vendor.ConsentOf("1", Email) == "granted");
    }

    /// <summary>One person with an account at each of three vendors, who agreed to mail.</summary>
    private async Task<(DeliveryHub Hub, SlowWire Wire)> PeopleAsync(int seed)
    {
        FakeVendor[] vendors = [.. new[] { "one", "three", "two" }.Select(name => new FakeVendor(name, _time) { Parts = CustomerParts.Contact })];
        var (hub, wire) = (new DeliveryHub(vendors, _time), new SlowWire(new Random(seed), _time));
        await hub.RouteAsync();
        foreach (var vendor in vendors)
            wire.Rename(vendor, "1", "Ada", Email);
        wire.Say(vendors[0], "1", Email, "granted");
        await wire.RestAsync(hub);
        _time.Advance(TimeSpan.FromHours(1));
        return (hub, wire);
    }

    /// <summary>What vendors send, held back, doubled and out of order.</summary>
    private sealed class SlowWire(Random random, ManualTime time)
    {
        private readonly List<Translation.Translated> _waiting = [];

        public Random Random => random;

        public void Rename(FakeVendor vendor, string id, string name, string email) => _waiting.Add(vendor.Account(id, name, email, time.GetUtcNow()));

        public void Say(FakeVendor vendor, string id, string email, string state)
        {
            vendor.Consents[(id, "email", email)] = (state, time.GetUtcNow());
            _waiting.Add(vendor.Consented(id, email, state, time.GetUtcNow()));
        }

        /// <summary>Some of what waits comes, some of it twice; and the hub may get to work or not.</summary>
        public async Task SomeAsync(DeliveryHub hub)
        {
            Collect(hub);
            for (var i = random.Next(_waiting.Count + 1); i > 0; i--)
                await DeliverAsync(hub, random.Next(_waiting.Count));
            if (random.Next(3) > 0)
                await hub.SettleAsync();
        }

        /// <summary>Until nothing is due and nobody says anything more.</summary>
        public async Task RestAsync(DeliveryHub hub)
        {
            for (var round = 0; ; round++)
            {
                round.ShouldBeLessThan(30, "it comes to rest");
                await hub.SettleAsync();
                Collect(hub);
                if (_waiting.Count == 0)
                    return;
                while (_waiting.Count > 0)
                    await DeliverAsync(hub, random.Next(_waiting.Count));
            }
        }

        private void Collect(DeliveryHub hub)
        {
            foreach (var vendor in hub.Vendors)
            {
                while (vendor.Webhooks.TryDequeue(out var webhook))
                    _waiting.Add(webhook);
            }
        }

        private async Task DeliverAsync(DeliveryHub hub, int index)
        {
            var webhook = _waiting[index];
            if (random.Next(4) > 0)
                _waiting.RemoveAt(index);
            if (hub.Now < webhook.Identity.At)
                time.Set(webhook.Identity.At!.Value);
            await hub.FoldAsync(webhook);
        }
    }
}
