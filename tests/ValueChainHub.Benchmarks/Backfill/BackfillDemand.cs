using System.Globalization;
using ValueChainHub.Benchmarks.Verification;
using ValueChainHub.Sandbox;
using ValueChainHub.Sandbox.Vendors.Shopify;

namespace ValueChainHub.Benchmarks.Backfill;

/// <summary>What must be true after a backfill, whatever happened during it.</summary>
internal sealed class BackfillDemand(HubApi hub, ShopSeed past, SandboxRun vendors)
{
    private const int MostCustomersAsked = 1_000;

    /// <summary>What somebody would notice: it may not come of a past.</summary>
    private static readonly string[] Appends = ["POST tasks", "POST conversation-items", "POST /api/events"];

    private readonly Findings _findings = new();

    public async Task<Findings> EverythingAsync(BackfillRun run, CancellationToken cancellationToken)
    {
        if (run.State != "done")
            _findings.Add($"the run is {run.State}: {run.Reason}");
        Count(run, "customers", past.Customers);
        Count(run, "orders", past.Orders);
        await LedgerAsync(cancellationToken);
        await CustomersAsync(cancellationToken);
        foreach (var (name, operation) in vendors.Counts.Keys.SelectMany(name => vendors.Vendor(name).Desk.Writes.All.Select(write => (name, write.Operation))).Where(write => Appends.Contains(write.Operation)).Distinct())
            _findings.Add($"{name} got {operation}");
        return _findings;
    }

    private void Count(BackfillRun run, string stream, long expected)
    {
        var found = run.Streams.GetValueOrDefault(stream) ?? new(0, null, 0, 0);
        if ((found.Compared, found.Of) != (expected, expected))
            _findings.Add(string.Create(CultureInfo.InvariantCulture, $"{stream}: {expected} are there, the vendor counted {found.Of}, {found.Compared} were walked"));
    }

    /// <summary>Each thing was taken in as one delivery.</summary>
    private async Task LedgerAsync(CancellationToken cancellationToken)
    {
        var (ledger, expected) = (await hub.LedgerAsync(cancellationToken), (long)past.Customers + past.Orders);
        if ((ledger.Received, ledger.Applied, ledger.Quarantined, ledger.DeadLettered, ledger.Pending, ledger.OutboxPending) != (expected, expected, 0, 0, 0, 0))
            _findings.Add($"{expected} deliveries should be applied and nothing else: {ledger}");
        if (await hub.VerifyAsync(ledger, cancellationToken) is { } difference)
            _findings.Add(difference);
    }

    /// <summary>As many customers as are asked in a minute or two, evenly over all.</summary>
    private async Task CustomersAsync(CancellationToken cancellationToken)
    {
        var all = past.AddUp();
        var step = Math.Max(1, all.Count / MostCustomersAsked);
        for (var index = 0; index < all.Count; index += step)
        {
            var (email, orders, spent) = all[index];
            var found = await hub.SearchAsync(email, cancellationToken);
            if (found is not [var one] || one.Orders != orders || one.LifetimeValue.Values.Sum() != spent)
                _findings.Add(string.Create(CultureInfo.InvariantCulture, $"customer {index} has {orders} orders over {spent}, the hub says {string.Join("; ", found.Select(record => $"{record.Orders} over {record.LifetimeValue.Values.Sum()}"))}"));
        }
    }
}
