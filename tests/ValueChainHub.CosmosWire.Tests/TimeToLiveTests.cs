using System.Net;
using Microsoft.Azure.Cosmos;

namespace ValueChainHub.CosmosWire.Tests;

public sealed class TimeToLiveTests : WireTest
{
    [Fact]
    public async Task An_item_is_gone_for_all_readers_when_its_time_has_passed()
    {
        await CreateAsync(new("a", "p", Ttl: 10));
        await CreateAsync(new("b", "p"));
        Time.Advance(TimeSpan.FromSeconds(9));
        (await IdsAsync()).ShouldBe(["a", "b"]);

        Time.Advance(TimeSpan.FromSeconds(1));

        (await IdsAsync()).ShouldBe(["b"]);
        (await RefusedAsync(() => Items.ReadItemAsync<Row>("a", new("p"), cancellationToken: Cancellation))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await FeedAsync()).ShouldBe(["b"]);
    }

    [Fact]
    public async Task An_item_that_is_gone_can_be_created_again()
    {
        await CreateAsync(new("a", "p", Ttl: 10));
        Time.Advance(TimeSpan.FromSeconds(10));

        (await CreateAsync(new("a", "p", 2))).StatusCode.ShouldBe(HttpStatusCode.Created);

        (await FeedAsync()).ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_later_write_gives_an_item_another_time_or_none()
    {
        await CreateAsync(new("longer", "p", Ttl: 10));
        await CreateAsync(new("ever", "p", Ttl: 10));
        Time.Advance(TimeSpan.FromSeconds(5));
        await Items.UpsertItemAsync(new Row("longer", "p", Ttl: 10), new PartitionKey("p"), cancellationToken: Cancellation);
        await Items.UpsertItemAsync(new Row("ever", "p"), new PartitionKey("p"), cancellationToken: Cancellation);

        Time.Advance(TimeSpan.FromSeconds(6));
        (await IdsAsync()).ShouldBe(["ever", "longer"]);
        Time.Advance(TimeSpan.FromSeconds(4));
        (await IdsAsync()).ShouldBe(["ever"]);
    }

    [Fact]
    public async Task The_containers_default_holds_for_items_that_say_nothing()
    {
        Container brief = await Client.GetDatabase("hub").CreateContainerAsync(new("brief", "/pk") { DefaultTimeToLive = 10 }, cancellationToken: Cancellation);
        await brief.CreateItemAsync(new Row("a", "p"), new PartitionKey("p"), cancellationToken: Cancellation);
        await brief.CreateItemAsync(new Row("ever", "p", Ttl: -1), new PartitionKey("p"), cancellationToken: Cancellation);

        Time.Advance(TimeSpan.FromSeconds(10));

        (await IdsAsync(brief)).ShouldBe(["ever"]);
    }

    [Fact]
    public async Task Where_it_is_switched_off_an_items_own_time_means_nothing()
    {
        Container ever = await Client.GetDatabase("hub").CreateContainerAsync("ever", "/pk", cancellationToken: Cancellation);
        await ever.CreateItemAsync(new Row("a", "p", Ttl: 1), new PartitionKey("p"), cancellationToken: Cancellation);

        Time.Advance(TimeSpan.FromDays(1));

        (await IdsAsync(ever)).ShouldBe(["a"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public async Task A_time_that_is_no_time_is_refused(int seconds) =>
        (await RefusedAsync(() => CreateAsync(new("a", "p", Ttl: seconds)))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

    private async Task<List<string>> IdsAsync(Container? container = null)
    {
        using var pages = (container ?? Items).GetItemQueryIterator<Row>("SELECT * FROM c ORDER BY c.id", requestOptions: new() { PartitionKey = new("p") });
        return [.. (await pages.ReadNextAsync(Cancellation)).Select(row => row.Id)];
    }

    private async Task<List<string>> FeedAsync()
    {
        using var pages = Items.GetChangeFeedIterator<Row>(ChangeFeedStartFrom.Beginning(FeedRange.FromPartitionKey(new("p"))), ChangeFeedMode.LatestVersion);
        return [.. (await pages.ReadNextAsync(Cancellation)).Select(row => row.Id)];
    }
}
