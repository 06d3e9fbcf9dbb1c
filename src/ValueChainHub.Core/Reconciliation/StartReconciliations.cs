using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Runs;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Reconciliation;

/// <summary>Begins reconciliations and backfills: by the clock, and when somebody asks for one.</summary>
public sealed class StartReconciliations(IHubStore store, ConnectorCatalog connectors, RunRegister runs, WalkSettings settings, TimeProvider time)
{
    private readonly Settlements _settlements = new(store);
    private readonly RunTurns _turns = new(store, runs, time);

    /// <summary>Begins what is due, each connector by itself. One process of several begins each.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (settings.Every is not { } every)
            return;
        foreach (var connector in connectors.All.OfType<IWalkConnector>().Where(connector => connector.CanWalk))
            await _turns.BeginAsync(ReconcileVendor.KindName, connector.Name, every, firstAtOnce: true, async token => await StartAsync(connector.Name, token), cancellationToken);
    }

    /// <summary>Begins what somebody asks for; a connector has one of a kind at a time.</summary>
    public async ValueTask<WalkStart> HandleAsync(string name, WalkAsked asked, CancellationToken cancellationToken)
    {
        if (connectors.Find(name) is not { } connector)
            return new WalkStart.Unknown();
        if (connector is not IWalkConnector { CanWalk: true } walked)
            return new WalkStart.Impossible("The connector has no credentials to ask its vendor with, or its vendor lists nothing.");
        var isBackfill = asked.From == WalkAsked.Beginning;
        if (isBackfill && BackfillVendor.StreamsOf(walked).Count == 0)
            return new WalkStart.Impossible("The vendor lists nothing from the beginning: it has no backfill. What it tells from now on, and what it still knows of the last hours, comes by reconciliation.");
        var kind = isBackfill ? BackfillVendor.KindName : ReconcileVendor.KindName;
        if (await _turns.ActiveAsync(kind, name, cancellationToken) is { } active)
            return new WalkStart.Busy(active);
        return new WalkStart.Started(await runs.StartAsync(kind, name, asked.Write(), cancellationToken));
    }

    /// <summary>The last reconciliation of a connector that ended; null before the first.</summary>
    public ValueTask<LastWalk?> LastAsync(string connector, CancellationToken cancellationToken) => _settlements.LastAsync(connector, cancellationToken);

    private ValueTask<Run> StartAsync(string name, CancellationToken cancellationToken) => runs.StartAsync(ReconcileVendor.KindName, name, new WalkAsked().Write(), cancellationToken);
}

/// <summary>What came of asking for a reconciliation.</summary>
public abstract record WalkStart
{
    private WalkStart() { }

    public sealed record Started(Run Run) : WalkStart;

    /// <summary>One is running already.</summary>
    public sealed record Busy(Run Run) : WalkStart;

    public sealed record Unknown : WalkStart;

    public sealed record Impossible(string Why) : WalkStart;
}
