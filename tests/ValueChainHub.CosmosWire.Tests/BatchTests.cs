using System.Net;
using Microsoft.Azure.Cosmos;

namespace ValueChainHub.CosmosWire.Tests;

public sealed class BatchTests : WireTest
{
    [Fact]
    public async Task A_batch_stores_all_of_its_operations()
    {
        var etag = (await CreateAsync(new("old", "p"))).ETag;
        await CreateAsync(new("gone", "p"));

        using var answer = await Batch("p")
            .CreateItem(new Row("a", "p", 1))
            .UpsertItem(new Row("b", "p", 2))
            .ReplaceItem("old", new Row("old", "p", 3), new() { IfMatchEtag = etag })
            .DeleteItem("gone")
            .ReadItem("a")
            .ExecuteAsync(Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Select(result => (int)result.StatusCode).ShouldBe([201, 201, 200, 204, 200]);
        answer.GetOperationResultAtIndex<Row>(4).Resource.N.ShouldBe(1);
        (await ReadAsync("old", "p")).ETag.ShouldBe(answer[2].ETag);
    }

    [Fact]
    public async Task A_batch_that_fails_stores_nothing_and_says_which_operation_it_was()
    {
        var before = await CreateAsync(new("taken", "p", 1));

        using var answer = await Batch("p")
            .UpsertItem(new Row("taken", "p", 2))
            .CreateItem(new Row("new", "p"))
            .CreateItem(new Row("taken", "p"))
            .CreateItem(new Row("after", "p"))
            .ExecuteAsync(Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        answer.Select(result => (int)result.StatusCode).ShouldBe([424, 424, 409, 424]);
        (await ReadAsync("taken", "p")).ETag.ShouldBe(before.ETag);
        (await RefusedAsync(() => ReadAsync("new", "p"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_old_etag_or_a_missing_item_fails_the_batch()
    {
        var old = (await CreateAsync(new("a", "p"))).ETag;
        await Items.UpsertItemAsync(new Row("a", "p", 1), new PartitionKey("p"), cancellationToken: Cancellation);

        using var mismatch = await Batch("p").ReplaceItem("a", new Row("a", "p", 2), new() { IfMatchEtag = old }).ExecuteAsync(Cancellation);
        using var missing = await Batch("p").ReplaceItem("b", new Row("b", "p")).ExecuteAsync(Cancellation);

        mismatch.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_operation_answers_without_the_item_when_it_is_not_wanted()
    {
        using var answer = await Batch("p").CreateItem(new Row("a", "p"), new() { EnableContentResponseOnWrite = false }).CreateItem(new Row("b", "p")).ExecuteAsync(Cancellation);

        answer[0].ResourceStream.ShouldBeNull();
        answer[0].ETag.ShouldNotBeNullOrEmpty();
        answer[1].ResourceStream.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_batch_is_one_change_for_its_readers()
    {
        using var stop = new CancellationTokenSource();
        var reading = Task.Run(() => SeenTornAsync(stop.Token), Cancellation);
        for (var n = 1; n <= 50; n++)
        {
            using var answer = await Batch("p").UpsertItem(new Row("a", "p", n)).UpsertItem(new Row("b", "p", n)).ExecuteAsync(Cancellation);
            answer.IsSuccessStatusCode.ShouldBeTrue();
        }

        await stop.CancelAsync();
        (await reading).ShouldBeFalse();
    }

    [Theory]
    [InlineData(100, HttpStatusCode.OK)]
    [InlineData(101, HttpStatusCode.BadRequest)]
    public async Task A_batch_may_have_a_hundred_operations(int operations, HttpStatusCode status)
    {
        var batch = Batch("p");
        for (var n = 0; n < operations; n++)
            batch = batch.CreateItem(new Row($"{n}", "p"));

        using var answer = await batch.ExecuteAsync(Cancellation);

        answer.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task A_batch_may_have_two_megabytes()
    {
        var text = new string('x', 1_100_000);

        using var answer = await Batch("p").CreateItem(new Row("a", "p", 0, text)).CreateItem(new Row("b", "p", 0, text)).ExecuteAsync(Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await RefusedAsync(() => ReadAsync("a", "p"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_item_of_another_partition_fails_the_batch()
    {
        using var answer = await Batch("p").CreateItem(new Row("a", "p")).CreateItem(new Row("a", "q")).ExecuteAsync(Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await RefusedAsync(() => ReadAsync("a", "p"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Patches_in_a_batch_are_not_done()
    {
        MayNotViolate = false;

        using var answer = await Batch("p").PatchItem("a", [PatchOperation.Increment("/n", 1)]).ExecuteAsync(Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotImplemented);
        Server.Violations.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Bulk_does_each_operation_for_itself_in_every_range()
    {
        await CreateAsync(new("7", "p7"));
        using var bulk = new CosmosClient(Server.ConnectionString, BulkGateway());
        var items = bulk.GetContainer("hub", "items");

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(n => TryCreateAsync(items, new($"{n}", $"p{n}"))));

        answers.Count(status => status == HttpStatusCode.Created).ShouldBe(199);
        answers[7].ShouldBe(HttpStatusCode.Conflict);
    }

    private static CosmosClientOptions BulkGateway()
    {
        var options = Gateway();
        options.AllowBulkExecution = true;
        return options;
    }

    private static async Task<HttpStatusCode> TryCreateAsync(Container items, Row row)
    {
        try
        {
            return (await items.CreateItemAsync(row, new PartitionKey(row.Pk), cancellationToken: Cancellation)).StatusCode;
        }
        catch (CosmosException refused)
        {
            return refused.StatusCode;
        }
    }

    private async Task<bool> SeenTornAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using var pair = await Batch("p").ReadItem("a").ReadItem("b").ExecuteAsync(Cancellation);
            if (pair.IsSuccessStatusCode && pair.GetOperationResultAtIndex<Row>(0).Resource.N != pair.GetOperationResultAtIndex<Row>(1).Resource.N)
                return true;
        }

        return false;
    }

    private TransactionalBatch Batch(string partition) => Items.CreateTransactionalBatch(new(partition));

    private Task<ItemResponse<Row>> ReadAsync(string id, string partition) => Items.ReadItemAsync<Row>(id, new(partition), cancellationToken: Cancellation);
}
