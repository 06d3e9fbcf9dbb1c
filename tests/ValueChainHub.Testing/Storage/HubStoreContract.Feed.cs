using System.Collections.Concurrent;
using Shouldly;
using ValueChainHub.Core.Storage;
using Xunit;

namespace ValueChainHub.Testing.Storage;

public abstract partial class HubStoreContract
{
    [Fact]
    public async Task Case_19_The_feed_from_the_beginning_answers_every_item_at_its_latest_version()
    {
        for (var partition = 0; partition < 7; partition++)
        {
            await CommittedAsync($"p{partition}", [.. Enumerable.Range(0, 5).Select(number => Create($"p{partition}-{number}", "old"))]);
        }

        var etag = await CommittedAsync("p3", Put("p3-3", "new"));
        await Store.CommitAsync(HubContainers.Homes, "p0", [Create("elsewhere")], Token);

        var (changes, _) = await DrainAsync(FeedPosition.Beginning, limit: 4);

        Ids(changes).Distinct().Order(StringComparer.Ordinal).ShouldBe(
            from partition in Enumerable.Range(0, 7) from number in Enumerable.Range(0, 5) select $"p{partition}-{number}");
        var latest = changes.Last(change => change.Item.Id == "p3-3").Item;
        Text(latest).ShouldContain("new");
        (latest.ETag, latest.Partition).ShouldBe((etag, "p3"));
    }

    [Fact]
    public async Task Case_20_Changes_of_one_partition_come_in_the_order_of_their_commits_and_a_changed_item_comes_again()
    {
        foreach (var id in new[] { "c", "a", "b" })
        {
            await CommittedAsync("p", Create(id));
        }

        var (first, next) = await DrainAsync(FeedPosition.Beginning);
        await CommittedAsync("p", Put("a", "again"));
        await CommittedAsync("p", Create("d"));
        var (second, _) = await DrainAsync(next);

        Ids(first).ShouldBe(["c", "a", "b"]);
        Ids(second).ShouldBe(["a", "d"]);
        Text(second[0].Item).ShouldContain("again");
        first.Concat(second).Select(change => change.Sequence).ShouldBeInOrder();
        first.Concat(second).Select(change => change.Sequence).ShouldBeUnique();
    }

    [Fact]
    public async Task Case_21_Reading_on_answers_only_later_changes_and_a_page_says_whether_more_are_waiting()
    {
        await CommittedAsync("p", [.. Enumerable.Range(0, 5).Select(number => Create($"{number}"))]);

        var first = await FeedAsync(FeedPosition.Beginning, limit: 2);
        var second = await FeedAsync(first.Next, limit: 2);
        var third = await FeedAsync(second.Next, limit: 2);
        var fourth = await FeedAsync(third.Next, limit: 2);

        new[] { first, second, third, fourth }.Select(page => string.Concat(Ids(page.Changes))).ShouldBe(["01", "23", "4", ""]);
        new[] { first, second, third, fourth }.Select(page => page.More).ShouldBe([true, true, false, false]);
        await CommittedAsync("p", Create("5"));
        Ids((await FeedAsync(fourth.Next)).Changes).ShouldBe(["5"]);
        Ids((await FeedAsync(third.Next)).Changes).ShouldBe(["5"]);
    }

    [Fact]
    public async Task Case_22_A_continuation_holds_after_a_restart()
    {
        await CommittedAsync("p", Create("a"), Create("b"));
        var (_, next) = await DrainAsync(FeedPosition.Beginning);
        await CommittedAsync("p", Create("c"));
        await CommittedAsync("p", new WriteOperation.Delete("c"));

        var reopened = await ReopenAsync();
        (await reopened.ReadFeedAsync(Container, next, 10, null, Token)).Changes.ShouldBeEmpty();
        await reopened.CommitAsync(Container, "p", [Create("d")], Token);

        Ids((await reopened.ReadFeedAsync(Container, next, 10, null, Token)).Changes).ShouldBe(["d"]);
    }

