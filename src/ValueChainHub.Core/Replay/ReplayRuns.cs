using System.Collections.Concurrent;
using System.Text.Json;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Runs;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Replay;

/// <summary>Replays what was received, or what destinations are to be told; or says what that would change (ADR 22).</summary>
/// <remarks>
/// A replay of intake walks its deliveries twice: first all are folded, then destinations are told of whom that changed. A plan takes the very same steps over an overlay of the store, and puts nothing
/// in a line. The overlay is in the memory of one process: another one that goes on with the plan begins it anew.
/// </remarks>
/// <param name="live">What it runs on to do it.</param>
/// <param name="planned">What it runs on to say what it would do: the same over another store.</param>
/// <param name="connectors">The connectors.</param>
/// <param name="routes">What goes where.</param>
/// <param name="time">The clock.</param>
/// <param name="planBytes">The most that a plan may hold in memory.</param>
public sealed class ReplayRuns(
    ReplayScope live, Func<IHubStore, ReplayScope> planned, ConnectorCatalog connectors, Routes routes, TimeProvider time, long planBytes = ReplayRuns.BytesOfAPlan) : IRunKind
{
    /// <summary>64 MiB.</summary>
    public const long BytesOfAPlan = 64L << 20;

    /// <summary>Plans that are held at the same time; the one that was begun first gives way, and begins anew.</summary>
    private const int MostPlans = 4;

    private const int MostBeginnings = 5;

    /// <summary>The steps of a plan are kept in the store this often.</summary>
    private static readonly TimeSpan TurnOfAPlan = TimeSpan.FromSeconds(2);

    private readonly Lazy<ReplaySteps> _live = new(() => new ReplaySteps(live, connectors, routes, time));
    private readonly ConcurrentDictionary<string, PlanInHand> _plans = new(StringComparer.Ordinal);

    public string Kind => ReplayWords.Kind;

    public async ValueTask<RunStep> StepAsync(Run run, CancellationToken cancellationToken)
    {
        var replay = Read(run);
        try
        {
            return replay.Request.Plan ? await PlanAsync(run, replay, cancellationToken) : StepOf(await _live.Value.TakeAsync(replay, cancellationToken));
        }
        catch (ContinuationExpiredException)
        {
            return new RunStep.Failed(run.Report, "Retention has passed the place where it stood. Start another one.");
        }
    }

    private async ValueTask<RunStep> PlanAsync(Run run, ReplayState replay, CancellationToken cancellationToken)
    {
        if (replay.Position.Begun >= MostBeginnings)
            return new RunStep.Failed(run.Report, "The process that held the plan ended too often. Narrow the filter.");
        var plan = Take(run, replay);
        var (state, began) = (plan.State, time.GetTimestamp());
        try
        {
            do
            {
                if (await plan.Steps.TakeAsync(state, cancellationToken) is not { Position: not null } next)
                    throw new InvalidOperationException("A replay's step answers where it is.");
                state = next;
            }
            while (!state.Position.IsDone && state.Position.Fault is null && time.GetElapsedTime(began) < TurnOfAPlan);
        }
        catch (OverlayFullException)
        {
            _plans.TryRemove(run.Id, out _);
            return new RunStep.Failed(Json(state.Report), $"The plan would hold more than {planBytes >> 20} MiB in memory. Narrow the filter.");
        }
        var step = StepOf(state);
        if (step is RunStep.More more)
            _plans[run.Id] = plan with { State = state, Kept = more.Position.GetRawText() };
        else
            _plans.TryRemove(run.Id, out _);
        return step;
    }

    /// <summary>The plan as this process holds it, or a new beginning.</summary>
    private PlanInHand Take(Run run, ReplayState replay)
    {
        if (run.Position is { } position && _plans.TryGetValue(run.Id, out var held) && JsonElement.DeepEquals(JsonElement.Parse(held.Kept), position))
            return held;
        foreach (var old in _plans.Keys.Order(StringComparer.Ordinal).Take(Math.Max(0, _plans.Count - MostPlans + 1)))
            _plans.TryRemove(old, out _);
        var begun = run.Position is null ? 0 : replay.Position.Begun + 1;
        return new(new ReplaySteps(planned(new OverlayHubStore(live.Store, planBytes)), connectors, routes, time), replay with { Position = new() { Begun = begun }, Report = new() }, "");
    }

    private static ReplayState Read(Run run) => new(
        run.Id,
        run.StartedAt,
        run.Request.Deserialize(ReplayContext.Default.ReplayRequest)!,
        run.Position?.Deserialize(ReplayContext.Default.ReplayPosition) ?? new(),
        run.Report.Deserialize(ReplayContext.Default.ReplayReport)!);

    private static RunStep StepOf(ReplayState state) => state.Position switch
    {
        { Fault: { } fault } => new RunStep.Failed(Json(state.Report), fault),
        { IsDone: true } => new RunStep.Done(Json(state.Report)),
        _ => new RunStep.More(JsonSerializer.SerializeToElement(state.Position, ReplayContext.Default.ReplayPosition), Json(state.Report)),
    };

    private static JsonElement Json(ReplayReport report) => JsonSerializer.SerializeToElement(report, ReplayContext.Default.ReplayReport);

    /// <param name="Steps">The steps, over the plan's overlay.</param>
    /// <param name="State">Where it is.</param>
    /// <param name="Kept">The position that the store has of it.</param>
    private sealed record PlanInHand(ReplaySteps Steps, ReplayState State, string Kept);
}

