using System.Net;
using Microsoft.Azure.Cosmos;
using ValueChainHub.CosmosWire.Faults;
using ValueChainHub.CosmosWire.Wire;

namespace ValueChainHub.CosmosWire.Tests;

public sealed class FaultTests : WireTest
{
    [Fact]
    public async Task A_throttled_write_is_429_with_the_time_to_wait_and_was_not_done()
    {
        Server.Faults.Next(null, WireFault.Throttled(TimeSpan.FromMilliseconds(250)));

        var refused = await RefusedAsync(() => CreateAsync(new("a", "p")));

        (refused.StatusCode, refused.SubStatusCode, refused.RetryAfter).ShouldBe((HttpStatusCode.TooManyRequests, 3200, TimeSpan.FromMilliseconds(250)));
        (await ExistsAsync("a")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_throttled_batch_says_how_long_to_wait()
    {
        Server.Faults.Next(null, WireFault.Throttled(TimeSpan.FromMilliseconds(250)));

        using var answer = await Items.CreateTransactionalBatch(new("p")).CreateItem(new Row("a", "p")).ExecuteAsync(Cancellation);

        (answer.StatusCode, answer.RetryAfter).ShouldBe((HttpStatusCode.TooManyRequests, TimeSpan.FromMilliseconds(250)));
        (await ExistsAsync("a")).ShouldBeFalse();
    }

    [Fact]
    public async Task An_unavailable_service_is_503()
    {
        Server.Faults.Next(null, WireFault.Unavailable);

        (await RefusedAsync(() => CreateAsync(new("a", "p")))).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);

        (await ExistsAsync("a")).ShouldBeFalse();
    }

    [Fact]
    public async Task The_SDK_tries_again_after_449_and_succeeds()
    {
        Server.Faults.Next(null, WireFault.RetryWith, WireFault.RetryWith);

        (await CreateAsync(new("a", "p"))).StatusCode.ShouldBe(HttpStatusCode.Created);

        Server.Faults.Happened.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_dropped_write_leaves_its_caller_in_doubt(bool done)
    {
        Server.Faults.Next(null, done ? WireFault.DroppedAfter : WireFault.DroppedBefore);

        await Should.ThrowAsync<HttpRequestException>(() => CreateAsync(new("a", "p")));

        (await ExistsAsync("a")).ShouldBe(done);
        Server.Faults.Happened.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_SDK_repeats_a_dropped_read()
    {
        await CreateAsync(new("a", "p"));
        Server.Faults.Next(target => target.Operation is WireOperation.ReadItem, WireFault.DroppedBefore);

        (await ExistsAsync("a")).ShouldBeTrue();

        Server.Faults.Happened.ShouldBe([WireFault.DroppedBefore]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_hanging_write_ends_when_its_caller_gives_up(bool done)
    {
        Server.Faults.Next(null, done ? WireFault.HangsAfter : WireFault.HangsBefore);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var writing = Items.CreateItemAsync(new Row("a", "p"), new PartitionKey("p"), cancellationToken: patience.Token);
        while (Server.Bill.Requests[^1].Operation is not WireOperation.CreateItem)
            await Task.Yield();

        await patience.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => writing);
        (await ExistsAsync("a")).ShouldBe(done);
    }

    [Fact]
    public async Task One_write_in_every_ten_fails_and_the_seed_says_which()
    {
        var first = await UnluckyAsync(7);
        var again = await UnluckyAsync(7);
        var other = await UnluckyAsync(8);

        first.Count.ShouldBe(10);
        first.Select(n => n / 10).ShouldBe(Enumerable.Range(0, 10));
        again.ShouldBe(first);
        other.ShouldNotBe(first);
    }

    [Fact]
    public async Task A_plan_can_be_for_one_container_and_leaves_reads_alone()
    {
        Container others = await Client.GetDatabase("hub").CreateContainerAsync("others", "/pk", cancellationToken: Cancellation);
        Server.Faults.OneInEvery(1, 0, target => target.Container == "others" && target.Operation.IsWrite(), WireFault.Unavailable);

        (await CreateAsync(new("a", "p"))).StatusCode.ShouldBe(HttpStatusCode.Created);
        var refused = await RefusedAsync(() => others.CreateItemAsync(new Row("a", "p"), new PartitionKey("p"), cancellationToken: Cancellation));
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await RefusedAsync(() => others.ReadItemAsync<Row>("a", new("p"), cancellationToken: Cancellation))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Latency_is_added_to_every_answer()
    {
        Server.Faults.Latency = TimeSpan.FromMilliseconds(50);
        var before = TimeProvider.System.GetTimestamp();

        await CreateAsync(new("a", "p"));

        TimeProvider.System.GetElapsedTime(before).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(49));
    }

    private async Task<List<int>> UnluckyAsync(int seed)
    {
        Server.Faults.Clear();
        Server.Faults.OneInEvery(10, seed, null, WireFault.Unavailable);
        var unlucky = new List<int>();
        for (var n = 0; n < 100; n++)
        {
            using var answer = await Items.CreateTransactionalBatch(new("p")).UpsertItem(new Row("a", "p", n)).ExecuteAsync(Cancellation);
            if (!answer.IsSuccessStatusCode)
                unlucky.Add(n);
        }

        return unlucky;
    }

    private async Task<bool> ExistsAsync(string id)
    {
        using var answer = await Items.ReadItemStreamAsync(id, new("p"), cancellationToken: Cancellation);
        return answer.StatusCode == HttpStatusCode.OK;
    }
}
