using System.Text.Json;
using ValueChainHub.Sandbox;
using ValueChainHub.Sandbox.Audit;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.Shopify;
using ValueChainHub.Sandbox.Vendors.State;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Benchmarks.Kills;

/// <summary>The hub is connected to a shop with a past, and walks it from the beginning; what it finds is written to the marketing system as states, never as news.</summary>
internal sealed class BackfillWork(KillStage stage) : KilledWork(stage)
{
    /// <summary>The number of the first customer of a past, by which its address is named.</summary>
    private const int FirstNumber = 1_000_000;

    private const string OfOrders = "valuechain.storefront.order.";

    private static readonly string[] Newsworthy = [OfOrders, "valuechain.storefront.return.", "valuechain.fulfillment."];

    private readonly int customers = stage.Past!.Customers;
    private readonly int orders = stage.Past.Orders;

    public static SandboxOptions Options(int seed, int shoppers) =>
        new() { Seed = seed, Shoppers = 1, Faults = Faults.None, RetrySpeed = 120, Past = new ShopSeed(seed, shoppers * 10, shoppers * 20, KillStage.Now) };

    public override async Task GoOnAsync(CancellationToken cancellationToken)
    {
        if (Runs.Count > 0)
            return;
        await Runs.StartAsync("reconciliations/" + Shops.Home, new { from = "beginning" }, cancellationToken);
    }

    public override async Task<bool> IsOverAsync(CancellationToken cancellationToken) => await Runs.ActiveAsync(cancellationToken) == 0;

    public override async Task FinishAsync(KillVerdict verdict, CancellationToken cancellationToken)
    {
        var run = (await Runs.DoneAsync(verdict.Findings, Patience, cancellationToken)).Single();
        await RestAsync(verdict, cancellationToken);
        var streams = run.GetProperty("report").GetProperty("streams");
        DemandCounts(verdict, streams, "customers", customers);
        DemandCounts(verdict, streams, "orders", orders);
        await KillDemands.UntilMetAsync(Stage, verdict, OfThePastAsync, cancellationToken);
    }

    private static void DemandCounts(KillVerdict verdict, JsonElement streams, string stream, int expected)
    {
        var its = streams.GetProperty(stream);
        verdict.Findings.DemandEqual($"backfill, {stream}: by the vendor's count", expected, its.GetProperty("of").GetInt64());
        verdict.Findings.DemandEqual($"backfill, {stream}: walked", expected, its.GetProperty("compared").GetInt64());
        verdict.Saw($"{expected} {stream} of the past");
    }

    /// <summary>Each customer once and each order once, at the hub and at the marketing system; nobody was told anything as news.</summary>
    private async Task OfThePastAsync(KillStage stage, KillVerdict verdict, CancellationToken cancellationToken)
    {
        using var reader = new HubReader(stage.Hub.Address, ServerProcess.ReaderKey);
        var events = await reader.EventsAsync(cancellationToken);
        // The shop's own webhooks tell of the tags that the hub gave to its customers; of orders and parcels there is none.
        foreach (var news in events.Where(one => one["origin"]?.GetValue<string>() == "live" && Newsworthy.Any(start => one["type"]!.GetValue<string>().StartsWith(start, StringComparison.Ordinal))))
            verdict.Findings.Add($"told as news: {news["type"]} of {news["subject"]}");
        var told = events.Where(one => one["type"]!.GetValue<string>().StartsWith(OfOrders, StringComparison.Ordinal)).Select(one => (one["type"]!.GetValue<string>(), one["subject"]!.GetValue<string>())).ToList();
        verdict.Findings.DemandEqual("orders that events tell of", orders, told.DistinctBy(one => one.Item2).Count());
        verdict.Findings.DemandEqual("events of orders that tell the same twice", 0, told.Count - told.Distinct().Count());
        var marketing = stage.Vendors.Vendor(KillDemands.Marketing).Holds();
        verdict.Findings.DemandEqual("events appended to the marketing system", 0, marketing.Events.Count);
        verdict.Findings.DemandEqual("tasks made", 0, stage.All.Sum(vendor => vendor.Holds().Tasks.Count));
        var found = 0;
        for (var customer = 0; customer < customers; customer++)
            found += await OrdersOfAsync(reader, verdict, FormattableString.Invariant($"customer{FirstNumber + customer}@example.com"), marketing, cancellationToken);
        verdict.Findings.DemandEqual("orders of all customers of the past", orders, found);
        verdict.Findings.DemandEqual("profiles at the marketing system", customers, marketing.Accounts.Count);
        await KillDemands.OfTheHubAsync(stage, verdict, cancellationToken);
    }

    private static async Task<int> OrdersOfAsync(
        HubReader reader, KillVerdict verdict, string email, VendorHoldings marketing, CancellationToken cancellationToken)
    {
        var records = await reader.SearchAsync("email", email, cancellationToken);
        if (records.Count != 1)
        {
            verdict.Findings.Add($"{records.Count} customers have the address {email}");
            return 0;
        }
        var its = records[0]["storefront"]?["orders"]?.GetValue<int>() ?? 0;
        KillDemands.DemandOrders(verdict, marketing, email, its);
        return its;
    }
}
