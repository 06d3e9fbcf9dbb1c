using System.Text.Json.Nodes;
using ValueChainHub.Sandbox.Audit;
using ValueChainHub.Sandbox.Vendors.State;

namespace ValueChainHub.Benchmarks.Kills;

/// <summary>Everything was told and came to rest; then it is folded again and told again, over and over. Nothing may come of it.</summary>
internal sealed class ReplayWork(KillStage stage) : KilledWork(stage)
{
    private const int AtOnce = 3;

    private readonly List<string> customers = [];
    private int changes;
    private int begun;
    private IReadOnlyList<string> events = [];
    private IReadOnlyDictionary<string, VendorHoldings> held = new Dictionary<string, VendorHoldings>();

    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        foreach (var act in Stage.Vendors.Story.Acts)
            Stage.Vendors.Send(Stage.Vendors.Do(act), cancellationToken);
        await Stage.Vendors.DrainAsync();
        if (!await Stage.RestAsync(Patience, cancellationToken))
            throw new TimeoutException("The hub did not come to rest before the first replay.");
        var known = await EventsAsync(cancellationToken);
        (changes, held, events) = (Changes(), Held(), Ids(known));
        customers.AddRange(known.Select(one => one["customerid"]?.GetValue<string>()).OfType<string>().Distinct(StringComparer.Ordinal));
    }

    /// <summary>Keeps some going: the intake as a whole, events to a destination that has them, a customer's state.</summary>
    public override async Task GoOnAsync(CancellationToken cancellationToken)
    {
        for (var missing = AtOnce - await Runs.ActiveAsync(cancellationToken); missing > 0; missing--, begun++)
            await Runs.StartAsync("operations/replay", Next(), cancellationToken);
    }

    public override async Task FinishAsync(KillVerdict verdict, CancellationToken cancellationToken)
    {
        var runs = await Runs.DoneAsync(verdict.Findings, Patience, cancellationToken);
        await RestAsync(verdict, cancellationToken);
        verdict.Saw($"{runs.Count} replays done");
        foreach (var run in runs.Where(run => run.GetProperty("report").GetProperty("newEvents").GetInt64() > 0))
            verdict.Findings.Add($"the replay {run.GetProperty("id")} found events that were not there: {run.GetProperty("report")}");
        verdict.Findings.DemandEqual("what vendors accepted and had not had already, since before the replays", changes, Changes());
        foreach (var (vendor, before) in held)
            DemandSame(verdict, vendor, before, Stage.Vendors.Vendor(vendor).Holds());
        var now = Ids(await EventsAsync(cancellationToken));
        foreach (var one in now.Except(events).Concat(events.Except(now)))
            verdict.Findings.Add($"the event {one} is not in both, before and after the replays");
        verdict.Saw($"{events.Count} events and what {held.Count} vendors hold, unchanged");
        await KillDemands.UntilMetAsync(Stage, verdict, KillDemands.OfTheStoryAsync, cancellationToken);
    }

    private object Next() => (begun % 4) switch
    {
        0 => new { stage = "intake", all = true },
        1 => new { stage = "delivery", send = "state", filter = new { customer = customers[begun / 4 % customers.Count] } },
        2 => new { stage = "delivery", send = "events", destinations = (string[])["klaviyo"], filter = new { type = KillDemands.Appended[begun / 4 % KillDemands.Appended.Count] } },
        _ => new { stage = "intake", plan = true, all = true },
    };

    private int Changes() => Stage.Writes.Count(one => one.Write.Changed);

    private Dictionary<string, VendorHoldings> Held() => Stage.All.ToDictionary(vendor => vendor.Name, vendor => vendor.Holds(), StringComparer.Ordinal);

    private async Task<IReadOnlyList<JsonNode>> EventsAsync(CancellationToken cancellationToken)
    {
        using var reader = new HubReader(Stage.Hub.Address, ServerProcess.ReaderKey);
        return await reader.EventsAsync(cancellationToken);
    }

    private static IReadOnlyList<string> Ids(IEnumerable<JsonNode> events) => [.. events.Select(one => one["id"]!.GetValue<string>())];

    private static void DemandSame(KillVerdict verdict, string vendor, VendorHoldings before, VendorHoldings after)
    {
        var (was, holds) = (KillDemands.Lines(before), KillDemands.Lines(after));
        foreach (var line in was.Except(holds))
            verdict.Findings.Add($"{vendor} held before the replays and does not now: {line}");
        foreach (var line in holds.Except(was))
            verdict.Findings.Add($"{vendor} holds now and did not before the replays: {line}");
    }
}
