using Microsoft.Azure.Cosmos;
using ValueChainHub.CosmosWire.Bills;
using ValueChainHub.CosmosWire.Faults;
using ValueChainHub.CosmosWire.Store;
using ValueChainHub.CosmosWire.Wire;

namespace ValueChainHub.CosmosWire.Tests;

public sealed class BillTests : WireTest
{
    /// <summary>The SDK also reads definitions and ranges, which cost nothing here.</summary>
    private List<BilledRequest> Charged => [.. Server.Bill.Requests.Where(request => request.Charge > 0)];

    [Theory]
    [InlineData(100, 1, 5)]
    [InlineData(1024, 1, 5)]
    [InlineData(102_400, 10, 50)]
    [InlineData(51_712, 5.5, 27.5)]
    [InlineData(204_800, 19.09, 95.45)]
    public void Sizes_cost_what_the_table_says_and_lie_on_its_line(int bytes, double read, double write)
    {
        RequestCharge.Read(bytes).ShouldBe(read);
        RequestCharge.Write(bytes).ShouldBe(write);
    }

    [Fact]
    public async Task The_SDK_is_told_what_the_bill_says()
    {
        Server.Bill.Clear();
        var small = await CreateAsync(new("a", "p"));
        var large = await CreateAsync(new("b", "p", 0, new string('x', 20_000)));
        var read = await Items.ReadItemAsync<Row>("b", new("p"), cancellationToken: Cancellation);

        var size = Charged[1].Bytes;
        size.ShouldBeInRange(20_000, 20_500);
        small.RequestCharge.ShouldBe(5);
        large.RequestCharge.ShouldBe(RequestCharge.Write(size));
        read.RequestCharge.ShouldBe(RequestCharge.Read(size));
        Server.Bill.Total.ShouldBe(small.RequestCharge + large.RequestCharge + read.RequestCharge, 0.001);
    }

    [Fact]
    public async Task A_batch_costs_the_sum_of_its_operations()
    {
        await CreateAsync(new("old", "p"));
        Server.Bill.Clear();

        using var answer = await Items.CreateTransactionalBatch(new("p"))
            .CreateItem(new Row("a", "p", 0, new string('x', 10_000)))
            .UpsertItem(new Row("old", "p"))
            .ExecuteAsync(Cancellation);

        var billed = Charged.ShouldHaveSingleItem();
        billed.Items.Select(item => (item.What, item.Id, item.Replaced)).ShouldBe([("Create", "a", false), ("Upsert", "old", true)]);
        answer.RequestCharge.ShouldBe(billed.Items.Sum(item => item.Charge), 0.001);
        Server.Bill.TotalWithReplacesTwice.ShouldBe(Server.Bill.Total + 5, 0.001);
        Server.Bill.ToString().ShouldContain("old");
    }

    [Fact]
    public async Task A_feed_costs_by_what_it_brings_and_something_when_it_brings_nothing()
    {
        await CreateAsync(new("a", "p", 0, new string('x', 50_000)));
        Server.Bill.Clear();
        using var pages = Items.GetChangeFeedIterator<Row>(ChangeFeedStartFrom.Beginning(FeedRange.FromPartitionKey(new("p"))), ChangeFeedMode.LatestVersion);

        var page = await pages.ReadNextAsync(Cancellation);
        var empty = await pages.ReadNextAsync(Cancellation);

        page.RequestCharge.ShouldBe(RequestCharge.Read(Charged[0].Bytes));
        empty.RequestCharge.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_fault_kept_from_being_done_costs_nothing()
    {
        Server.Bill.Clear();
        Server.Faults.Next(null, WireFault.Unavailable);

        await RefusedAsync(() => CreateAsync(new("a", "p")));

        Server.Bill.Requests[^1].Status.ShouldBe(503);
        Server.Bill.Total.ShouldBe(0);
    }

    [Fact]
    public async Task The_bill_shows_how_the_ranges_share_the_load()
    {
        Server.Bill.Clear();
        for (var n = 0; n < 200; n++)
            await CreateAsync(new("a", $"p{n}"));

        var shares = Server.Bill.ByRange("items");

        shares.Keys.Order().ShouldBe(["0", "1", "2", "3"]);
        shares.Values.Sum().ShouldBe(1000);
        shares.Values.Max().ShouldBeLessThan(400);
        Server.Bill.Requests.Count(request => request.Operation == WireOperation.CreateItem).ShouldBe(200);
    }

    [Fact]
    public void The_effective_partition_key_is_the_SDKs() =>
        EffectivePartitionKey.Of("t1").ShouldBe("3D48BB14DA9D090D22112C96695028B6");
}
