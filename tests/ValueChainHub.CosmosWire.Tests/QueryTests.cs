using System.Net;
using Microsoft.Azure.Cosmos;
using ValueChainHub.CosmosWire.Wire;

namespace ValueChainHub.CosmosWire.Tests;

public sealed class QueryTests : WireTest
{
    private const string Range = "SELECT * FROM c WHERE c.id >= @from AND c.id < @until ORDER BY c.id";

    [Fact]
    public async Task A_range_of_ids_comes_in_order_without_its_upper_bound()
    {
        await CreateAllAsync("p", "d", "b", "a", "c", "B");

        (await QueryAsync("p", Range, "a", "d")).ShouldBe(["a", "b", "c"]);
        (await QueryAsync("p", Range + " DESC", "a", "d")).ShouldBe(["c", "b", "a"]);
        (await QueryAsync("p", Range, "A", "zz")).ShouldBe(["B", "a", "b", "c", "d"]);
    }

    [Fact]
    public async Task A_range_is_of_one_partition()
    {
        await CreateAllAsync("p", "a");
        await CreateAllAsync("q", "b");

        (await QueryAsync("p", Range, "a", "z")).ShouldBe(["a"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" DESC")]
    public async Task Pages_bring_every_item_once_in_order(string direction)
    {
        var ids = Enumerable.Range(0, 23).Select(n => $"{n:00}").ToList();
        await CreateAllAsync("p", [.. ids]);
        if (direction.Length > 0)
            ids.Reverse();

        (await QueryAsync("p", Range + direction, "00", "99", page: 5)).ShouldBe(ids);
    }

    [Theory]
    [InlineData("SELECT TOP 7 * FROM c WHERE c.id >= @from AND c.id < @until ORDER BY c.id")]
    [InlineData(Range + " OFFSET 0 LIMIT 7")]
    public async Task A_limit_holds_over_pages(string query)
    {
        var ids = Enumerable.Range(0, 23).Select(n => $"{n:00}").ToArray();
        await CreateAllAsync("p", ids);

        (await QueryAsync("p", query, "00", "99", page: 3)).ShouldBe(ids[..7]);
    }

    [Fact]
    public async Task A_page_has_four_megabytes_at_most()
    {
        foreach (var id in new[] { "a", "b", "c" })
            await CreateAsync(new(id, "p", 0, new string('x', 1_900_000)));
        using var pages = Items.GetItemQueryIterator<Row>("SELECT * FROM c ORDER BY c.id", requestOptions: new() { PartitionKey = new("p") });

        (await pages.ReadNextAsync(Cancellation)).Count.ShouldBe(2);
        (await pages.ReadNextAsync(Cancellation)).Count.ShouldBe(1);
        pages.HasMoreResults.ShouldBeFalse();
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task A_query_that_goes_straight_to_its_partition_asks_for_no_plan(bool straight, int plans)
    {
        await CreateAllAsync("p", "b", "a");
        var options = new QueryRequestOptions { PartitionKey = new("p"), EnableOptimisticDirectExecution = straight };
        using var pages = Items.GetItemQueryIterator<Row>("SELECT * FROM c ORDER BY c.id", requestOptions: options);
        var ids = new List<string>();
        while (pages.HasMoreResults)
            ids.AddRange((await pages.ReadNextAsync(Cancellation)).Select(row => row.Id));

        ids.ShouldBe(["a", "b"]);
        Server.Bill.Requests.Count(request => request.Operation == WireOperation.QueryPlan).ShouldBe(plans);
    }

    [Fact]
    public async Task Open_and_wrapped_bounds_and_prefixes_are_known()
    {
        await CreateAllAsync("p", "a:1", "a:2", "b:1");

        (await QueryAsync("p", "SELECT VALUE c FROM c WHERE c.id > 'a:1' ORDER BY c.id ASC")).ShouldBe(["a:2", "b:1"]);
        (await QueryAsync("p", "SELECT c.id, c[\"n\"] AS n FROM c WHERE (c.id <= \"a:2\") ORDER BY c.id")).ShouldBe(["a:1", "a:2"]);
        (await QueryAsync("p", "SELECT * FROM c WHERE STARTSWITH(c.id, 'a:')")).ShouldBe(["a:1", "a:2"]);
        (await QueryAsync("p", "SELECT * FROM c WHERE c.id = 'b:1'")).ShouldBe(["b:1"]);
    }

    [Fact]
    public async Task A_prefix_is_found_in_every_range()
    {
        for (var n = 0; n < 20; n++)
            await CreateAllAsync($"p{n}", $"a:{n:00}", "b");

        var found = await QueryAsync(null, "SELECT * FROM c WHERE STARTSWITH(c.id, 'a:')", page: 3);

        found.Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, 20).Select(n => $"a:{n:00}"));
    }

    [Theory]
    [InlineData("SELECT * FROM c WHERE c.n = 1")]
    [InlineData("SELECT COUNT(1) FROM c")]
    [InlineData("SELECT DISTINCT c.id FROM c")]
    [InlineData("SELECT * FROM c WHERE c.id = 'a' OR c.id = 'b'")]
    [InlineData("SELECT * FROM c ORDER BY c.n")]
    [InlineData("SELECT * FROM c OFFSET 5 LIMIT 1")]
    public async Task Every_other_query_fails_aloud(string query)
    {
        MayNotViolate = false;

        (await RefusedAsync(() => QueryAsync("p", query))).StatusCode.ShouldBe(HttpStatusCode.NotImplemented);

        Server.Violations.ShouldHaveSingleItem().ShouldContain("the query");
    }

    [Fact]
    public async Task A_reserved_word_after_a_dot_is_refused_as_the_service_does() =>
        (await RefusedAsync(() => QueryAsync("p", "SELECT c.value FROM c"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

    private async Task CreateAllAsync(string partition, params string[] ids)
    {
        foreach (var id in ids)
            await CreateAsync(new(id, partition));
    }

    private async Task<List<string>> QueryAsync(string? partition, string text, string? from = null, string? until = null, int page = -1)
    {
        var query = new QueryDefinition(text);
        if (from is not null)
            query = query.WithParameter("@from", from).WithParameter("@until", until);
        var options = new QueryRequestOptions { PartitionKey = partition is null ? null : new PartitionKey(partition), MaxItemCount = page };
        using var pages = Items.GetItemQueryIterator<Row>(query, requestOptions: options);
        var ids = new List<string>();
        while (pages.HasMoreResults)
            ids.AddRange((await pages.ReadNextAsync(Cancellation)).Select(row => row.Id));
        return ids;
    }
}
