using System.Globalization;
using System.Text.Json;
using ValueChainHub.Sandbox;
using ValueChainHub.Sandbox.Vendors;
using ValueChainHub.Sandbox.Vendors.Shopify;
using ValueChainHub.Sandbox.Vendors.State;

namespace ValueChainHub.Benchmarks.Kills;

/// <summary>The hub that is killed, and the vendors around it that are not.</summary>
/// <param name="Vendors">With their books, their state and their logs of accepted writes.</param>
/// <param name="Hub">The hub's process.</param>
/// <param name="Api">The hub, as an operator sees it.</param>
/// <param name="Past">What the first shop has from before the story, if anything.</param>
public sealed record KillStage(SandboxRun Vendors, MortalHub Hub, OperatorApi Api, ShopSeed? Past)
{
    /// <summary>Nothing moves for so long: longer than a job's period, on a machine with other work.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>When stories end: their bodies carry its times, and are the same in every run of a seed.</summary>
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Before everything in a story.</summary>
    public static readonly DateTimeOffset BeforeTheStory = new(2025, 6, 1, 0, 0, 0, TimeSpan.Zero);

    public IEnumerable<ISandboxVendor> All => Vendors.Counts.Keys.Select(Vendors.Vendor);

    /// <summary>Every write that any vendor accepted.</summary>
    public IEnumerable<(string Vendor, AcceptedWrite Write)> Writes => All.SelectMany(vendor => vendor.Desk.Writes.All.Select(write => (vendor.Name, write)));

    public int WriteCount => All.Sum(vendor => vendor.Desk.Writes.Count);

    /// <summary>Whether something is on its way to the hub, in it, or from it to a vendor.</summary>
    public async Task<bool> IsBusyAsync(CancellationToken cancellationToken) => IsBusy(await Api.GetAsync("operations/ledger", cancellationToken));

    /// <summary>Returns when everything is where it belongs and nothing moves any more; false when the patience ended first.</summary>
    public async Task<bool> RestAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        var (calmSince, last) = (TimeSpan.Zero, "");
        while (waited.Elapsed < patience)
        {
            var ledger = await Api.GetAsync("operations/ledger", cancellationToken);
            var now = ledger.GetRawText() + WriteCount.ToString(CultureInfo.InvariantCulture);
            if (IsBusy(ledger) || now != last)
                (calmSince, last) = (waited.Elapsed, now);
            else if (waited.Elapsed - calmSince >= Calm)
                return true;
            await Task.Delay(Pause, cancellationToken);
        }
        return false;
    }

    private bool IsBusy(JsonElement ledger) =>
        Vendors.Carrying > 0 || Vendors.Books.Owed().Count > 0 || ledger.GetProperty("outbox").GetProperty("pending").GetInt64() > 0
        || ((string[])["connectors", "items", "deliveries"]).Any(part => IsPending(ledger, part));

    private static bool IsPending(JsonElement ledger, string part) => ledger.GetProperty(part).EnumerateObject().Any(line => line.Value.GetProperty("pending").GetInt64() > 0);
}
