using System.Globalization;
using System.Text.Json;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Benchmarks.Kills;

/// <summary>A story of which some webhooks were lost; a reconciliation of each shop brings them home and says how many they were.</summary>
internal sealed class ReconciliationWork(KillStage stage) : KilledWork(stage)
{
    private const int MostLost = 8;

    private readonly Dictionary<string, int> lost = new(StringComparer.Ordinal);

    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var said = Stage.Vendors.Story.Acts.SelectMany(Stage.Vendors.Do).ToList();
        foreach (var shop in (string[])[Shops.Home, Shops.Abroad])
        {
            var versions = OrderVersions.LastOf(said, shop).Take(MostLost).ToHashSet();
            lost[shop] = versions.Count;
            said.RemoveAll(one => one.Vendor.Name == shop && OrderVersions.Of(one.Webhook) is { } version && versions.Contains(version));
        }
        Stage.Vendors.Send(said, cancellationToken);
        await Stage.Vendors.DrainAsync();
        if (!await Stage.RestAsync(Patience, cancellationToken))
            throw new TimeoutException("The hub did not come to rest before the reconciliation.");
    }

    public override async Task GoOnAsync(CancellationToken cancellationToken)
    {
        if (Runs.Count > 0)
            return;
        foreach (var shop in lost.Keys)
            await Runs.StartAsync("reconciliations/" + shop, new { since = KillStage.BeforeTheStory }, cancellationToken);
    }

    public override async Task<bool> IsOverAsync(CancellationToken cancellationToken) => await Runs.ActiveAsync(cancellationToken) == 0;

    public override async Task FinishAsync(KillVerdict verdict, CancellationToken cancellationToken)
    {
        foreach (var run in await Runs.DoneAsync(verdict.Findings, Patience, cancellationToken))
            DemandLosses(verdict, run);
        await RestAsync(verdict, cancellationToken);
        await KillDemands.UntilMetAsync(Stage, verdict, KillDemands.OfTheStoryAsync, cancellationToken);
    }

    private void DemandLosses(KillVerdict verdict, JsonElement run)
    {
        var (shop, report) = (run.GetProperty("connector").GetString()!, run.GetProperty("report"));
        verdict.Findings.DemandEqual($"{shop}: webhooks reported lost", lost[shop], report.GetProperty("lost").GetInt64());
        verdict.Findings.DemandEqual($"{shop}: orders repaired", lost[shop], report.GetProperty("streams").GetProperty("orders").GetProperty("repaired").GetInt64());
        verdict.Saw($"{lost[shop]} lost webhooks of {shop}, as reported");
    }
}

/// <summary>Versions of orders that webhooks tell.</summary>
public static class OrderVersions
{
    /// <summary>The last version of each order of a shop that nothing but its own webhooks tells: no hint has it fetched.</summary>
    public static IEnumerable<(long Id, string At)> LastOf(IReadOnlyCollection<(ISandboxVendor Vendor, Webhook Webhook)> said, string shop)
    {
        var its = said.Where(one => one.Vendor.Name == shop).Select(one => one.Webhook).ToList();
        var fetched = its.SelectMany(webhook => webhook.PointsAt).ToHashSet(StringComparer.Ordinal);
        return its.Select(Of).OfType<(long Id, string At)>()
            .Where(version => !fetched.Contains($"order/{version.Id}"))
            .GroupBy(version => version.Id)
            .Select(order => order.MaxBy(version => DateTimeOffset.Parse(version.At, CultureInfo.InvariantCulture)))
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
