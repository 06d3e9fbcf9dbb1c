using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.EndToEnd.Tests.Sandbox;

/// <summary>The hub against the simulated vendors: its records are what the vendors say they told it, record by record and cent by cent.</summary>
public sealed class SandboxTests
{
    [Fact]
    public async Task Without_faults_the_hub_holds_all_that_happened()
    {
        await using var hub = await SandboxHub.StartAsync(new() { Seed = 7, Faults = Faults.None, Duration = TimeSpan.FromSeconds(2) });

        var report = await hub.PlayAsync();

        report.Differences.ShouldBeEmpty();
        report.Held.ShouldBeEquivalentTo(report.Happened);
        report.Missing.Orders.ShouldBe(0);
    }

    [Fact]
    public async Task With_all_faults_the_hub_holds_all_that_it_was_told_and_what_vendors_lost_is_missing_and_nothing_else()
    {
        await using var hub = await SandboxHub.StartAsync(new() { Seed = 11, Shoppers = 80, Faults = Faults.All, Duration = TimeSpan.FromSeconds(4) });

        var report = await hub.PlayAsync();

        report.Differences.ShouldBeEmpty();
        report.Held.ShouldBeEquivalentTo(report.Told);
        hub.Run.Counts.Values.ShouldAllBe(counts => counts.Lost < counts.Made / 4, "a vendor that is hardly heard proves little");
        hub.Run.Counts.Values.Sum(counts => counts.Lost).ShouldBeGreaterThan(0);
        (report.Missing.Orders + report.Missing.Parcels + report.Missing.Messages).ShouldBeGreaterThan(0, "the vendors lost deliveries that nothing else told");
        await hub.Client.LedgerShouldBalanceAsync();
    }

    [Fact]
    public async Task A_hub_that_missed_a_cent_or_a_message_of_what_it_was_told_is_found_out()
    {
        await using var hub = await SandboxHub.StartAsync(new() { Seed = 4, Shoppers = 12, Faults = Faults.None, Duration = TimeSpan.FromSeconds(1) });
        (await hub.PlayAsync()).Differences.ShouldBeEmpty();
        var customer = hub.Run.Books.Close().Told.Customers.First(customer => customer.LifetimeValue.Count > 0);
        var order = customer.Orders.First(order => order.CountsAsRevenue);

        Tell(new RefundFact(order.Key, "of a cent", order.PlacedAt, 0.01m), new MessageFact("never sent", customer.Parties[0], order.PlacedAt, MessageEvent.Received));

        var report = await hub.AuditAsync();
        report.Differences.ShouldContain(difference => difference.Contains("lifetimeValue"));
        report.Differences.ShouldContain(difference => difference.Contains("marketing.received"));
        report.Held.ShouldNotBe(report.Told);

        void Tell(params Fact[] facts)
        {
            hub.Run.Books.Happened(facts);
            hub.Run.Books.Told("shopify", facts, [], since: 0);
        }
    }
}
