using System.Globalization;
using System.Text.Json;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Runs;

/// <summary>Every run there is and was. They lie in one partition, and what is active has a mark beside it in the same commit: the job that takes steps reads those only.</summary>
public sealed class RunRegister(IHubStore store, TimeProvider time)
{
    private const string Partition = "runs";
    private const string RunPrefix = "run|";
    private const string ActivePrefix = "active|";

    /// <summary>More runs than this are not active at the same time; those that were started first come first.</summary>
    private const int MostActive = 1_000;

    /// <summary>Runs that a filtered list looks at before it answers with what it has and a cursor.</summary>
    private const int LongestLook = 1_000;

    private const int PageSize = 100;

    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    /// <summary>A new run. Its first step is taken by <see cref="RunDueRuns"/>, here or in another process.</summary>
    public async ValueTask<Run> StartAsync(string kind, string? connector, JsonElement request, CancellationToken cancellationToken)
    {
        for (var now = time.GetUtcNow(); ; now += TimeSpan.FromTicks(1))
        {
            var run = new Run
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMddTHHmmssfffffff}-{kind}"),
                Kind = kind,
                Connector = connector,
                Request = request,
                State = RunStates.Running,
                Report = Nothing,
                StartedAt = now,
                UpdatedAt = now,
            };
            WriteOperation[] writes = [new WriteOperation.Create(RunPrefix + run.Id, run.Write()), Mark(run.Id)];
            if (await store.CommitAsync(HubContainers.Work, Partition, writes, cancellationToken) is CommitResult.Committed)
                return run;
        }
    }

    /// <summary>The run, or null when there is none of this id.</summary>
    public async ValueTask<Run?> ReadAsync(string id, CancellationToken cancellationToken) => (await FindAsync(id, cancellationToken))?.Run;

    /// <summary>The latest first, after an earlier page's cursor. A page may be short and have a cursor all the same.</summary>
    public async ValueTask<Page<Run>> ListAsync(string? kind, string? connector, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var (found, range, looked) = (new List<Run>(), IdRange.StartingWith(RunPrefix, descending: true), 0);
        if (cursor is not null)
            range = range.After(RunPrefix + cursor);
        while (looked < LongestLook)
        {
            var page = await store.ReadRangeAsync(HubContainers.Work, Partition, range, PageSize, cancellationToken);
            foreach (var run in page.Select(item => Run.Read(item.Body)))
            {
                if ((kind is null || run.Kind == kind) && (connector is null || run.Connector == connector))
                    found.Add(run);
                if (found.Count == limit)
                    return new(found, run.Id);
            }
            if (page.Count < PageSize)
                return new(found, null);
            (range, looked) = (range.After(page[^1].Id), looked + page.Count);
        }
        return new(found, range.To![RunPrefix.Length..]);
    }

    /// <summary>The ids of what is running, those that were started first first.</summary>
    public async ValueTask<IReadOnlyList<string>> ActiveAsync(CancellationToken cancellationToken)
    {
        var marks = await store.ReadRangeAsync(HubContainers.Work, Partition, IdRange.StartingWith(ActivePrefix), MostActive, cancellationToken);
        return [.. marks.Select(mark => mark.Id[ActivePrefix.Length..])];
    }

    /// <summary>Stops a run where it stands. A step that is being taken ends, and its result is not kept: the same step is taken again when the run is resumed.</summary>
    public ValueTask<RunAct> CancelAsync(string id, CancellationToken cancellationToken) => ActAsync(
        id,
        run => run.State == RunStates.Running ? run with { State = RunStates.Cancelled, FinishedAt = time.GetUtcNow(), NotBefore = null, Reason = null } : null,
        cancellationToken);

    /// <summary>A run that was cancelled or failed goes on where it stood; one that waits goes on now.</summary>
    public ValueTask<RunAct> ResumeAsync(string id, CancellationToken cancellationToken) => ActAsync(
        id,
        run => run.State == RunStates.Done ? null : run with { State = RunStates.Running, FinishedAt = null, NotBefore = null, Reason = null, Failures = 0 },
        cancellationToken);

    internal async ValueTask<(Run Run, string ETag)?> FindAsync(string id, CancellationToken cancellationToken) =>
        StoreLimits.IsValidId(RunPrefix + id) && await store.ReadAsync(HubContainers.Work, Partition, RunPrefix + id, cancellationToken) is { } item
            ? (Run.Read(item.Body), item.ETag)
            : null;

    /// <summary>Moves a run on. False when somebody else moved it since it was read.</summary>
    internal async ValueTask<bool> SaveAsync(Run from, string etag, Run to, CancellationToken cancellationToken)
    {
        var next = to with { UpdatedAt = time.GetUtcNow() };
        var writes = new List<WriteOperation> { new WriteOperation.Replace(RunPrefix + next.Id, next.Write(), etag) };
        if (from.State == RunStates.Running && next.State != RunStates.Running)
            writes.Add(new WriteOperation.Delete(ActivePrefix + next.Id));
        if (from.State != RunStates.Running && next.State == RunStates.Running)
            writes.Add(Mark(next.Id));
        return await store.CommitAsync(HubContainers.Work, Partition, writes, cancellationToken) is CommitResult.Committed;
    }

    private async ValueTask<RunAct> ActAsync(string id, Func<Run, Run?> act, CancellationToken cancellationToken)
    {
        while (await FindAsync(id, cancellationToken) is var (run, etag))
        {
            if (act(run) is not { } next)
                return new RunAct.Unfit(run.State);
            if (await SaveAsync(run, etag, next, cancellationToken))
                return new RunAct.Moved(next);
        }
        return new RunAct.Unknown();
    }

    private static WriteOperation.Create Mark(string id) => new(ActivePrefix + id, "{}"u8.ToArray());
}

/// <summary>What became of a person's act on a run.</summary>
public abstract record RunAct
{
    private RunAct() { }

    /// <summary>Done; this is the run now.</summary>
    public sealed record Moved(Run Run) : RunAct;

    public sealed record Unknown : RunAct;

    /// <summary>The run is in a state that the act does not fit.</summary>
    public sealed record Unfit(string State) : RunAct;
}
