using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ValueChainHub.EndToEnd.Tests.Sandbox.InStep;
using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Vendors.State;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.EndToEnd.Tests.Sandbox;

/// <summary>
/// The chain is kept in step: whatever went wrong on the way, after the vendors have recovered and were reconciled once, each of them holds what it should, and the hub's numbers are those of what was
/// lost and tampered with. <c>E2E_SHOPPERS=2000</c> plays a large story.
/// </summary>
public sealed class ChainInStepTests
{
    private const int Tampered = 3;
    private const string OrderPlaced = "valuechain.storefront.order.placed";

    private static readonly int Shoppers = int.TryParse(Environment.GetEnvironmentVariable("E2E_SHOPPERS"), CultureInfo.InvariantCulture, out var shoppers) ? shoppers : 40;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(Math.Max(6, Shoppers * 0.12));
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4) + TimeSpan.FromSeconds(Shoppers);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_faults_losses_and_outages_and_one_reconciliation_every_vendor_holds_what_it_should_and_every_loss_is_counted()
    {
        var watch = Stopwatch.StartNew();
        await using var chain = await WritingHub.StartAsync(new() { Seed = 22, Shoppers = Shoppers, Faults = Faults.All.With(Fault.Loss, 0.05), Duration = Duration }, Patience);
        (await chain.Client.PutAsync("operations/routes", new { items = new[] { new { name = "klaviyo/events", enabled = true, types = new[] { OrderPlaced } } } })).Status.ShouldBe(200);

        await Task.WhenAll(chain.Run.PlayAsync(chain.Client.Address, Token), DisturbAsync(chain));
        foreach (var vendor in WritingHub.Vendors)
            Recover(chain.Run.Switches(vendor));
        Say(watch, "played", chain);
        await chain.RestAsync();
        Say(watch, "at rest", chain);
        var losses = WritingHub.Vendors.ToDictionary(vendor => vendor, vendor => Losses.Of(chain.Run, vendor), StringComparer.Ordinal);
        var reports = await chain.ReconcileAsync();
        Say(watch, "reconciled", chain);
        await chain.RestAsync();
        Say(watch, "in step", chain);

        await ShouldHaveComeHomeAsync(chain);
        var duties = new Duties(chain.Run);
        duties.Differences().ShouldBeEmpty();
        duties.Compared.ShouldBeGreaterThan(Shoppers * 10);
        foreach (var (vendor, lost) in losses)
            TestContext.Current.TestOutputHelper?.WriteLine($"{vendor}: lost {reports[vendor].GetProperty("lost")} of {lost.Versions.Count}; {string.Join("; ", lost.Webhooks.Select(one => $"{one.Value} {one.Key}"))}\n{reports[vendor].GetRawText()}");
        reports.ToDictionary(one => one.Key, one => one.Value.GetProperty("lost").GetInt64(), StringComparer.Ordinal)
            .ShouldBe(losses.ToDictionary(one => one.Key, one => (long)one.Value.Versions.Count, StringComparer.Ordinal), ignoreOrder: true);
        losses.Values.Sum(one => one.Versions.Count).ShouldBeGreaterThan(0, "nothing was lost, so nothing was shown");

        ShouldHaveAppendedOnce(chain);
        await ShouldHaveNothingDeadAsync(chain);
        await ShouldCountWhatIsTamperedWithAsync(chain);
        Say(watch, "done", chain);
        await chain.Client.LedgerShouldBalanceAsync();
    }

    /// <summary>In the middle third of the story one vendor is down, and another refuses every call for being one too many.</summary>
    private static async Task DisturbAsync(WritingHub chain)
    {
        await Task.Delay(Duration / 3, Token);
        chain.Run.Switches(WritingHub.Marketing).TakeDown(ValueChainHub.Sandbox.Wire.Outage.ServerError, Duration / 3);
        chain.Run.Switches(WritingHub.Support).Throttle(Duration / 3);
    }

    private static void Recover(VendorSwitches switches)
    {
        switches.Restore();
        switches.Faults = Faults.None;
    }

    /// <summary>What a walk sees came home: nothing of it is missing in the hub's records, which are what was told, by webhooks and by walks.</summary>
    private static async Task ShouldHaveComeHomeAsync(WritingHub chain)
    {
        var report = await chain.Hub.AuditAsync();
        // A denial that the hub brought to the marketing system has that system's time there, and the shopper's in the record.
        report.Differences.Where(difference => !difference.Contains(": consent is ", StringComparison.Ordinal)).ShouldBeEmpty();
        (report.Missing.Orders, report.Missing.TillOrders, report.Missing.Parcels).ShouldBe((0, 0, 0));
        report.Missing.Money.Values.ShouldAllBe(amount => amount == 0);
    }

    private static void ShouldHaveAppendedOnce(WritingHub chain)
    {
        foreach (var vendor in WritingHub.Destinations)
        {
            var twice = chain.Vendor(vendor).Desk.Writes.All
                .Where(write => write is { Changed: true, Operation: "POST /api/events" or "POST tasks" }).CountBy(write => (write.Operation, write.Key)).Where(one => one.Value > 1);
            twice.ShouldBeEmpty(vendor);
        }
        var marketing = chain.Vendor(WritingHub.Marketing).Holds();
        marketing.Events.Select(one => one.UniqueId).ShouldBeUnique();
        var shoppers = marketing.Accounts.ToDictionary(account => account.Id, account => account.Shopper, StringComparer.Ordinal);
        // Two shops have the same ids, but not the same shoppers.
        var events = marketing.Events.Select(one => (Order: JsonDocument.Parse(one.Properties).RootElement.GetProperty("id").GetString()!, Shopper: shoppers[one.Account])).ToList();
        events.ShouldBeUnique();
        var lost = chain.Run.Books.Lost.Where(one => one.Topic == "orders/create").Select(one => $"{one.Vendor}/{one.About[0]}").ToHashSet(StringComparer.Ordinal);
        var told = chain.Run.Books.Snapshot().Told.Of<OrderFact>().Where(order => order.Party is not null && !lost.Contains(order.Key));
        told.Select(order => (order.Key.Split('/')[^1], order.Party!.Shopper)).Except(events).ShouldBeEmpty("orders whose webhook came, and of which marketing was not told");
    }

    private static async Task ShouldHaveNothingDeadAsync(WritingHub chain) =>
        (await chain.Client.GetAsync("operations/dead-letters?stage=delivery")).Json.GetProperty("items").EnumerateArray().Select(one => one.GetRawText()).ShouldBeEmpty();

    /// <summary>Nothing drifts; what somebody then changes is counted field by field, brought back by a repair, and put back by an undo.</summary>
    private static async Task ShouldCountWhatIsTamperedWithAsync(WritingHub chain)
    {
        foreach (var destination in WritingHub.Destinations)
        {
            var nothing = await chain.DriftAsync(destination, new { plan = true });
            (await CountAsync(chain, nothing)).ShouldBe(0, destination + nothing.Report.GetRawText());
        }
        var before = WritingHub.Destinations.ToDictionary(one => one, one => HeldBy(chain, one), StringComparer.Ordinal);
        foreach (var destination in WritingHub.Destinations)
            Tamper(chain, destination);
        foreach (var destination in WritingHub.Destinations)
        {
            // What a repair of the one before wrote comes back as its webhooks, and is news to this one for a moment.
            await chain.RestAsync();
            var tampered = HeldBy(chain, destination);
            tampered.Except(before[destination]).Count().ShouldBe(Tampered, destination);

            var measured = await chain.DriftAsync(destination, new { plan = true });
            (await CountAsync(chain, measured)).ShouldBe(Tampered, destination + measured.Report.GetRawText());
            var repair = await chain.DriftAsync(destination, new { plan = false });
            (await CountAsync(chain, repair)).ShouldBe(Tampered, destination);
            HeldBy(chain, destination).ShouldBe(before[destination], destination);
            await chain.DriftAsync(destination, new { undo = repair.Id });
            HeldBy(chain, destination).ShouldBe(tampered, destination);
        }
    }

    /// <summary>Fields that drifted. Nothing may be on its way while they are counted; if something is, what came in last says why.</summary>
    private static async Task<long> CountAsync(WritingHub chain, (string Id, JsonElement Report) run)
    {
        if (run.Report.GetProperty("pending").GetInt64() + run.Report.GetProperty("unread").GetInt64() > 0)
        {
            var ended = (await chain.Client.GetAsync("operations/runs/" + run.Id)).Text;
            var since = DateTimeOffset.UtcNow.AddMinutes(-2).ToString("O", CultureInfo.InvariantCulture);
            Assert.Fail($"{ended}\n{(await chain.Client.GetAsync("deliveries?limit=100&since=" + Uri.EscapeDataString(since))).Text}");
        }
        return run.Report.GetProperty("fields").EnumerateObject().Sum(field => field.Value.GetInt64());
    }

    /// <summary>One field each of some accounts: a tag of ours that is taken away, an attribute of ours that says something else.</summary>
    private static void Tamper(WritingHub chain, string destination)
    {
        var vendor = chain.Vendor(destination);
        bool IsOurs(HeldAccount account) => account.Tags.Any(tag => tag.StartsWith("vch-", StringComparison.Ordinal)) || account.Attributes.ContainsKey("vchOrders");
        var accounts = vendor.Holds().Accounts.Where(IsOurs).Take(Tampered).ToList();
        accounts.Count.ShouldBe(Tampered, destination);
        foreach (var account in accounts)
            vendor.Edit(account.Id, account.Tags.FirstOrDefault(tag => tag.StartsWith("vch-", StringComparison.Ordinal)) is { } tag ? new HumanEdit.RemoveTag(tag) : new HumanEdit.Attribute("vchOrders", "77"));
    }

    /// <summary>What the hub keeps at a vendor, account by account.</summary>
    private static List<string> HeldBy(WritingHub chain, string destination) =>
        [.. chain.Vendor(destination).Holds().Accounts.Select(account =>
            $"{account.Id}: {string.Join(',', account.Tags)}; {string.Join(',', account.Attributes.Select(one => $"{one.Key}={one.Value}"))}; {string.Join(',', account.Consents)}")];

    private static void Say(Stopwatch watch, string what, WritingHub chain) => TestContext.Current.TestOutputHelper?.WriteLine(
        $"{watch.Elapsed.TotalSeconds,7:0.0} s {what}: {chain.Run.Counts.Values.Sum(one => one.Made)} webhooks made, {chain.Run.Counts.Values.Sum(one => one.Lost)} lost; "
        + $"writes {string.Join(", ", chain.Writes().Select(one => $"{one.Key} {one.Value}"))}; "
        + string.Join(", ", WritingHub.Vendors.SelectMany(vendor => chain.Vendor(vendor).Desk.Writes.All.CountBy(write => $"{vendor} {write.Operation} {(write.Changed ? "new" : "same")}")).Select(one => $"{one.Key} {one.Value}")));
}
