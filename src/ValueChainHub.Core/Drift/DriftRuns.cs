using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Runs;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Drift;

/// <summary>Measures how far a destination has drifted from what it should hold, repairs it, and undoes a repair (ADR 24). A run of kind <c>drift</c>.</summary>
/// <remarks>
/// It walks the profiles, a handful a step, and compares each customer once. What it is about to overwrite is remembered before it is overwritten. A step that is taken again finds what it kept, writes
/// the same once more and counts the same.
/// </remarks>
public sealed class DriftRuns : IRunKind
{
    public const string Name = "drift";

    /// <summary>Profiles a step: each may need a few calls, and a vendor may grant one a second.</summary>
    private const int Handful = 10;

    private readonly IHubStore _store;
    private readonly ConnectorCatalog _connectors;
    private readonly CustomerDirectory _directory;
    private readonly Routes _routes;
    private readonly RunRegister _runs;
    private readonly DriftItems _items;
    private readonly CompareCustomers _compare;
    private readonly UndoDrift _undo;
    private readonly TimeProvider _time;

    public DriftRuns(
        IHubStore store, ConnectorCatalog connectors, CustomerDirectory directory, GraphLimits limits, Routes routes, DeliveryQueue queue, WorkQueue work, EchoGuard echoes, RunRegister runs,
        TimeProvider time)
    {
        var pause = new VendorPause(time);
        (_store, _connectors, _directory, _routes, _runs, _time) = (store, connectors, directory, routes, runs, time);
        (_items, _undo) = (new(store), new(echoes, pause));
        _compare = new(new ReadAims(store, limits), queue, _items, new RepairDrift(work, echoes, pause), pause);
    }

    public string Kind => Name;

    /// <summary>Starts a run; null when the destination has nothing that can be compared, or there is no such run to undo there.</summary>
    public async ValueTask<Run?> StartAsync(string destination, DriftRequest request, CancellationToken cancellationToken)
    {
        if (Destination(destination) is null)
            return null;
        if (request.Undo is { } undo && (await _runs.ReadAsync(undo, cancellationToken) is not { Kind: Name } run || run.Connector != destination))
            return null;
        return await _runs.StartAsync(Name, destination, JsonSerializer.SerializeToElement(request, DriftContext.Default.DriftRequest), cancellationToken);
    }

    /// <summary>Where the last run left a destination; null before the first.</summary>
    public ValueTask<DriftStanding?> StandingAsync(string destination, CancellationToken cancellationToken) => _items.StandingAsync(destination, cancellationToken);

    public async ValueTask<RunStep> StepAsync(Run run, CancellationToken cancellationToken)
    {
        var request = run.Request.Deserialize(DriftContext.Default.DriftRequest)!;
        var before = run.Position is null ? DriftReport.Empty : run.Report.Deserialize(DriftContext.Default.DriftReport)!;
        var position = run.Position?.Deserialize(DriftContext.Default.DriftPosition) ?? new DriftPosition(null, null);
        if (run.Connector is null || Destination(run.Connector) is not { } destination)
            return new RunStep.Failed(Element(before), "The connector is not configured, cannot be written to, or cannot be read back.");
        try
        {
            return request.Undo is { } undone
                ? await UndoAsync(run, destination, undone, position, before, cancellationToken)
                : await WalkAsync(run, destination, request.Plan, position, before, cancellationToken);
        }
        catch (VendorPauseException pause)
        {
            return new RunStep.Later(Element(position), Element(before), pause.NotBefore, pause.Message);
        }
    }

    private async ValueTask<RunStep> WalkAsync(Run run, IShowsCustomers destination, bool plan, DriftPosition position, DriftReport before, CancellationToken cancellationToken)
    {
        var its = (await _routes.ReadAsync(cancellationToken)).Where(route => route.Destination == destination.Name && route.Enabled).ToList();
        var from = position.Feed is { } feed ? FeedPosition.FromContinuation(feed) : FeedPosition.Beginning;
        var page = await _store.ReadFeedAsync(HubContainers.Profiles, from, Handful, ItemIds.State, cancellationToken);
        var (tally, step) = (new DriftTally(before), StepOf(position));
        foreach (var profile in page.Changes.Select(change => change.Item.Partition).Distinct(StringComparer.Ordinal))
        {
            // A customer is met at each of its profiles, and compared at the one whose id it bears.
            if (await _directory.ResolveAsync(profile, cancellationToken) is { } customer && customer.Id == profile)
                await _compare.RunAsync(new(run.Id, step, plan, destination, its), customer, tally, cancellationToken);
        }
        if (page.More)
            return new RunStep.More(Element(position with { Feed = page.Next.Continuation }), Element(tally.Report));
        await StandAsync(run, destination, plan, tally.Report, cancellationToken);
        return new RunStep.Done(Element(tally.Report));
    }

    private async ValueTask<RunStep> UndoAsync(Run run, IShowsCustomers destination, string undone, DriftPosition position, DriftReport before, CancellationToken cancellationToken)
    {
        var (items, tally) = (await _items.ListAsync(undone, position.After, Handful, cancellationToken), new DriftTally(before));
        foreach (var item in items)
        {
            var next = item;
            if (item.Fields.Any(field => field.Outcome == DriftOutcomes.Repaired))
                next = await _items.SaveAsync(undone, await _undo.RunAsync(destination, item, cancellationToken) with { UndoneBy = run.Id }, cancellationToken);
            if (next.UndoneBy == run.Id)
                tally.AddOutcomes(next);
        }
        return items.Count < Handful ? new RunStep.Done(Element(tally.Report)) : new RunStep.More(Element(position with { After = items[^1].Customer }), Element(tally.Report));
    }

    private async ValueTask StandAsync(Run run, IDestination destination, bool plan, DriftReport report, CancellationToken cancellationToken)
    {
        HubTelemetry.Drift.Record(report.Fields.Values.Sum(), new KeyValuePair<string, object?>("destination", destination.Name));
        await _items.StandAsync(destination.Name, new(run.Id, _time.GetUtcNow(), plan, report), cancellationToken);
    }

    private IShowsCustomers? Destination(string name) => _connectors.Destinations.FirstOrDefault(one => one.Name == name) as IShowsCustomers;

    /// <summary>A step by where it began; a continuation may be long.</summary>
    private static string StepOf(DriftPosition position) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(position.Feed ?? "")).AsSpan(0, 8));

    private static JsonElement Element(DriftPosition position) => JsonSerializer.SerializeToElement(position, DriftContext.Default.DriftPosition);

    private static JsonElement Element(DriftReport report) => JsonSerializer.SerializeToElement(report, DriftContext.Default.DriftReport);
}