    [Fact]
    public async Task Case_23_A_reader_that_has_passed_a_position_never_finds_a_change_before_it_later()
    {
        const int writers = 8, commits = 60;
        var seen = new ConcurrentQueue<string>();
        using var done = new CancellationTokenSource();
        var reading = Task.Run(ReadOnAsync, Token);

        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() => WriteAsync(writer), Token)));
        await done.CancelAsync();
        await reading;

        seen.Distinct().Count().ShouldBe(writers * commits);
        for (var writer = 0; writer < writers; writer++)
        {
            seen.Where(id => id.StartsWith($"{writer}-", StringComparison.Ordinal)).Distinct().ShouldBe(Enumerable.Range(0, commits).Select(number => $"{writer}-{number}"));
        }

        async Task WriteAsync(int writer)
        {
            for (var number = 0; number < commits; number++)
            {
                await CommittedAsync($"p{writer}", Create($"{writer}-{number}"));
            }
        }

        // Passes each position once: what is found only behind it would be missing at the end.
        async Task ReadOnAsync()
        {
            var from = FeedPosition.Beginning;
            for (var last = false; !last;)
            {
                last = done.IsCancellationRequested;
                var (changes, next) = await DrainAsync(from, limit: 7);
                changes.ToList().ForEach(change => seen.Enqueue(change.Item.Id));
                from = next;
            }
        }
    }

    [Fact]
    public async Task Case_24_With_an_id_prefix_other_changes_are_left_out_and_the_continuation_still_moves_past_them()
    {
        await CommittedAsync("p", Create("event-1"), Create("state"), Create("event-2"), Create("events"), Create("entity-1"));
        await CommittedAsync("event-", Create("x"));

        var (changes, next) = await DrainAsync(FeedPosition.Beginning, limit: 1, idPrefix: "event-");

        Ids(changes).ShouldBe(["event-1", "event-2"]);
        changes.ShouldAllBe(change => change.Item.Body.Length > 0);
        Ids((await DrainAsync(next)).Changes).ShouldBeEmpty();
    }

    [Fact]
    public async Task Case_25_A_feed_started_at_a_time_answers_at_least_every_change_committed_at_or_after_it()
    {
        var times = new List<DateTimeOffset>();
        for (var hour = 0; hour < 6; hour++)
        {
            times.Add(Time.GetUtcNow());
            await CommittedAsync("p", Create($"h{hour}-a"), Create($"h{hour}-b"));
            Time.Advance(TimeSpan.FromHours(1));
        }

        for (var hour = 0; hour < 6; hour++)
        {
            var answered = Ids((await DrainAsync(FeedPosition.FromTime(times[hour]), limit: 3)).Changes).ToList();
            foreach (var later in Enumerable.Range(hour, 6 - hour))
            {
                answered.ShouldContain($"h{later}-a");
                answered.ShouldContain($"h{later}-b");
            }
        }

        var page = await FeedAsync(FeedPosition.FromTime(Time.GetUtcNow()));
        await CommittedAsync("p", Create("later"));
        Ids((await DrainAsync(page.Next)).Changes).ShouldContain("later");
    }

    [Fact]
    public async Task Case_26_A_continuation_that_another_store_made_throws()
    {
        await CommittedAsync("p", Create("a"));
        var foreign = await PositionOfAnotherStoreAsync();

        await Should.ThrowAsync<ContinuationExpiredException>(async () => await FeedAsync(foreign));
        await Should.ThrowAsync<ContinuationExpiredException>(async () => await FeedAsync(FeedPosition.FromContinuation("rubbish")));
    }

    [Fact]
    public async Task Case_27_Deletes_are_not_answered()
    {
        await CommittedAsync("p", Create("a"), Create("b"));
        var (_, next) = await DrainAsync(FeedPosition.Beginning);

        await CommittedAsync("p", Create("c"));
        await CommittedAsync("p", new WriteOperation.Delete("c"));
        await CommittedAsync("p", new WriteOperation.Delete("a"));

        (await DrainAsync(next)).Changes.ShouldBeEmpty();
        Ids((await DrainAsync(FeedPosition.Beginning)).Changes).ShouldBe(["b"]);
    }

    [Fact]
    public async Task Case_43_Waiting_for_changes_ends_with_a_change_also_one_that_was_there_before()
    {
        await CommittedAsync("p", Create("a"));
        var (_, next) = await DrainAsync(FeedPosition.Beginning);
        var waiting = Store.WaitForChangesAsync(Container, next, TimeSpan.FromHours(1), Token).AsTask();

        await CommittedAsync("p", Create("b"));

        await waiting.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Ids((await FeedAsync(next)).Changes).ShouldBe(["b"]);
        await Store.WaitForChangesAsync(Container, next, TimeSpan.FromHours(1), Token).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token);
    }

    [Fact]
    public async Task Case_44_Waiting_for_changes_ends_with_its_patience()
    {
        var (_, next) = await DrainAsync(FeedPosition.Beginning);
        var waiting = Store.WaitForChangesAsync(Container, next, TimeSpan.FromMinutes(1), Token).AsTask();

        while (!waiting.IsCompleted)
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            await Task.WhenAny(waiting, Task.Delay(20, Token));
        }

        await waiting;
    }

    [Fact]
    public async Task Case_44_A_cancelled_wait_throws()
    {
        await CommittedAsync("p", Create("a"));
        var (_, next) = await DrainAsync(FeedPosition.Beginning);
        using var stop = new CancellationTokenSource();
        var waiting = Store.WaitForChangesAsync(Container, next, TimeSpan.FromHours(1), stop.Token).AsTask();

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await waiting.WaitAsync(TimeSpan.FromSeconds(30), Token));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task Case_38_A_page_may_end_inside_a_commit_and_reading_on_answers_the_rest(int limit)
    {
        for (var partition = 0; partition < 6; partition++)
            await CommittedAsync($"p{partition}", [.. Enumerable.Range(0, 10).Select(number => Create($"{partition}-{number}"))]);

        var (from, read, more) = (FeedPosition.Beginning, new List<string>(), true);
        while (more)
        {
            var page = await FeedAsync(from, limit);
            page.Changes.Count.ShouldBeLessThanOrEqualTo(limit);
            read.AddRange(Ids(page.Changes));
            (from, more) = (page.Next, page.More);
        }

        read.ShouldBeUnique();
        read.Count.ShouldBe(60);
    }

    [Fact]
    public async Task Case_39_Reading_again_from_a_continuation_answers_the_same_again()
    {
        for (var number = 0; number < 20; number++)
            await CommittedAsync($"p{number}", Create($"a{number}"), Create($"b{number}"));
        var begun = await FeedAsync(FeedPosition.Beginning, limit: 5);

        var (once, _) = await DrainAsync(begun.Next, limit: 4);
        var (twice, _) = await DrainAsync(begun.Next, limit: 9);

        Ids(twice).ShouldBe(Ids(once), ignoreOrder: true);
        Ids(begun.Changes).Concat(Ids(once)).Distinct().Count().ShouldBe(40);
    }

    [Fact]
    public async Task Case_40_A_change_that_is_answered_once_more_costs_no_other_its_place()
    {
        for (var partition = 0; partition < 8; partition++)
            await CommittedAsync($"p{partition}", [.. Enumerable.Range(0, 5).Select(number => Create($"{partition}-{number}", "old"))]);

        var (from, read, turn) = (FeedPosition.Beginning, new List<FeedChange>(), 0);
        while (true)
        {
            var page = await FeedAsync(from, limit: 3);
            read.AddRange(page.Changes);
            from = page.Next;
            if (turn < 12)
                await CommittedAsync($"p{turn % 8}", Put($"{turn % 8}-{turn % 5}", $"new{turn++}"));
            else if (!page.More)
                break;
        }

        Ids(read).Distinct().Count().ShouldBe(40);
        foreach (var last in read.GroupBy(change => change.Item.Id, change => change.Item))
            (await ReadAsync(last.First().Partition, last.Key))!.ETag.ShouldBe(last.Last().ETag);
    }

    [Fact]
    public async Task Case_41_A_refused_commit_leaves_nothing_in_the_feed()
    {
        await CommittedAsync("p", Create("a"));
        var (_, next) = await DrainAsync(FeedPosition.Beginning);

        await CommitAsync("p", Create("b"), Put("c"), Create("a"));
        await CommitAsync("p", new WriteOperation.Replace("a", Body("x"), "\"other\""));

        (await DrainAsync(next)).Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Case_42_The_continuation_of_an_empty_container_answers_what_is_created_later()
    {
        var (none, next) = await DrainAsync(FeedPosition.Beginning);
        none.ShouldBeEmpty();
        for (var number = 0; number < 9; number++)
            await CommittedAsync($"p{number}", Create($"{number}"));

        Ids((await DrainAsync(next)).Changes).ShouldBe(Enumerable.Range(0, 9).Select(number => $"{number}"), ignoreOrder: true);
    }
}
