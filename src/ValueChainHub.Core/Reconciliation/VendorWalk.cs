using System.Globalization;
using System.Security.Cryptography;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Intake;

namespace ValueChainHub.Core.Reconciliation;

/// <summary>One stream that is walked, and how.</summary>
/// <param name="Connector">The vendor.</param>
/// <param name="Stream">The stream.</param>
/// <param name="Kind">As what missing things are taken in.</param>
/// <param name="Settled">What changed later is in flight.</param>
/// <param name="Until">What happened later is not asked for.</param>
internal sealed record WalkJob(IWalkConnector Connector, WalkStream Stream, DeliveryKind Kind, DateTimeOffset Settled, DateTimeOffset Until)
{
    /// <summary>A backfill takes things in as it sees them: it counts what was walked, which taking in does not change.</summary>
    public bool TakesAtOnce => Kind == DeliveryKind.Backfill;
}

/// <summary>Where a turn of a walk has come to.</summary>
/// <param name="Position">Where it goes on.</param>
/// <param name="Report">What the stream's report says now.</param>
internal readonly record struct WalkTurn(WalkPosition Position, StreamReport Report)
{
    /// <summary>Not before this, because ...</summary>
    public (DateTimeOffset NotBefore, string Reason)? Wait { get; init; }

    /// <summary>It cannot go on, because ...</summary>
    public string? Fault { get; init; }
}

/// <summary>Walks a stream page by page: looks at a page and counts it, then repairs it. The count is kept before the first repair, so that wherever a crash cuts, what was lost is counted once.</summary>
internal sealed class VendorWalk(CompareThings compare, KeepAnswers answers, ProcessInbox inbox, TimeProvider time, IntakePressure? pressure)
{
    /// <summary>Things compared at the same time.</summary>
    private const int Concurrency = 8;

    /// <summary>A turn ends after so long, wherever it is in its repairs.</summary>
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(4);

    /// <summary>A rate limit that frees up so soon is waited for.</summary>
    private static readonly TimeSpan ShortPause = TimeSpan.FromSeconds(1);

    /// <summary>The fold is behind when it has left a delivery for so long: comparing with it would count what is only waiting.</summary>
    private static readonly TimeSpan FoldPatience = TimeSpan.FromSeconds(2);

    /// <summary>The wait after a failure for which the vendor names none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Refused credentials are tried again by themselves: somebody may mend them.</summary>
    private static readonly TimeSpan RefusedPatience = TimeSpan.FromMinutes(5);

    private const int RecentKept = 400;

    public async ValueTask<WalkTurn> TakeAsync(WalkJob job, WalkPosition position, StreamReport report, CancellationToken cancellationToken)
    {
        var (began, here) = (time.GetTimestamp(), new WalkTurn(position, report with { IsTold = job.Stream.IsTold && job.Connector.TakesWebhooks }));
        if (job.Connector.CallsVendor(RequestOf(job, position)) && Closed(job.Connector) is { } closed)
            return here with { Wait = closed };
        if (await inbox.LateAtAsync(FoldPatience, cancellationToken) is not null)
            return here with { Wait = (time.GetUtcNow() + ShortPause, "the hub is still folding what came in before") };
        var next = position.Page is { } page ? await RepairAsync(job, here, page, cancellationToken) : await LookAsync(job, here, cancellationToken);
        if (pressure is not null)
            await pressure.GiveWayAsync(began, cancellationToken);
        return next;
    }

    /// <summary>What to do about a call that failed.</summary>
    public WalkTurn After(WalkTurn here, FailureKind kind, string reason, DateTimeOffset? notBefore) => kind switch
    {
        FailureKind.Refused => here with { Fault = $"The vendor refuses to list: {reason}." },
        FailureKind.Unauthorized => here with { Wait = (notBefore ?? time.GetUtcNow() + RefusedPatience, $"the vendor refuses the credentials: {reason}") },
        _ => here with { Wait = (notBefore ?? time.GetUtcNow() + Patience, $"{kind}: {reason}") },
    };

    private static (DateTimeOffset, string)? Closed(IWalkConnector connector) =>
        connector.Line is { NotBefore: { } notBefore } line ? (notBefore, line.Read().Reason ?? "the line to the vendor is held") : null;

    private async ValueTask<WalkTurn> LookAsync(WalkJob job, WalkTurn here, CancellationToken cancellationToken)
    {
        switch (await AskAsync(job, here.Position, cancellationToken))
        {
            case WalkOutcome.Failed failed:
                return After(here, failed.Kind, failed.Reason, failed.NotBefore);
            case WalkOutcome.Page page:
                var fresh = Fresh(here.Position, page.Things);
                var looks = await LookAsync(job, fresh, cancellationToken);
                var (report, repairs) = (here.Report, new List<Repair>());
                foreach (var look in looks)
                    report = Count(job, here.Position, report, look, repairs);
                var recent = here.Position.Recent.Concat(fresh.Select(TagOf)).TakeLast(RecentKept);
                var position = here.Position with { Recent = [.. recent], Page = new(repairs, page.Cursor, page.HasMore) };
                return new(repairs.Count == 0 ? Turned(position) : position, report);
            default:
                throw new InvalidOperationException("A walk has one of two outcomes.");
        }
    }

