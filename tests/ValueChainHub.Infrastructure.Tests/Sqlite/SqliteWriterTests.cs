using System.Collections.Concurrent;
using ValueChainHub.Core.Storage;
using ValueChainHub.Infrastructure.Sqlite;

namespace ValueChainHub.Infrastructure.Tests.Sqlite;

public sealed class SqliteWriterTests : IAsyncLifetime
{
    private readonly SqliteFixture _fixture = new(TimeProvider.System);
    private readonly ConcurrentQueue<bool> _order = new();
    private SqliteDatabase _database = null!;
    private SqliteWriter _writer = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        var options = new SqliteHubOptions { Directory = _fixture.NewDirectory() };
        _database = SqliteDatabase.Open(options.Directory);
        using var session = _database.Reader();
        _writer = new SqliteWriter(_database, options, SqliteStart.Read(session), TimeProvider.System);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _writer.Dispose();
        _database.Dispose();
        await _fixture.DisposeAsync();
    }

    [Fact]
    public async Task Many_waiting_commits_share_few_transactions()
    {
        await BehindABusyWriterAsync(() => [.. Enumerable.Range(0, 5000).Select(_ => Run(urgent: false))]);

        _writer.Written.Works.ShouldBe(5001);
        _writer.Written.Groups.ShouldBeLessThan(500);
    }

    [Fact]
    public async Task Urgent_work_goes_first_and_the_rest_does_not_starve()
    {
        await BehindABusyWriterAsync(() => [.. Enumerable.Range(0, 3000).Select(_ => Run(urgent: false)), .. Enumerable.Range(0, 600).Select(_ => Run(urgent: true))]);

        var untilLastUrgent = Array.FindLastIndex([.. _order], urgent => urgent) + 1;
        untilLastUrgent.ShouldBeInRange(750, 900);
        _order.Take(200).Count(urgent => !urgent).ShouldBeInRange(40, 60);
    }

    [Fact]
    public async Task Work_that_fails_fails_its_group_and_leaves_the_writer_running()
    {
        Task<bool>[] together = [];
        await BehindABusyWriterAsync(() =>
        {
            together = [Run(urgent: false), _writer.Run(new Work(group => group.Session.Execute("INSERT INTO nowhere VALUES (1)")))];
            return [];
        });

        foreach (var work in together)
        {
            await Should.ThrowAsync<StoreUnavailableException>(work);
        }

        (await Run(urgent: false)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_full_disk_is_told_to_the_caller_stores_nothing_and_is_forgotten_once_there_is_room()
    {
        using var readers = new SqliteReaders(_database, 1);
        using var session = _database.Reader();
        var store = new SqliteHubStore(_writer, readers, SqliteStart.Read(session), TimeProvider.System);
        var pages = session.Scalar("PRAGMA page_count");
        await _writer.Run(new Work(group => group.Session.Scalar($"PRAGMA max_page_count = {pages}")));

        var fault = await Should.ThrowAsync<StoreUnavailableException>(async () =>
            await store.CommitAsync(HubContainers.Work, "p", [new WriteOperation.Create("small", new byte[10]), new WriteOperation.Create("large", new byte[1_000_000])], Token));

        fault.OutcomeUnknown.ShouldBeFalse();
        (await store.ReadRangeAsync(HubContainers.Work, "p", new IdRange(null, null), 10, Token)).ShouldBeEmpty();
        await _writer.Run(new Work(group => group.Session.Scalar("PRAGMA max_page_count = 1000000")));
        (await store.CommitAsync(HubContainers.Work, "p", [new WriteOperation.Create("large", new byte[1_000_000])], Token)).ShouldBeOfType<CommitResult.Committed>();
    }

    [Fact]
    public async Task Work_cancelled_while_it_waits_is_not_done()
    {
        using var stop = new CancellationTokenSource();
        Task<bool> cancelled = Task.FromResult(false);
        await BehindABusyWriterAsync(() =>
        {
            cancelled = _writer.Run(new Work(_ => _order.Enqueue(true), stop.Token));
            stop.Cancel();
            return [];
        });

        await Should.ThrowAsync<OperationCanceledException>(cancelled);
        _order.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_queued_is_written_before_the_writer_stops_and_nothing_after()
    {
        await BehindABusyWriterAsync(() => [Run(urgent: false), Run(urgent: true)]);

        _writer.Dispose();

        _order.Count.ShouldBe(2);
        Should.Throw<ObjectDisposedException>(() => { _ = Run(urgent: false); });
    }

    private Task<bool> Run(bool urgent) => _writer.Run(new Work(_ => _order.Enqueue(urgent)), urgent);

    /// <summary>Queues work while the writer is held, so that all of it waits at once; ends when it is done.</summary>
    private async Task BehindABusyWriterAsync(Func<Task[]> queue)
    {
        using var release = new ManualResetEventSlim();
        using var held = new ManualResetEventSlim();
        var busy = _writer.Run(new Work(_ =>
        {
            held.Set();
            release.Wait();
            // Longer than a group may take: what was queued goes into groups of its own.
            Thread.Sleep(10);
        }));
        held.Wait(Token);
        var queued = queue();
        release.Set();
        await busy;
        await Task.WhenAll(queued);
    }

    private sealed class Work(Action<SqliteGroup> act, CancellationToken cancellationToken = default) : SqliteWork<bool>(cancellationToken)
    {
        protected override bool Write(SqliteGroup group)
        {
            act(group);
            return true;
        }

        protected override Exception Explain(SqliteFault fault) => new StoreUnavailableException(fault.Message, fault.OutcomeUnknown, fault);
    }
}
