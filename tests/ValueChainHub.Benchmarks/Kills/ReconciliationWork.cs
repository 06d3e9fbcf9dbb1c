using System.Globalization;
using System.Text.Json;
using ValueChainHub.Sandbox.Audit;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Benchmarks.Kills;

/// <summary>A story in portions, of each of which some webhooks were lost; a reconciliation of each shop brings them home and says how many they were.</summary>
internal sealed class ReconciliationWork(KillStage stage) : KilledWork(stage)
{
    private const int Portions = 5;
    private const int MostLost = 8;

    private static readonly string[] TheShops = [Shops.Home, Shops.Abroad];

    /// <summary>What was lost before each run, by the run's id.</summary>
    private readonly Dictionary<string, int> lost = new(StringComparer.Ordinal);

    private int told;

    /// <summary>The next portion is told, but for what is lost of it, and taken in; then both shops are reconciled.</summary>
    public override async Task GoOnAsync(CancellationToken cancellationToken)
    {
        if (told == Portions || await Runs.ActiveAsync(cancellationToken) > 0)
            return;
        var acts = Stage.Vendors.Story.Acts;
        var said = acts.Take((acts.Count * told / Portions)..(acts.Count * (told + 1) / Portions)).SelectMany(Stage.Vendors.Do).ToList();
        told++;
        var losses = TheShops.ToDictionary(shop => shop, shop => LoseSome(said, shop), StringComparer.Ordinal);
        Stage.Vendors.Send(said, cancellationToken);
        await Stage.Vendors.DrainAsync();
        using var reader = new HubReader(Stage.Hub.Address, ServerProcess.ReaderKey);
        if (!await Settling.WaitAsync(reader, Stage.Vendors.Books, Patience, cancellationToken))
            throw new TimeoutException("The hub did not take in what it was told before the reconciliation.");
        foreach (var shop in TheShops)
            lost[await Runs.StartAsync("reconciliations/" + shop, new { since = KillStage.BeforeTheStory }, cancellationToken)] = losses[shop];
    }

    public override async Task<bool> IsOverAsync(CancellationToken cancellationToken) => told == Portions && await Runs.ActiveAsync(cancellationToken) == 0;

    /// <summary>Also what no kill came to is told, reconciled and demanded.</summary>
    public override async Task FinishAsync(KillVerdict verdict, CancellationToken cancellationToken)
    {
        while (told < Portions)
        {
            await Runs.DoneAsync(new(), Patience, cancellationToken);
            await GoOnAsync(cancellationToken);
        }
        foreach (var run in await Runs.DoneAsync(verdict.Findings, Patience, cancellationToken))
            DemandLosses(verdict, run);
        verdict.Saw($"{lost.Values.Sum()} lost webhooks, reported and repaired by {Runs.Count} reconciliations");
        await RestAsync(verdict, cancellationToken);
        await KillDemands.UntilMetAsync(Stage, verdict, KillDemands.OfTheStoryAsync, cancellationToken);
    }

    private static int LoseSome(List<(ISandboxVendor Vendor, Webhook Webhook)> said, string shop)
    {
        var versions = OrderVersions.LastOf(said, shop).Take(MostLost).ToHashSet();
        said.RemoveAll(one => one.Vendor.Name == shop && versions.Contains(OrderVersions.Of(one.Webhook)));
        return versions.Count;
    }

    private void DemandLosses(KillVerdict verdict, JsonElement run)
    {
        var (id, shop, report) = (run.GetProperty("id").GetString()!, run.GetProperty("connector").GetString()!, run.GetProperty("report"));
        verdict.Findings.DemandEqual($"{shop}, {id}: webhooks reported lost", lost[id], report.GetProperty("lost").GetInt64());
        verdict.Findings.DemandEqual($"{shop}, {id}: orders repaired", lost[id], report.GetProperty("streams").GetProperty("orders").GetProperty("repaired").GetInt64());
    }
}

/// <summary>Versions of orders that webhooks tell.</summary>
public static class OrderVersions
{
    /// <summary>The last version of each order of a shop that nothing but its own webhooks tells: no hint has it fetched.</summary>
    public static IEnumerable<(long Id, string At)?> LastOf(IReadOnlyCollection<(ISandboxVendor Vendor, Webhook Webhook)> said, string shop)
    {
        var its = said.Where(one => one.Vendor.Name == shop).Select(one => one.Webhook).ToList();
        var fetched = its.SelectMany(webhook => webhook.PointsAt).ToHashSet(StringComparer.Ordinal);
        return its.Select(Of).OfType<(long Id, string At)>()
            .Where(version => !fetched.Contains($"order/{version.Id}"))
            .GroupBy(version => version.Id)
            .Select(order => ((long, string)?)order.MaxBy(version => DateTimeOffset.Parse(version.At, CultureInfo.InvariantCulture)))
            .Order();
    }

    /// <summary>The order and the time of change that a webhook of an order tells; null for every other webhook.</summary>
    public static (long Id, string At)? Of(Webhook webhook)
    {
        if (!webhook.Topic.StartsWith("orders/", StringComparison.Ordinal))
            return null;
        using var body = JsonDocument.Parse(webhook.Body);
        return body.RootElement.TryGetProperty("updated_at", out var at) ? (body.RootElement.GetProperty("id").GetInt64(), at.GetString()!) : null;
    }
}
