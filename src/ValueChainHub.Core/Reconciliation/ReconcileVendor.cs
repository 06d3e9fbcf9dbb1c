using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Runs;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Reconciliation;

/// <summary>A reconciliation: looks after the vendor's webhooks, walks what changed since the last one, takes in what the hub lacks, and counts the webhooks that were lost.</summary>
/// <remarks>
/// Each change belongs to one reconciliation: those later than its settled time (its start less the grace time) are the next one's. What is different in the stretch that a walk goes over again was
/// not seen before, or had no effect; it counts when it is found.
/// </remarks>
public sealed class ReconcileVendor : IRunKind
{
    public const string KindName = "reconciliation";

    /// <summary>How far back the first reconciliation of a stream reaches; what was before is for a backfill.</summary>
    private static readonly TimeSpan FirstReach = TimeSpan.FromDays(1);

    private readonly ConnectorCatalog _connectors;
    private readonly VendorWalk _walk;
    private readonly Settlements _settlements;
    private readonly WatchSubscriptions _watch;
    private readonly WalkSettings _settings;
    private readonly TimeProvider _time;

    public ReconcileVendor(
        IHubStore store, DerivedIds ids, ConnectorCatalog connectors, FoldDelivery fold, TranslationHandover handover, ProcessInbox inbox, WalkSettings settings,
        Func<string, VendorAccount?> accounts, TimeProvider time, IntakePressure? pressure = null)
    {
        (_connectors, _settings, _time, _settlements) = (connectors, settings, time, new(store));
        _walk = new(new(store, ids, fold, time), new(store, handover, time), inbox, time, pressure);
        _watch = new(_settlements, accounts);
    }

    public string Kind => KindName;

    public async ValueTask<RunStep> StepAsync(Run run, CancellationToken cancellationToken)
    {
        var (position, report) = (WalkPosition.Read(run.Position), WalkReport.Read(run.Report));
        if (_connectors.Find(run.Connector ?? "") is not IWalkConnector { CanWalk: true } connector)
            return new RunStep.Failed(run.Report, "The connector is not configured, or has no credentials to ask its vendor with. Configure it and resume the run.");
        if (!position.IsWatched)
        {
            report = report with { Subscriptions = await _watch.LookAsync(connector, cancellationToken) };
            return new RunStep.More((position with { IsWatched = true }).Write(), report.Write());
        }
        if (position.Stream >= connector.WalkStreams.Count)
            return await EndAsync(run, connector, report, cancellationToken);
        return await WalkAsync(run, connector, position, report, cancellationToken);
    }

    private async ValueTask<RunStep> WalkAsync(Run run, IWalkConnector connector, WalkPosition position, WalkReport report, CancellationToken cancellationToken)
    {
        var stream = connector.WalkStreams[position.Stream];
        if (position.Since is null)
            position = await BeginAsync(run, connector, stream, position, cancellationToken);
        var job = new WalkJob(connector, stream, DeliveryKind.Reconciled, run.StartedAt - _settings.Grace, run.StartedAt);
        var turn = await _walk.TakeAsync(job, position, report.Of(stream.Name), cancellationToken);
        var next = report.With(stream.Name, turn.Report);
        if (turn.Fault is { } fault)
            return new RunStep.Failed(next.Write(), $"{stream.Name}: {fault}");
        if (turn.Wait is var (notBefore, reason))
            return new RunStep.Later(turn.Position.Write(), next.Write(), notBefore, $"{stream.Name}: {reason}");
        var after = turn.Position.IsAtEnd ? new WalkPosition { IsWatched = true, Stream = position.Stream + 1 } : turn.Position;
        return new RunStep.More(after.Write(), next.Write());
    }

    private async ValueTask<WalkPosition> BeginAsync(Run run, IWalkConnector connector, WalkStream stream, WalkPosition position, CancellationToken cancellationToken)
    {
        if (WalkAsked.Read(run.Request).Since is { } asked)
            return position with { Since = asked, SettledBefore = asked };
        var settled = await _settlements.SettledAsync(connector.Name, stream.Name, cancellationToken) ?? run.StartedAt - FirstReach;
        return position with { Since = settled - stream.Overlap, SettledBefore = settled };
    }

    /// <summary>Settles what was walked. Done again after a crash it says the same.</summary>
    private async ValueTask<RunStep> EndAsync(Run run, IWalkConnector connector, WalkReport report, CancellationToken cancellationToken)
    {
        foreach (var stream in connector.WalkStreams)
        {
            if (await HasNoGapAsync(run, connector, stream, cancellationToken))
                await _settlements.SettleAsync(connector.Name, stream.Name, run.StartedAt - _settings.Grace, cancellationToken);
        }
        var ended = report with { Alert = report.LostPer10000 > _settings.AlertAbove };
        await _settlements.EndAsync(
            connector.Name, new(run.Id, _time.GetUtcNow(), ended.Lost, ended.LostPer10000, ended.Alert == true, ended.Subscriptions?.Trouble), cancellationToken);
        KeyValuePair<string, object?> tag = new("connector", connector.Name);
        HubTelemetry.WebhooksLost.Add(ended.Lost, tag);
        HubTelemetry.WebhooksLostShare.Record(ended.LostPer10000 ?? 0, tag);
        if (ended.Alert == true)
            HubTelemetry.ReconciliationAlerts.Add(1, tag);
        return new RunStep.Done(ended.Write());
    }

    /// <summary>A walk that somebody began later than the last one ended leaves a gap, which the next one has to close.</summary>
    private async ValueTask<bool> HasNoGapAsync(Run run, IWalkConnector connector, WalkStream stream, CancellationToken cancellationToken) =>
        WalkAsked.Read(run.Request).Since is not { } asked
        || asked <= (await _settlements.SettledAsync(connector.Name, stream.Name, cancellationToken) ?? run.StartedAt - FirstReach);
}
