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
        hub.Run.Counts.Values.Sum(counts => counts.Lost).ShouldBeGreaterThan(0);
        (report.Missing.Orders + report.Missing.Parcels + report.Missing.Messages).ShouldBeGreaterThan(0, "the vendors lost deliveries that nothing else told");
        await hub.Client.LedgerShouldBalanceAsync();
    }
}
