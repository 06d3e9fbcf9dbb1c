using System.Text;
using ValueChainHub.Core.Messaging;
using ValueChainHub.Core.Storage;
using ValueChainHub.Infrastructure.Sqlite;
using ValueChainHub.Testing;

namespace ValueChainHub.Infrastructure.Tests.Sqlite;

/// <summary>What is promised of the SQLite file beyond the ports.</summary>
public sealed class SqliteHubTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly SqliteFixture _fixture;

    public SqliteHubTests() => _fixture = new SqliteFixture(_time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task One_process_a_directory()
    {
        var directory = _fixture.NewDirectory();
        var first = _fixture.Open(directory);

        Should.Throw<InvalidOperationException>(() => _fixture.Open(directory)).Message.ShouldContain(directory);

        await first.DisposeAsync();
        _fixture.Open(directory);
    }

    [Fact]
    public async Task A_file_of_a_newer_program_is_refused_and_left_alone()
    {
        var directory = _fixture.NewDirectory();
        await _fixture.Open(directory).DisposeAsync();
        using (var database = SqliteDatabase.Open(directory))
        using (var session = database.Writer())
        {
            session.Execute("PRAGMA user_version = 99");
        }

        Should.Throw<InvalidOperationException>(() => _fixture.Open(directory)).Message.ShouldContain("99");
        Should.Throw<InvalidOperationException>(() => _fixture.Open(directory)).Message.ShouldContain("99");
    }

    [Fact]
    public void The_file_is_durable_erases_what_it_deletes_and_can_shrink()
    {
        using var database = SqliteDatabase.Open(_fixture.NewDirectory());
        using var writer = database.Writer();

        writer.ScalarText("PRAGMA journal_mode").ShouldBe("wal");
        writer.Scalar("PRAGMA synchronous").ShouldBe(2);
        writer.Scalar("PRAGMA secure_delete").ShouldBe(1);
        writer.Scalar("PRAGMA auto_vacuum").ShouldBe(2);
        writer.Scalar("PRAGMA busy_timeout").ShouldBe(5000);
    }

    [Fact]
    public async Task The_log_stays_short_under_a_load_of_writes()
    {
        var hub = _fixture.Open(new SqliteHubOptions { Directory = _fixture.NewDirectory(), LogBytes = 1 << 20 });
        var body = new byte[4000];

        await Parallel.ForAsync(0, 8000, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (number, token) =>
            (await hub.Store.CommitAsync(HubContainers.Inbox, $"d{number}", [new WriteOperation.Create("delivery", body)], token)).ShouldBeOfType<CommitResult.Committed>());

        var figures = hub.Figures();
        figures.DatabaseBytes.ShouldBeGreaterThan(24L << 20);
        figures.LogBytes.ShouldBeInRange(1 << 19, 8 << 20);
    }

    [Fact]
    public async Task Expired_items_are_purged_and_their_bytes_are_gone_from_the_file()
    {
        var directory = _fixture.NewDirectory();
        var hub = _fixture.Open(directory);
        for (var number = 0; number < 500; number++)
        {
            await PutAsync(hub, $"short-{number}", TimeSpan.FromMinutes(1), "shopper@example.org");
        }

        await PutAsync(hub, "kept", null, "kept");
        await PutAsync(hub, "later", TimeSpan.FromHours(1), "later");
        _time.Advance(TimeSpan.FromMinutes(2));

        (await hub.PurgeExpiredAsync(100, Token)).ShouldBe(100);
        (await hub.PurgeExpiredAsync(1000, Token)).ShouldBe(400);
        (await hub.PurgeExpiredAsync(1000, Token)).ShouldBe(0);

        (await hub.Store.ReadRangeAsync(HubContainers.Work, "p", new IdRange(null, null), 10, Token)).Select(item => item.Id).ShouldBe(["kept", "later"]);
        await hub.DisposeAsync();
        var bytes = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Path.Combine(directory, "hub.db"), Token));
        bytes.ShouldContain("later");
        bytes.ShouldNotContain("shopper@example.org");
    }

    [Fact]
    public async Task Free_pages_are_given_back()
    {
        var hub = _fixture.Open();
        for (var number = 0; number < 40; number++)
        {
            await hub.Store.CommitAsync(HubContainers.Work, "p", [new WriteOperation.Create($"{number}", new byte[1_000_000], TimeSpan.FromMinutes(1))], Token);
        }

        _time.Advance(TimeSpan.FromMinutes(2));
        await hub.PurgeExpiredAsync(1000, Token);
        var directory = await CloseAsync(hub);

        new FileInfo(Path.Combine(directory, "hub.db")).Length.ShouldBeLessThan(20_000_000);
    }

    [Fact]
    public async Task A_sequence_is_never_given_out_twice_over_a_restart_after_the_last_item_was_deleted()
    {
        var directory = _fixture.NewDirectory();
        var hub = _fixture.Open(directory);
        var etag = await PutAsync(hub, "a", null, "first");
        await hub.Store.CommitAsync(HubContainers.Work, "p", [new WriteOperation.Delete("a")], Token);
        await hub.DisposeAsync();

        var again = await PutAsync(_fixture.Open(directory), "a", null, "second");

        int.Parse(again, null).ShouldBeGreaterThan(int.Parse(etag, null));
    }

    [Fact]
    public async Task A_continuation_expires_when_an_item_that_lived_long_was_purged_unread()
    {
        var hub = _fixture.Open();
        var start = await EndOfFeedAsync(hub);
        await PutAsync(hub, "lease", TimeSpan.FromMinutes(1), "short");
        _time.Advance(TimeSpan.FromDays(1));
        await hub.PurgeExpiredAsync(10, Token);
        (await hub.Store.ReadFeedAsync(HubContainers.Work, start, 10, null, Token)).Changes.ShouldBeEmpty();

        await PutAsync(hub, "delivery", TimeSpan.FromDays(90), "long");
        var read = await EndOfFeedAsync(hub);
        _time.Advance(TimeSpan.FromDays(91));
        await hub.PurgeExpiredAsync(10, Token);

        await Should.ThrowAsync<ContinuationExpiredException>(async () => await hub.Store.ReadFeedAsync(HubContainers.Work, start, 10, null, Token));
        (await hub.Store.ReadFeedAsync(HubContainers.Work, read, 10, null, Token)).Changes.ShouldBeEmpty();
        (await hub.Store.ReadFeedAsync(HubContainers.Work, FeedPosition.Beginning, 10, null, Token)).Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_continuation_ahead_of_a_restored_copy_is_refused()
    {
        var hub = _fixture.Open();
        await PutAsync(hub, "a", null, "in the copy");
        var copy = _fixture.OpenCrashed();
        await PutAsync(hub, "b", null, "after it");

        var ahead = await EndOfFeedAsync(hub);

        await Should.ThrowAsync<ContinuationExpiredException>(async () => await copy.Store.ReadFeedAsync(HubContainers.Work, ahead, 10, null, Token));
    }

    [Fact]
    public async Task A_feed_from_a_time_leaves_out_what_is_long_before_it()
    {
        var hub = _fixture.Open();
        for (var hour = 0; hour < 10; hour++)
        {
            await PutAsync(hub, $"h{hour}", null, "x");
            _time.Advance(TimeSpan.FromHours(1));
        }

        var page = await hub.Store.ReadFeedAsync(HubContainers.Work, FeedPosition.FromTime(_time.GetUtcNow().AddHours(-3)), 100, null, Token);

        page.Changes.Select(change => change.Item.Id).ShouldBe(["h7", "h8", "h9"]);
    }

    [Fact]
    public async Task An_empty_page_passes_what_was_deleted_so_that_waiting_waits()
    {
        var hub = _fixture.Open();
        var start = await EndOfFeedAsync(hub);
        await PutAsync(hub, "a", null, "x");
        await hub.Store.CommitAsync(HubContainers.Work, "p", [new WriteOperation.Delete("a")], Token);

        var next = (await hub.Store.ReadFeedAsync(HubContainers.Work, start, 10, null, Token)).Next;
        var waiting = hub.Store.WaitForChangesAsync(HubContainers.Work, next, TimeSpan.FromHours(1), Token).AsTask();

        waiting.IsCompleted.ShouldBeFalse();
        await PutAsync(hub, "b", null, "x");
        await waiting.WaitAsync(TimeSpan.FromSeconds(30), Token);
    }

    [Fact]
    public async Task Messages_that_all_subscriptions_have_settled_are_purged_after_the_retention()
    {
        var hub = _fixture.Open();
        await hub.Bus.SubscribeAsync("one", Token);
        await hub.Bus.SubscribeAsync("two", Token);
        await hub.Bus.PublishAsync([.. Enumerable.Range(0, 5).Select(number => new BusMessage($"m{number}", "p", "t", "{}"u8.ToArray(), new Dictionary<string, string>()))], Token);
        foreach (var message in await hub.Bus.ReceiveAsync("one", 10, TimeSpan.Zero, Token))
        {
            await hub.Bus.CompleteAsync(message, Token);
        }

        var second = await hub.Bus.ReceiveAsync("two", 4, TimeSpan.Zero, Token);
        await hub.Bus.DeadLetterAsync(second[0], "refused", Token);
        await hub.Bus.CompleteAsync(second[1], Token);
        await hub.Bus.CompleteAsync(second[2], Token);
        (await hub.PurgeExpiredAsync(100, Token)).ShouldBe(0);
        _time.Advance(TimeSpan.FromDays(8));

        // Kept: the dead one, the one in hand, the one nobody has taken.
        (await hub.PurgeExpiredAsync(100, Token)).ShouldBe(2);
        (await hub.Bus.ReadDeadLettersAsync("two", 10, Token)).ShouldHaveSingleItem().Message.Id.ShouldBe("m0");
        (await hub.Bus.ReceiveAsync("two", 10, TimeSpan.Zero, Token)).Select(message => message.Message.Id).ShouldBe(["m3", "m4"]);
    }

    private static async Task<string> PutAsync(SqliteHub hub, string id, TimeSpan? timeToLive, string text) =>
        (await hub.Store.CommitAsync(HubContainers.Work, "p", [new WriteOperation.Put(id, Encoding.UTF8.GetBytes(text), timeToLive)], Token))
            .ShouldBeOfType<CommitResult.Committed>().ETags[0]!;

    private static async Task<FeedPosition> EndOfFeedAsync(SqliteHub hub) =>
        (await hub.Store.ReadFeedAsync(HubContainers.Work, FeedPosition.Beginning, 100, null, Token)).Next;

    private async Task<string> CloseAsync(SqliteHub hub)
    {
        await hub.DisposeAsync();
        return _fixture.FirstDirectory;
    }
}
