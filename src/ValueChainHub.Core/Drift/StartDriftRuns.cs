using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Runs;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Drift;

/// <summary>Measures drift by the clock: a run for each destination that can be compared. It repairs nothing, that is for people.</summary>
/// <param name="store">Where turns are taken.</param>
/// <param name="connectors">The destinations; none without write-back.</param>
/// <param name="drift">The runs.</param>
/// <param name="runs">What is running.</param>
/// <param name="every">How often; null leaves it to people.</param>
/// <param name="time">The clock.</param>
public sealed class StartDriftRuns(IHubStore store, ConnectorCatalog connectors, DriftRuns drift, RunRegister runs, TimeSpan? every, TimeProvider time)
{
    private readonly RunTurns _turns = new(store, runs, time);

    /// <summary>Begins what is due, the first when the time has passed once: a hub that begins has told nobody anything.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (every is not { } between)
            return;
        foreach (var name in connectors.Destinations.OfType<IShowsCustomers>().Select(one => one.Name))
            await _turns.BeginAsync(DriftRuns.Name, name, between, firstAtOnce: false, token => drift.StartAsync(name, new(Plan: true, Undo: null), token), cancellationToken);
    }
}