    /// <summary>The vendor's list may begin anew with what was seen last.</summary>
    private static List<WalkedThing> Fresh(WalkPosition position, IReadOnlyList<WalkedThing> things)
    {
        var recent = position.Recent.ToHashSet(StringComparer.Ordinal);
        return [.. things.Where(thing => recent.Add(TagOf(thing)))];
    }

    private async ValueTask<IReadOnlyList<Look>> LookAsync(WalkJob job, List<WalkedThing> things, CancellationToken cancellationToken)
    {
        var looks = new Look[things.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, things.Count, options, async (index, token) =>
        {
            var thing = things[index];
            var finding = await compare.LookAsync(job.Connector, thing, token);
            var answerId = AnswerIdOf(job, thing);
            var isKept = finding != Finding.Held && await answers.IsKeptAsync(job.Connector.Name, answerId, token);
            if (finding != Finding.Held && !isKept && job.TakesAtOnce && AnswerOf(thing, answerId) is { } answer)
                await answers.KeepAsync(job.Connector, job.Kind, answer, token);
            looks[index] = new(thing, finding, answerId, isKept);
        });
        return looks;
    }

    /// <summary>Counts one thing, and says whether it is to be repaired.</summary>
    private static StreamReport Count(WalkJob job, WalkPosition position, StreamReport report, Look look, List<Repair> repairs)
    {
        var (thing, finding) = (look.Thing, look.Finding);
        var compared = report with { Compared = report.Compared + 1 };
        if (finding == Finding.Held)
            return IsNewSince(position.SettledBefore, thing, job.Settled) ? compared with { Changes = compared.Changes + 1 } : compared;
        if (thing.ChangedAt > job.Settled)
            return compared with { InFlight = compared.InFlight + 1 };
        if (look.IsKept)
            return finding == Finding.Unreadable ? compared with { Unreadable = compared.Unreadable + 1 } : job.TakesAtOnce ? compared : compared with { Stuck = compared.Stuck + 1 };
        // Whose last change has no time may have changed just now.
        var isLost = report.IsTold && thing.ChangedAt is not null && (finding == Finding.Missing || (finding == Finding.Behind && thing.ToldOnceAt is null));
        if (!(job.TakesAtOnce && thing is not WalkedThing.Pointer))
            repairs.Add(new(TagOf(thing), look.AnswerId, (thing as WalkedThing.Pointer)?.Resource));
        return compared with
        {
            Changes = compared.Changes + (isLost || IsNewSince(position.SettledBefore, thing, job.Settled) ? 1 : 0),
            Missing = compared.Missing + (finding == Finding.Missing ? 1 : 0),
            Different = compared.Different + (finding is Finding.Behind or Finding.Unlike ? 1 : 0),
            Unreadable = compared.Unreadable + (finding == Finding.Unreadable ? 1 : 0),
            Lost = compared.Lost + (isLost ? 1 : 0),
            Repaired = compared.Repaired + (job.TakesAtOnce && thing is not WalkedThing.Pointer && finding != Finding.Unreadable ? 1 : 0),
        };
    }

    /// <summary>Counted by this walk and by no other: each walk counts what changed between the end of the one before and its own.</summary>
    private static bool IsNewSince(DateTimeOffset? before, WalkedThing thing, DateTimeOffset settled) =>
        (thing.ToldOnceAt ?? thing.ChangedAt) is { } at && at <= settled && (before is not { } since || at > since);

    private async ValueTask<WalkTurn> RepairAsync(WalkJob job, WalkTurn here, LookedAt page, CancellationToken cancellationToken)
    {
        var (began, turn) = (time.GetTimestamp(), here);
        if (page.Repairs.Any(repair => repair.Resource is null))
        {
            turn = await TakePageAsync(job, here, page, cancellationToken);
            if (turn.Wait is not null || turn.Fault is not null)
                return turn;
        }
        while (turn.Position.Page is { Repairs: [var repair, ..] } left && time.GetElapsedTime(began) < LongestTurn)
        {
            turn = await FetchAsync(job, turn, repair, left with { Repairs = [.. left.Repairs.Skip(1)] }, cancellationToken);
            if (turn.Wait is { } wait && wait.NotBefore - time.GetUtcNow() is var pause && pause <= ShortPause)
            {
                await Task.Delay(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, time, cancellationToken);
                turn = turn with { Wait = null };
            }
            if (turn.Wait is not null || turn.Fault is not null)
                return turn;
        }
        return turn.Position.Page is { Repairs.Count: 0 } ? turn with { Position = Turned(turn.Position) } : turn;
    }

