using System.Text.Json;
using ValueChainHub.Core.Runs;
using ValueChainHub.Core.Storage;
using ValueChainHub.Testing;
using ValueChainHub.Testing.Storage;

namespace ValueChainHub.Core.Tests.Runs;

/// <summary>Long operations: taken step by step, by whoever is there, until they are done or stopped.</summary>
public sealed class RunTests
{
    private readonly ManualTime _time = new();
    private readonly MemoryHubStore _store = new();
    private readonly RunRegister _runs;
    private readonly Counting _counting = new();

    public RunTests() => _runs = new(_store, _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RunDueRuns Job => new(_runs, [_counting], _time);

    [Fact]
    public async Task Takes_steps_until_nothing_is_left()
    {
        var run = await StartAsync(3);

        await Job.RunAsync(Token);

        var done = await ReadAsync(run);
        (done.State, done.Position?.GetInt32(), done.Report.GetInt32(), done.FinishedAt).ShouldBe((RunStates.Done, 2, 3, _time.GetUtcNow()));
        (await _runs.ActiveAsync(Token)).ShouldBeEmpty();
        _counting.Taken.ShouldBe([0, 1, 2]);
    }

    [Fact]
    public async Task A_crash_between_a_step_and_its_result_takes_the_same_step_again()
    {
        var run = await StartAsync(3);
        using var crash = new CancellationTokenSource();
        _counting.AfterStep = at => at == 1 ? crash.CancelAsync() : Task.CompletedTask;

        await Should.ThrowAsync<OperationCanceledException>(() => new RunDueRuns(new(new CutOff(_store), _time), [_counting], _time).RunAsync(crash.Token));
        (await ReadAsync(run)).Position!.Value.GetInt32().ShouldBe(1);
        _counting.AfterStep = _ => Task.CompletedTask;
        await Job.RunAsync(Token);

        _counting.Taken.ShouldBe([0, 1, 1, 2]);
        (await ReadAsync(run)).Report.GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task What_was_cancelled_during_a_step_stays_so_and_goes_on_where_it_stood()
    {
        var run = await StartAsync(3);
        _counting.AfterStep = async at => _ = at == 1 ? await _runs.CancelAsync(run.Id, Token) : null;

        await Job.RunAsync(Token);
        await Job.RunAsync(Token);
        var cancelled = await ReadAsync(run);
        _counting.AfterStep = _ => Task.CompletedTask;
        var resumed = await _runs.ResumeAsync(run.Id, Token);
        await Job.RunAsync(Token);

        (cancelled.State, cancelled.Position?.GetInt32(), cancelled.FinishedAt).ShouldBe((RunStates.Cancelled, 1, _time.GetUtcNow()));
        resumed.ShouldBeOfType<RunAct.Moved>().Run.FinishedAt.ShouldBeNull();
        _counting.Taken.ShouldBe([0, 1, 1, 2]);
        (await ReadAsync(run)).State.ShouldBe(RunStates.Done);
    }

    [Fact]
    public async Task Two_processes_at_once_keep_each_step_once()
    {
        var run = await StartAsync(50);
        var other = new Counting();
        _counting.AfterStep = other.AfterStep = async _ => await Task.Yield();

        while ((await ReadAsync(run)).State == RunStates.Running)
            await Task.WhenAll(Job.RunAsync(Token), new RunDueRuns(new(_store, _time), [other], _time).RunAsync(Token));

        (await ReadAsync(run)).Report.GetInt32().ShouldBe(50);
        foreach (var counting in (Counting[])[_counting, other])
            counting.Taken.ShouldBe(counting.Taken.Distinct().Order().ToList(), "the position never moves back");
        _counting.Taken.Union(other.Taken).Order().ShouldBe(Enumerable.Range(0, 50));
    }

    [Fact]
    public async Task A_failed_step_is_tried_again_and_says_why()
    {
        var run = await StartAsync(2);
        _counting.BeforeStep = at => at == 1 ? throw new InvalidOperationException("quotes data") : false;

        await Job.RunAsync(Token);
        var waiting = await ReadAsync(run);
        await Job.RunAsync(Token);
        _counting.Taken.Count.ShouldBe(1, "it waits");
        _counting.BeforeStep = _ => false;
        _time.Advance(TimeSpan.FromSeconds(3));
        await Job.RunAsync(Token);

        (waiting.State, waiting.Reason, waiting.Failures).ShouldBe((RunStates.Running, nameof(InvalidOperationException), 1));
        var done = await ReadAsync(run);
        (done.State, done.Reason, done.Failures, done.NotBefore).ShouldBe((RunStates.Done, null, 0, null));
    }

    [Fact]
    public async Task A_step_that_keeps_failing_ends_the_run_until_a_person_resumes_it()
    {
        var run = await StartAsync(1);
        _counting.BeforeStep = _ => throw new InvalidOperationException();

        for (var hour = 0; hour < 24; hour++)
        {
            await Job.RunAsync(Token);
            _time.Advance(TimeSpan.FromHours(1));
        }
        var failed = await ReadAsync(run);
        _counting.BeforeStep = _ => false;
        await _runs.ResumeAsync(run.Id, Token);
        await Job.RunAsync(Token);

        (failed.State, failed.Reason).ShouldBe((RunStates.Failed, nameof(InvalidOperationException)));
        (await ReadAsync(run)).State.ShouldBe(RunStates.Done);
    }

    [Fact]
    public async Task A_run_of_a_kind_that_nobody_knows_waits_and_says_so()
    {
        var run = await _runs.StartAsync("gone", null, JsonSerializer.SerializeToElement(1), Token);
        var other = await StartAsync(1);

        await Job.RunAsync(Token);

        var waiting = await ReadAsync(run);
        (waiting.State, waiting.Reason).ShouldBe((RunStates.Running, "Nothing here does runs of this kind."));
        (await ReadAsync(other)).State.ShouldBe(RunStates.Done);
    }

    [Fact]
    public async Task A_vendor_that_puts_us_off_is_no_failure()
    {
        var run = await StartAsync(2);
        var free = _time.GetUtcNow().AddHours(8);
        _counting.Later = at => at == 1 && _time.GetUtcNow() < free ? new RunStep.Later(Json(1), Json(1), free, "The vendor's line is closed.") : null;

        await Job.RunAsync(Token);
        var waiting = await ReadAsync(run);
        _time.Set(free);
        await Job.RunAsync(Token);

        (waiting.State, waiting.NotBefore, waiting.Reason, waiting.Failures).ShouldBe((RunStates.Running, free, "The vendor's line is closed.", 0));
        (await ReadAsync(run)).State.ShouldBe(RunStates.Done);
    }

    [Fact]
    public async Task Runs_are_listed_from_the_latest_by_kind_and_connector()
    {
        var ids = new List<string>();
        foreach (var (kind, connector) in new[] { ("a", "x"), ("b", "x"), ("a", "y"), ("a", "x") })
            ids.Insert(0, (await _runs.StartAsync(kind, connector, Json(1), Token)).Id);

        (await _runs.ListAsync(null, null, 10, null, Token)).Items.Select(run => run.Id).ShouldBe(ids);
        (await _runs.ListAsync("a", "x", 10, null, Token)).Items.Select(run => run.Id).ShouldBe([ids[0], ids[3]]);
        var first = await _runs.ListAsync("a", null, 2, null, Token);
        (await _runs.ListAsync("a", null, 2, first.Cursor, Token)).Items.Select(run => run.Id).ShouldBe([ids[3]]);
    }

    [Fact]
    public async Task What_is_done_is_neither_cancelled_nor_resumed_and_what_is_not_there_is_unknown()
    {
        var run = await StartAsync(1);
        await Job.RunAsync(Token);

        (await _runs.CancelAsync(run.Id, Token)).ShouldBe(new RunAct.Unfit(RunStates.Done));
        (await _runs.ResumeAsync(run.Id, Token)).ShouldBe(new RunAct.Unfit(RunStates.Done));
        (await _runs.CancelAsync("no/such", Token)).ShouldBeOfType<RunAct.Unknown>();
        (await _runs.ReadAsync("none", Token)).ShouldBeNull();
    }

    private ValueTask<Run> StartAsync(int steps) => _runs.StartAsync(Counting.Name, null, Json(steps), Token);

    private async Task<Run> ReadAsync(Run run) => (await _runs.ReadAsync(run.Id, Token))!;

    private static JsonElement Json(int number) => JsonSerializer.SerializeToElement(number);

    /// <summary>Counts to what was asked, one a step.</summary>
    private sealed class Counting : IRunKind
    {
        public const string Name = "count";

        public string Kind => Name;

        public List<int> Taken { get; } = [];

        public Func<int, bool> BeforeStep { get; set; } = _ => false;

        public Func<int, RunStep?> Later { get; set; } = _ => null;

        public Func<int, Task> AfterStep { get; set; } = _ => Task.CompletedTask;

        public async ValueTask<RunStep> StepAsync(Run run, CancellationToken cancellationToken)
        {
            var at = run.Position?.GetInt32() ?? 0;
            BeforeStep(at);
            if (Later(at) is { } later)
                return later;
            Taken.Add(at);
            await AfterStep(at);
            return at + 1 == run.Request.GetInt32() ? new RunStep.Done(Json(at + 1)) : new RunStep.More(Json(at + 1), Json(at + 1));
        }
    }

    /// <summary>The store of a process that ends with its token.</summary>
    private sealed class CutOff(IHubStore inner) : IHubStore
    {
        public ValueTask<StoredItem?> ReadAsync(string container, string partition, string id, CancellationToken cancellationToken) => inner.ReadAsync(container, partition, id, cancellationToken);

        public ValueTask<IReadOnlyList<StoredItem>> ReadRangeAsync(string container, string partition, IdRange range, int limit, CancellationToken cancellationToken) =>
            inner.ReadRangeAsync(container, partition, range, limit, cancellationToken);

        public ValueTask<CommitResult> CommitAsync(string container, string partition, IReadOnlyList<WriteOperation> operations, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return inner.CommitAsync(container, partition, operations, cancellationToken);
        }

        public ValueTask<FeedPage> ReadFeedAsync(string container, FeedPosition from, int limit, string? idPrefix, CancellationToken cancellationToken) =>
            inner.ReadFeedAsync(container, from, limit, idPrefix, cancellationToken);

        public ValueTask WaitForChangesAsync(string container, FeedPosition from, TimeSpan patience, CancellationToken cancellationToken) =>
            inner.WaitForChangesAsync(container, from, patience, cancellationToken);
    }
}
