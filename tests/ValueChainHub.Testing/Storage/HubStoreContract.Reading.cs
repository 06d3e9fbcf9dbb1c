using Shouldly;
using ValueChainHub.Core.Storage;
using Xunit;

namespace ValueChainHub.Testing.Storage;

public abstract partial class HubStoreContract
{
    [Fact]
    public async Task Case_01_A_missing_item_reads_as_null() =>
        (await ReadAsync("p", "nobody")).ShouldBeNull();

    [Fact]
    public async Task Case_02_A_committed_item_reads_back_byte_for_byte_with_the_etag_that_the_commit_answered()
    {
        var body = Body("żółć \\u0000 \U0001F600 " + new string('x', 20_000));

        var etag = await CommittedAsync("p", new WriteOperation.Create("a", body));

        var item = (await ReadAsync("p", "a")).ShouldNotBeNull();
        item.Body.ToArray().ShouldBe(body);
        item.ETag.ShouldBe(etag);
        (item.Partition, item.Id).ShouldBe(("p", "a"));
    }

    [Fact]
    public async Task Case_03_The_same_id_in_another_partition_or_in_another_container_is_another_item()
    {
        await CommittedAsync("p", Create("a", "first"));
        await CommittedAsync("q", Create("a", "second"));
        (await Store.CommitAsync(HubContainers.Homes, "p", [Create("a", "third")], Token)).ShouldBeOfType<CommitResult.Committed>();

        Text(await ReadAsync("p", "a")).ShouldContain("first");
        Text(await ReadAsync("q", "a")).ShouldContain("second");
        Text(await Store.ReadAsync(HubContainers.Homes, "p", "a", Token)).ShouldContain("third");
    }

    [Fact]
    public async Task Case_04_A_range_answers_the_ids_of_its_bounds_in_ordinal_order_lower_bound_included_upper_bound_excluded()
    {
        await CommittedAsync("p", Create("b"), Create("a"), Create("B"), Create("b-1"), Create("b.1"), Create("c"), Create("~"), Create(" "));

        (await RangeAsync("p", new IdRange("a", "c"))).ShouldBe(["a", "b", "b-1", "b.1"]);
        (await RangeAsync("p", new IdRange(null, null))).ShouldBe([" ", "B", "a", "b", "b-1", "b.1", "c", "~"]);
        (await RangeAsync("p", new IdRange("b", null))).ShouldBe(["b", "b-1", "b.1", "c", "~"]);
        (await RangeAsync("p", new IdRange(null, "a"))).ShouldBe([" ", "B"]);
        (await RangeAsync("p", IdRange.StartingWith("b"))).ShouldBe(["b", "b-1", "b.1"]);
        (await RangeAsync("p", IdRange.StartingWith("~"))).ShouldBe(["~"]);
    }

    [Fact]
    public async Task Case_05_A_descending_range_answers_the_same_ids_backwards()
    {
        await CommittedAsync("p", Create("a"), Create("b"), Create("b-1"), Create("c"));

        (await RangeAsync("p", new IdRange("a", "c", Descending: true))).ShouldBe(["b-1", "b", "a"]);
        (await RangeAsync("p", IdRange.StartingWith("b", descending: true))).ShouldBe(["b-1", "b"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Case_06_A_range_answers_at_most_its_limit_and_reading_on_answers_the_rest_none_twice(bool descending)
    {
        var ids = Enumerable.Range(0, 25).Select(number => $"id-{number:00}").ToArray();
        await CommittedAsync("p", [.. ids.Select(id => Create(id))]);

        var (read, range) = (new List<string>(), new IdRange("id-", null, descending));
        while (await RangeAsync("p", range, limit: 10) is { Count: > 0 } page)
        {
            page.Count.ShouldBeLessThanOrEqualTo(10);
            read.AddRange(page);
            range = range.After(page[^1]);
        }

        read.ShouldBe(descending ? ids.Reverse() : ids);
    }

    [Fact]
    public async Task Case_07_A_range_never_answers_an_item_of_another_partition_or_container()
    {
        await CommittedAsync("p", Create("b"));
        await CommittedAsync("p0", Create("b"));
        await CommittedAsync("p-", Create("b"));
        await CommittedAsync("o", Create("b"));
        await Store.CommitAsync(HubContainers.Homes, "p", [Create("c")], Token);

        (await RangeAsync("p", new IdRange(null, null))).ShouldBe(["b"]);
        (await RangeAsync("p", new IdRange(null, null, Descending: true))).ShouldBe(["b"]);
    }
}