    /// <summary>Takes in what its page says, read again. What is not on it any more has changed since, and comes later in the walk.</summary>
    private async ValueTask<WalkTurn> TakePageAsync(WalkJob job, WalkTurn here, LookedAt page, CancellationToken cancellationToken)
    {
        switch (await AskAsync(job, here.Position, cancellationToken))
        {
            case WalkOutcome.Failed failed:
                return After(here, failed.Kind, failed.Reason, failed.NotBefore);
            case WalkOutcome.Page again:
                var wanted = page.Repairs.Where(repair => repair.Resource is null).ToDictionary(repair => repair.Tag, StringComparer.Ordinal);
                var found = again.Things.Where(thing => wanted.ContainsKey(TagOf(thing))).DistinctBy(TagOf, StringComparer.Ordinal).ToList();
                var repaired = 0;
                foreach (var thing in found)
                {
                    if (AnswerOf(thing, wanted[TagOf(thing)].AnswerId) is { } answer && (await answers.KeepAsync(job.Connector, job.Kind, answer, cancellationToken)).State == DeliveryStates.Pending)
                        repaired++;
                }
                var rest = page with { Repairs = [.. page.Repairs.Where(repair => repair.Resource is not null)] };
                return new(here.Position with { Page = rest }, here.Report with { Repaired = here.Report.Repaired + repaired });
            default:
                throw new InvalidOperationException("A walk has one of two outcomes.");
        }
    }

    private async ValueTask<WalkTurn> FetchAsync(WalkJob job, WalkTurn here, Repair repair, LookedAt rest, CancellationToken cancellationToken)
    {
        if (Closed(job.Connector) is { } closed)
            return here with { Wait = closed };
        var done = here with { Position = here.Position with { Page = rest } };
        switch (await FetchAsync(job.Connector, repair, cancellationToken))
        {
            case FetchOutcome.Fetched fetched:
                var kept = await answers.KeepAsync(job.Connector, job.Kind, new(repair.AnswerId, fetched.Topic, fetched.Body), cancellationToken);
                return done with
                {
                    Report = kept.State == DeliveryStates.Quarantined
                        ? done.Report with { Unreadable = done.Report.Unreadable + 1 }
                        : done.Report with { Repaired = done.Report.Repaired + 1 },
                };
            case FetchOutcome.Failed { Kind: FailureKind.Refused }:
                return done with { Report = done.Report with { Refused = done.Report.Refused + 1 } };
            case FetchOutcome.Failed failed:
                return After(here, failed.Kind, failed.Reason, failed.NotBefore);
            default:
                throw new InvalidOperationException("A fetch has one of two outcomes.");
        }
    }

    private static async ValueTask<FetchOutcome> FetchAsync(IWalkConnector connector, Repair repair, CancellationToken cancellationToken)
    {
        if (connector is not IFetchConnector { CanFetch: true } vendor)
            throw new InvalidOperationException("A connector that only points at things must be able to fetch them.");
        try
        {
            return await vendor.FetchAsync(new(connector.Name, repair.Resource!, "reconciliation"), cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new FetchOutcome.Failed(FailureKind.Unavailable, WorkQueue.ReasonOf(failure));
        }
    }

    private static async ValueTask<WalkOutcome> AskAsync(WalkJob job, WalkPosition position, CancellationToken cancellationToken)
    {
        try
        {
            return await job.Connector.WalkAsync(RequestOf(job, position), cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new WalkOutcome.Failed(FailureKind.Unavailable, WorkQueue.ReasonOf(failure));
        }
    }

    private static WalkRequest RequestOf(WalkJob job, WalkPosition position) => new(job.Stream.Name, position.Since, job.Until, position.Cursor);

    /// <summary>The page is done.</summary>
    private static WalkPosition Turned(WalkPosition position) => position with { Cursor = position.Page!.Next, IsAtEnd = !position.Page.HasMore, Page = null };

    private static string TagOf(WalkedThing thing) => string.Create(CultureInfo.InvariantCulture, $"{thing.Id}@{thing.ChangedAt?.UtcTicks ?? 0}");

    private static PolledAnswer? AnswerOf(WalkedThing thing, string answerId) => thing switch
    {
        WalkedThing.State state => new(answerId, state.Topic, state.Body),
        WalkedThing.Happening happening => new(answerId, happening.Topic, happening.Body),
        _ => null,
    };

    /// <summary>The same for the same version, so that it is taken in once, whichever walk sees it.</summary>
    private static string AnswerIdOf(WalkJob job, WalkedThing thing) => thing switch
    {
        WalkedThing.State state => $"walk-{job.Stream.Name}-{thing.Id}-{Digest(state.Body)}",
        WalkedThing.Pointer { ChangedAt: null } => string.Create(CultureInfo.InvariantCulture, $"walk-{job.Stream.Name}-{thing.Id}-{job.Until.UtcTicks}"),
        _ => $"walk-{job.Stream.Name}-{TagOf(thing)}",
    };

    private static string Digest(ReadOnlyMemory<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body.Span).AsSpan(0, 16));

    private readonly record struct Look(WalkedThing Thing, Finding Finding, string AnswerId, bool IsKept);
}