/// <summary>The steps of a replay, over the store that they are to change.</summary>
internal sealed class ReplaySteps
{
    private readonly ReplayScope _scope;
    private readonly ReplayIntake _intake;
    private readonly LookForWrites _look;
    private readonly TimeProvider _time;

    public ReplaySteps(ReplayScope scope, ConnectorCatalog connectors, Routes routes, TimeProvider time)
    {
        (_scope, _time) = (scope, time);
        var walk = new WalkDeliveries(scope, connectors, time);
        _intake = new(scope, walk, time);
        _look = new(scope, connectors, routes, walk, _intake);
    }

    /// <summary>One step: folds a page, looks at a page, or does what the last look found.</summary>
    public async ValueTask<ReplayState> TakeAsync(ReplayState replay, CancellationToken cancellationToken)
    {
        var position = replay.Position;
        if (position.Acts is { } acts)
        {
            foreach (var act in replay.Request.Plan ? [] : acts)
                await ActAsync(replay, act, cancellationToken);
            return replay with { Position = position with { Acts = null, After = position.Next, Next = null, IsDone = position.Next is null } };
        }
        if (replay.Filter.Customer is { } id && position.Profiles is null)
        {
            return replay with
            {
                Position = await _scope.Directory.FindAsync(id, cancellationToken) is { } customer
                    ? position with { Profiles = [.. customer.Profiles.Keys.Append(customer.Id).Distinct(StringComparer.Ordinal)] }
                    : position with { Fault = "No customer has the id of filter.customer." },
            };
        }
        if (replay.Request.Stage != ReplayWords.Delivery && !position.IsTelling)
        {
            var (report, next) = await _intake.FoldAsync(replay, cancellationToken);
            return replay with { Position = position with { After = next, IsTelling = next is null }, Report = report };
        }
        var look = await _look.LookAsync(replay, cancellationToken);
        return replay with { Position = position with { Acts = look.Acts, Seen = look.Seen, Next = look.Next }, Report = look.Report };
    }

    private async ValueTask ActAsync(ReplayState replay, ReplayAct act, CancellationToken cancellationToken)
    {
        var queue = _scope.Queue;
        if (act.Partition is { } partition)
        {
            if (await _scope.Store.ReadAsync(HubContainers.Profiles, partition, act.Target, cancellationToken) is { } item
                && RoutedEvent.Of(CloudEvent.ReadHead(EventItems.EventOf(item.Body))) is var read)
                await queue.PushAsync(act.Destination, new(DeliveryKinds.Event, read.Id, _time.GetUtcNow(), read), cancellationToken);
        }
        else if (replay.Request.Send == ReplayWords.DeadLetters)
            await queue.RetryAsync(act.Destination, act.Target, cancellationToken);
        else if (replay.Request.Send == ReplayWords.State)
            await queue.TellAgainAsync(act.Destination, act.Target, replay.Position.Profiles!, replay.RunId, cancellationToken);
        else
            await queue.PushAsync(act.Destination, new(DeliveryKinds.Customer, act.Target, _time.GetUtcNow(), null), cancellationToken);
    }
}
