using System.Globalization;
using System.Text.Json.Nodes;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.State;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.EndToEnd.Tests.Sandbox;

/// <summary>The hub writes to the simulated vendors, and they say it again: everything comes to rest, and each holds what it should.</summary>
public sealed class WriteBackTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly string[] ShopNames = [Shops.Home, Shops.Abroad];

    [Fact]
    public async Task Writes_arrive_at_every_vendor_and_their_echoes_come_to_rest()
    {
        await using var hub = await StartAsync(new() { Seed = 5, Shoppers = 40, Faults = Faults.None, Duration = TimeSpan.FromSeconds(3) });

        await hub.Run.PlayAsync(hub.Client.Address, TestContext.Current.CancellationToken);

        (await hub.RestAsync(Patience)).ShouldBeTrue(await hub.WhyAsync());
        await NobodyWaitsForAPersonAsync(hub);
        await EveryVendorHoldsWhatItShouldAsync(hub);
        NothingWasAppendedTwice(hub);
        foreach (var name in (string[])[.. ShopNames, "gladly", "klaviyo"])
            hub.Run.Vendor(name).Desk.Writes.All.ShouldContain(write => write.Changed, $"{name} was written to");
        hub.Run.Vendor("shipstation").Desk.Writes.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_persons_edit_at_one_vendor_is_written_at_most_once_to_each_other_and_comes_to_rest()
    {
        await using var hub = await StartAsync(new() { Seed = 6, Shoppers = 12, Faults = Faults.None, Duration = TimeSpan.FromSeconds(1) });
        await hub.Run.PlayAsync(hub.Client.Address, TestContext.Current.CancellationToken);
        (await hub.RestAsync(Patience)).ShouldBeTrue(await hub.WhyAsync());
        var shop = hub.Run.Vendor(Shops.Home);
        var customer = shop.Holds().Accounts.First(account => hub.Run.Vendor("klaviyo").Holds().ByEmail(account.Emails[0]) is not null);
        var before = Written(hub);

        shop.Edit(customer.Id, new HumanEdit.Consent(Channel.Email, IsGranted: !IsGranted(customer)));

        (await hub.RestAsync(Patience)).ShouldBeTrue(await hub.WhyAsync());
        foreach (var (name, count) in Written(hub))
            (count - before[name]).ShouldBeInRange(0, name == Shops.Home ? 0 : 1, $"{name}: {string.Join(", ", hub.Run.Vendor(name).Desk.Writes.All.Skip(before[name]).Select(write => write.Operation))}");
        Consent(hub.Run.Vendor("klaviyo").Holds().ByEmail(customer.Emails[0])!, "email")!.State.ShouldBe(IsGranted(customer) ? "denied" : "granted");
        Consent(shop.Holds().ByEmail(customer.Emails[0])!, "email")!.State.ShouldBe(IsGranted(customer) ? "denied" : "granted");
    }

    [Fact]
    public async Task A_vendor_that_is_down_and_loses_answers_holds_it_all_once_it_is_back()
    {
        await using var hub = await StartAsync(new() { Seed = 8, Shoppers = 15, Faults = Faults.None, Duration = TimeSpan.FromSeconds(2) });
        hub.Run.Switches("klaviyo").TakeDown(Outage.ServerError, TimeSpan.FromSeconds(4));
        hub.Run.Switches("gladly").Throttle(TimeSpan.FromSeconds(4));
        hub.Run.Switches(Shops.Home).Faults = Faults.None.With(Fault.LostAnswer, 0.2);

        await hub.Run.PlayAsync(hub.Client.Address, TestContext.Current.CancellationToken);
        hub.Run.Switches(Shops.Home).Faults = Faults.None;

        (await hub.RestAsync(Patience)).ShouldBeTrue(await hub.WhyAsync());
        hub.Run.Counts["klaviyo"].CallsFailed.ShouldBeGreaterThan(0);
        hub.Run.Counts["gladly"].CallsFailed.ShouldBeGreaterThan(0);
        await NobodyWaitsForAPersonAsync(hub);
        await EveryVendorHoldsWhatItShouldAsync(hub);
        NothingWasAppendedTwice(hub);
    }

    private static Task<SandboxHub> StartAsync(ValueChainHub.Sandbox.SandboxOptions options) => SandboxHub.StartAsync(options, settings: ("Hub:WriteBack", "true"));

    private static async Task NobodyWaitsForAPersonAsync(SandboxHub hub)
    {
        var dead = (await hub.Client.GetAsync("operations/dead-letters?limit=100")).Text;
        JsonNode.Parse(dead)!["items"]!.AsArray().ShouldBeEmpty(dead);
    }

    /// <summary>The consent of the books, and the facts of the hub's records, account by account.</summary>
    private static async Task EveryVendorHoldsWhatItShouldAsync(SandboxHub hub)
    {
        var differences = new List<string>();
        var consents = hub.Run.Books.Close().Happened.Customers
            .SelectMany(customer => customer.Consents).Where(consent => consent.Purpose == "marketing").ToLookup(consent => (consent.Channel, consent.Address));
        foreach (var name in (string[])[.. ShopNames, "klaviyo"])
        {
            foreach (var account in hub.Run.Vendor(name).Holds().Accounts)
            {
                foreach (var (channel, address) in account.Emails.Select(email => ("email", email)).Concat(account.Phones.Select(phone => ("sms", phone))))
                {
                    // A phone of a family has a statement for each of them; only one person's can be compared.
                    if (consents[(channel, address)].ToList() is [{ State: var expected }] && Consent(account, channel)?.State != expected)
                        differences.Add($"{name} {account.Id}: {channel} is {Consent(account, channel)?.State ?? "not stated"}, the books say {expected}");
                }
            }
        }
        foreach (var name in (string[])[.. ShopNames, "klaviyo", "gladly"])
        {
            foreach (var account in hub.Run.Vendor(name).Holds().Accounts.Where(account => account.Emails.Count > 0))
            {
                var record = (await hub.Reader.SearchAsync("email", account.Emails[0], TestContext.Current.CancellationToken)).ShouldHaveSingleItem();
                differences.AddRange((ShopNames.Contains(name) ? TagDifferences(account, record) : FactDifferences(account, record)).Select(difference => $"{name} {account.Id}: {difference}"));
            }
        }
        differences.ShouldBeEmpty();
    }

    private static IEnumerable<string> TagDifferences(HeldAccount account, JsonNode record)
    {
        var orders = Number(record, "storefront", "orders") - Number(record, "storefront", "cancelledOrders");
        var expected = new Dictionary<string, bool>
        {
            ["vch-support-open"] = Number(record, "service", "openConversations") > 0,
            ["vch-support-known"] = Number(record, "service", "conversations") > 0,
            ["vch-cohort-first"] = orders == 1,
            ["vch-cohort-repeat"] = orders is > 1 and < 5,
            ["vch-cohort-loyal"] = orders >= 5,
        };
        return expected.Where(tag => account.Tags.Contains(tag.Key) != tag.Value).Select(tag => $"{tag.Key} should be {(tag.Value ? "there" : "away")}");
    }

    private static IEnumerable<string> FactDifferences(HeldAccount account, JsonNode record)
    {
        var expected = new Dictionary<string, int> { ["vchOrders"] = Number(record, "storefront", "orders"), ["vchParcelsInTransit"] = Number(record, "fulfillment", "inTransit") };
        return expected
            .Where(fact => account.Attributes.GetValueOrDefault(fact.Key) != fact.Value.ToString(CultureInfo.InvariantCulture))
            .Select(fact => $"{fact.Key} is {account.Attributes.GetValueOrDefault(fact.Key) ?? "missing"}, the record says {fact.Value}");
    }

    /// <summary>Of what a vendor keeps once for its id, each is there once.</summary>
    private static void NothingWasAppendedTwice(SandboxHub hub)
    {
        var tasks = hub.Run.Vendor("gladly").Holds().Tasks;
        tasks.Select(task => (task.Account, task.Text)).ShouldBeUnique();
        foreach (var name in hub.Run.Counts.Keys)
            hub.Run.Vendor(name).Desk.Writes.ByKey().Where(write => write.Key.Operation is "POST tasks" or "POST conversation-items" or "POST /api/events" or "POST customer-profiles").ShouldAllBe(write => write.Value == 1);
    }

    private static Dictionary<string, int> Written(SandboxHub hub) => hub.Run.Counts.Keys.ToDictionary(name => name, name => hub.Run.Vendor(name).Desk.Writes.Count);

    private static HeldConsent? Consent(HeldAccount account, string channel) => account.Consents.FirstOrDefault(consent => consent.Channel == channel);

    private static bool IsGranted(HeldAccount account) => Consent(account, "email")?.State == "granted";

    private static int Number(JsonNode record, string part, string name) => record[part]?[name]?.GetValue<int>() ?? 0;
}
