using System.Globalization;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Runs;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Reconciliation;

/// <summary>A backfill: walks a vendor from the beginning, takes in what the hub lacks as deliveries of kind backfill, and is done when it has as many things as the vendor counts.</summary>
/// <remarks>Its events only bring states up to date: they are no news to anybody (SEMANTICS 6). It gives way to webhooks: it waits while the fold is behind, and rests while webhooks crowd in.</remarks>
public sealed class BackfillVendor(
    IHubStore store, DerivedIds ids, ConnectorCatalog connectors, FoldDelivery fold, TranslationHandover handover, ProcessInbox inbox, TimeProvider time, IntakePressure? pressure = null) : IRunKind
{
    public const string KindName = "backfill";

    /// <summary>A shop goes on while it is walked: so often what came in meanwhile is walked too, before the counts are held to differ.</summary>
    private const int MostTails = 5;

    private readonly VendorWalk _walk = new(new(store, ids, fold, time), new(store, handover, time), inbox, time, pressure);

    public string Kind => KindName;

    /// <summary>The streams of a connector that can be walked from the beginning.</summary>
    public static IReadOnlyList<WalkStream> StreamsOf(IWalkConnector connector) => [.. connector.WalkStreams.Where(stream => stream.HasBeginning)];

    public async ValueTask<RunStep> StepAsync(Run run, CancellationToken cancellationToken)
    {
        var (position, report) = (WalkPosition.Read(run.Position), WalkReport.Read(run.Report));
        if (connectors.Find(run.Connector ?? "") is not IWalkConnector { CanWalk: true } connector)
            return new RunStep.Failed(run.Report, "The connector is not configured, or has no credentials to ask its vendor with. Configure it and resume the run.");
        var streams = StreamsOf(connector);
        if (position.Stream >= streams.Count)
            return new RunStep.Done(run.Report);
        var (stream, before) = (streams[position.Stream], report.Of(streams[position.Stream].Name));
        var here = new WalkTurn(position, before);
        var turn = position.IsAtEnd || !position.IsCounted
            ? await CountAsync(connector, stream, here, cancellationToken)
            : await _walk.TakeAsync(new(connector, stream, DeliveryKind.Backfill, DateTimeOffset.MaxValue, run.StartedAt), position, before, cancellationToken);
        return Step(run, stream, turn, report);
    }

    private RunStep Step(Run run, WalkStream stream, WalkTurn turn, WalkReport report)
    {
        var next = report.With(stream.Name, turn.Report);
        var seconds = (time.GetUtcNow() - run.StartedAt).TotalSeconds;
        var written = (next with { Lost = 0, LostPer10000 = null, PerSecond = seconds > 0 ? Math.Round(next.Compared / seconds, 1) : null }).Write();
        if (turn.Fault is { } fault)
            return new RunStep.Failed(written, $"{stream.Name}: {fault}");
        if (turn.Wait is var (notBefore, reason))
            return new RunStep.Later(turn.Position.Write(), written, notBefore, $"{stream.Name}: {reason}");
        return new RunStep.More(turn.Position.Write(), written);
    }

    /// <summary>Asks the vendor how many there are: before the first page, to show how far it is, and at the end, where it decides.</summary>
    private async ValueTask<WalkTurn> CountAsync(IWalkConnector connector, WalkStream stream, WalkTurn here, CancellationToken cancellationToken)
    {
        switch (await AskAsync(connector, stream, cancellationToken))
        {
            case CountOutcome.Failed failed:
                return _walk.After(here, failed.Kind, failed.Reason, failed.NotBefore);
            case CountOutcome.Counted { Count: var count } when here.Position.IsAtEnd:
                return Judge(here with { Report = here.Report with { Of = count } });
            case CountOutcome.Counted { Count: var count }:
                return new(here.Position with { IsCounted = true }, here.Report with { Of = count });
            default:
                throw new InvalidOperationException("A count has one of two outcomes.");
        }
    }

    private static WalkTurn Judge(WalkTurn here)
    {
        var (position, taken) = (here.Position, here.Report.Taken);
        if (here.Report.Of is not { } count || count == taken)
            return here with { Position = new() { Stream = position.Stream + 1 } };
        if (count > taken && position.Tails < MostTails)
            return here with { Position = position with { IsAtEnd = false, Tails = position.Tails + 1, Page = null } };
        return here with { Fault = Difference(here.Report, count) };
    }

    private static string Difference(StreamReport report, long count) => string.Create(CultureInfo.InvariantCulture, $"the vendor counts {count}, the hub took {report.Taken}") +
        (report.Unreadable > 0 ? string.Create(CultureInfo.InvariantCulture, $"; {report.Unreadable} could not be read: GET /api/deliveries?state=quarantined names them. Have their mapping mended") : "") +
        (report.Refused > 0 ? string.Create(CultureInfo.InvariantCulture, $"; {report.Refused} were listed and refused: check the scopes of the credentials") : "") +
        ". If the vendor's things went on changing or were deleted meanwhile, start the backfill again: what the hub has already is only looked at.";

    private static async ValueTask<CountOutcome> AskAsync(IWalkConnector connector, WalkStream stream, CancellationToken cancellationToken)
    {
        try
        {
            return await connector.CountAsync(stream.Name, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new CountOutcome.Failed(FailureKind.Unavailable, WorkQueue.ReasonOf(failure));
        }
    }
}
