using System.Diagnostics;
using System.Text;
using ValueChainHub.Core.Storage;
using ValueChainHub.CosmosWire;
using ValueChainHub.CosmosWire.Bills;
using ValueChainHub.CosmosWire.Faults;
using ValueChainHub.CosmosWire.Wire;
using ValueChainHub.Infrastructure.Cosmos;

namespace ValueChainHub.Infrastructure.Tests.Cosmos;

/// <summary>Who waits for changes is woken by the SDK's change feed processor, and does not depend on it.</summary>
public sealed class FeedWatchTests : IAsyncLifetime
{
    private const string Container = HubContainers.Inbox;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(30);

    private CosmosWireServer _server = null!;
    private CosmosHub _waits = null!;
    private CosmosHub _writes = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await CosmosWireServer.StartAsync(new(), Token);
        (_waits, _writes) = (await OpenAsync(), await OpenAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _waits.DisposeAsync();
        await _writes.DisposeAsync();
        await _server.DisposeAsync();
        _server.ThrowOnViolations();
    }

    [Fact]
    public async Task A_change_of_another_process_wakes_whoever_waits_in_whatever_range_it_lies()
    {
        for (var number = 0; number < 8; number++)
        {
            var position = await EndAsync(_waits.Store);
            var waiting = _waits.Store.WaitForChangesAsync(Container, position, Long, Token).AsTask();
            await CreateAsync($"p{number}");

            await waiting.WaitAsync(Soon, Token);

            (await _waits.Store.ReadFeedAsync(Container, position, 10, null, Token)).Changes.ShouldHaveSingleItem().Item.Partition.ShouldBe($"p{number}");
        }
    }

    [Fact]
    public async Task Nobody_is_woken_and_no_lease_is_made_before_somebody_waits()
    {
        await CreateAsync("p");
        await Task.Delay(TimeSpan.FromSeconds(1), Token);
        LeaseRequests().ShouldBeEmpty();

        await _waits.Store.WaitForChangesAsync(Container, await EndAsync(_waits.Store), TimeSpan.FromSeconds(2), Token);

        LeaseRequests().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_processor_that_cannot_start_costs_no_more_than_patience()
    {
        _server.Faults.OneInEvery(1, seed: 1, request => request.Container == CosmosContainers.Leases, WireFault.Unavailable);
        var position = await EndAsync(_waits.Store);
        var (looks, began) = (Looks() + new CosmosWireOptions().Ranges, Stopwatch.StartNew());
        var waiting = _waits.Store.WaitForChangesAsync(Container, position, TimeSpan.FromSeconds(2), Token).AsTask();
        while (Looks() < looks)
            await Task.Delay(10, Token);
        await CreateAsync("p");

        await waiting.WaitAsync(Soon, Token);

        began.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(1.9), "nobody could wake it");
        (await _waits.Store.ReadFeedAsync(Container, position, 10, null, Token)).Changes.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_orderly_end_lets_the_leases_go_so_that_the_next_process_is_woken_at_once()
    {
        var position = await EndAsync(_waits.Store);
        var waiting = _waits.Store.WaitForChangesAsync(Container, position, Long, Token).AsTask();
        await CreateAsync("one");
        await waiting.WaitAsync(Soon, Token);
        await _waits.DisposeAsync();

        _waits = await OpenAsync();
        position = await EndAsync(_waits.Store);
        waiting = _waits.Store.WaitForChangesAsync(Container, position, Long, Token).AsTask();
        await CreateAsync("two");

        await waiting.WaitAsync(Soon, Token);
    }

    [Fact]
    public async Task What_the_processor_costs_is_in_the_bill()
    {
        var waiting = _waits.Store.WaitForChangesAsync(Container, await EndAsync(_waits.Store), Long, Token).AsTask();
        await CreateAsync("p");
        await waiting.WaitAsync(Soon, Token);

        await _waits.DisposeAsync();

        var watch = _waits.Bill.Read().Where(item => item.Operation == "watch").ToList();
        watch.Select(item => item.Container).ShouldBe([Container, CosmosContainers.Leases], ignoreOrder: true);
        watch.Single(item => item.Container == CosmosContainers.Leases).Units.ShouldBe(LeaseRequests().Sum(request => request.Charge), tolerance: 1);
    }

    private int Looks() => _server.Bill.Requests.Count(request => request is { Operation: WireOperation.ChangeFeed, Container: Container });

    private List<BilledRequest> LeaseRequests() =>
        [.. _server.Bill.Requests.Where(request => request.Container == CosmosContainers.Leases && request.Charge > 0)];

    private Task<CosmosHub> OpenAsync() => CosmosHub.OpenAsync(new() { ConnectionString = _server.ConnectionString, CreateContainers = true }, TimeProvider.System, Token);

    private static async Task<FeedPosition> EndAsync(IHubStore store)
    {
        var page = await store.ReadFeedAsync(Container, FeedPosition.Beginning, 100, null, Token);
        while (page.More)
            page = await store.ReadFeedAsync(Container, page.Next, 100, null, Token);
        return page.Next;
    }

    private async Task CreateAsync(string partition) =>
        (await _writes.Store.CommitAsync(Container, partition, [new WriteOperation.Create("delivery", Encoding.UTF8.GetBytes("{}"))], Token)).ShouldBeOfType<CommitResult.Committed>();
}
