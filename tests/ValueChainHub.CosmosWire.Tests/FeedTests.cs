using System.Net;
using Microsoft.Azure.Cosmos;

namespace ValueChainHub.CosmosWire.Tests;

public sealed class FeedTests : WireTest
{
    [Fact]
    public async Task A_feed_from_the_beginning_brings_every_item_of_every_range_once()
    {
        for (var n = 0; n < 40; n++)
            await CreateAsync(new("a", $"p{n}", n));

        var ranges = new List<int>();
        foreach (var range in await Items.GetFeedRangesAsync(Cancellation))
            ranges.Add((await ReadAsync(ChangeFeedStartFrom.Beginning(range))).Rows.Count);

        ranges.Sum().ShouldBe(40);
        ranges.ShouldAllBe(count => count > 0);
        var (rows, _) = await ReadAsync(ChangeFeedStartFrom.Beginning());
        rows.Select(row => row.N).Order().ShouldBe(Enumerable.Range(0, 40));
    }

    [Fact]
    public async Task An_item_comes_at_its_latest_version_and_deletes_do_not_come()
    {
        await CreateAsync(new("a", "p", 1));
        await CreateAsync(new("b", "p", 2));
        await CreateAsync(new("c", "p", 3));
        await Items.UpsertItemAsync(new Row("a", "p", 4), new PartitionKey("p"), cancellationToken: Cancellation);
        await Items.DeleteItemAsync<Row>("b", new("p"), cancellationToken: Cancellation);

        var (rows, _) = await ReadAsync(ChangeFeedStartFrom.Beginning(FeedRange.FromPartitionKey(new("p"))));

        rows.Select(row => row.N).ShouldBe([3, 4]);
    }

    [Fact]
    public async Task Reading_on_brings_only_what_came_later()
    {
        await CreateAsync(new("a", "p", 1));
        var (_, continuation) = await ReadAsync(ChangeFeedStartFrom.Beginning());
        (await ReadAsync(ChangeFeedStartFrom.ContinuationToken(continuation))).Rows.ShouldBeEmpty();
        await CreateAsync(new("b", "p", 2));

        var (rows, _) = await ReadAsync(ChangeFeedStartFrom.ContinuationToken(continuation));

        rows.Select(row => row.N).ShouldBe([2]);
    }

    [Fact]
    public async Task A_feed_of_one_partition_leaves_the_others_out()
    {
        for (var n = 0; n < 20; n++)
            await CreateAsync(new("a", $"p{n}", n));

        var (rows, _) = await ReadAsync(ChangeFeedStartFrom.Beginning(FeedRange.FromPartitionKey(new("p7"))));

        rows.Select(row => row.N).ShouldBe([7]);
    }

    [Fact]
    public async Task A_feed_from_now_or_from_a_time_leaves_earlier_changes_out()
    {
        await CreateAsync(new("a", "p", 1));
        var (_, now) = await ReadAsync(ChangeFeedStartFrom.Now());
        Time.Advance(TimeSpan.FromMinutes(1));
        var then = Time.GetUtcNow().UtcDateTime;
        await CreateAsync(new("b", "p", 2));

        (await ReadAsync(ChangeFeedStartFrom.ContinuationToken(now))).Rows.Select(row => row.N).ShouldBe([2]);
        (await ReadAsync(ChangeFeedStartFrom.Time(then))).Rows.Select(row => row.N).ShouldBe([2]);
        (await ReadAsync(ChangeFeedStartFrom.Time(then.AddMinutes(-1)))).Rows.Select(row => row.N).ShouldBe([1, 2]);
        (await ReadAsync(ChangeFeedStartFrom.Time(then.AddMinutes(1)))).Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_committed_at_once_comes_on_one_page()
    {
        await CreateAsync(new("a", "p", 0));
        using var batch = await Items.CreateTransactionalBatch(new("p"))
            .CreateItem(new Row("b", "p", 1))
            .CreateItem(new Row("c", "p", 2))
            .CreateItem(new Row("d", "p", 3))
            .ExecuteAsync(Cancellation);
        await CreateAsync(new("e", "p", 4));

        var pages = await PagesAsync(ChangeFeedStartFrom.Beginning(FeedRange.FromPartitionKey(new("p"))), 2);

        pages.Select(page => string.Concat(page)).ShouldBe(["0123", "4"]);
    }

    [Fact]
    public async Task A_reader_that_has_passed_a_position_never_finds_a_change_before_it()
    {
        var writers = Task.WhenAll(Enumerable.Range(0, 8).Select(WriteManyAsync));
        var seen = new HashSet<int>();
        string? continuation = null;
        while (!writers.IsCompleted || seen.Count < 400)
        {
            var (rows, next) = await ReadAsync(continuation is null ? ChangeFeedStartFrom.Beginning() : ChangeFeedStartFrom.ContinuationToken(continuation));
            rows.ShouldAllBe(row => seen.Add(row.N));
            continuation = next;
        }

        await writers;
        seen.Count.ShouldBe(400);
    }

    [Fact]
    public async Task A_feed_of_all_versions_is_not_done()
    {
        MayNotViolate = false;
        using var pages = Items.GetChangeFeedIterator<Row>(ChangeFeedStartFrom.Now(), ChangeFeedMode.AllVersionsAndDeletes);

        await RefusedAsync(() => pages.ReadNextAsync(Cancellation));

        Server.Violations.ShouldNotBeEmpty();
    }

    private async Task WriteManyAsync(int writer)
    {
        for (var n = 0; n < 50; n++)
            await CreateAsync(new($"{n}", $"w{writer}-{n % 7}", writer * 50 + n));
    }

    private async Task<(List<Row> Rows, string Continuation)> ReadAsync(ChangeFeedStartFrom start)
    {
        using var pages = Items.GetChangeFeedIterator<Row>(start, ChangeFeedMode.LatestVersion, new() { PageSizeHint = 3 });
        var rows = new List<Row>();
        while (true)
        {
            var page = await pages.ReadNextAsync(Cancellation);
            if (page.StatusCode == HttpStatusCode.NotModified)
                return (rows, page.ContinuationToken);
            rows.AddRange(page);
        }
    }

    private async Task<List<List<int>>> PagesAsync(ChangeFeedStartFrom start, int size)
    {
        using var pages = Items.GetChangeFeedIterator<Row>(start, ChangeFeedMode.LatestVersion, new() { PageSizeHint = size });
        var all = new List<List<int>>();
        for (var page = await pages.ReadNextAsync(Cancellation); page.StatusCode != HttpStatusCode.NotModified; page = await pages.ReadNextAsync(Cancellation))
            all.Add([.. page.Select(row => row.N)]);
        return all;
    }
}
