using System.Collections.Concurrent;
using Microsoft.Azure.Cosmos;

namespace ValueChainHub.CosmosWire.Tests;

/// <summary>The SDK's change feed processor, whose leases are items like all others.</summary>
public sealed class ProcessorTests : WireTest
{
    private readonly ConcurrentDictionary<int, int> _seen = new();
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Container _leases = null!;
    private int _wanted = 30;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _leases = await Client.GetDatabase("hub").CreateContainerAsync(new("leases", "/id") { DefaultTimeToLive = -1 }, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task The_processor_brings_every_change_of_every_range()
    {
        await CreateAsync(0, 30);

        var processor = Processor("one");
        await processor.StartAsync();
        await _all.Task.WaitAsync(Cancellation);
        await processor.StopAsync();

        _seen.Keys.Order().ShouldBe(Enumerable.Range(0, 30));
        (await LeasesAsync()).ShouldBe(4);
    }

    [Fact]
    public async Task A_processor_reads_on_where_the_one_before_has_stopped()
    {
        await CreateAsync(0, 10);
        _wanted = 10;
        var first = Processor("one");
        await first.StartAsync();
        await _all.Task.WaitAsync(Cancellation);
        await first.StopAsync();
        var before = _seen.ToDictionary();

        _wanted = 30;
        await CreateAsync(10, 20);
        var second = Processor("two", 30);
        await second.StartAsync();
        await _secondAll.Task.WaitAsync(Cancellation);
        await second.StopAsync();

        _seen.Keys.Order().ShouldBe(Enumerable.Range(0, 30));
        before.Keys.Count(n => _seen[n] > 1).ShouldBeLessThan(10);
    }

    private readonly TaskCompletionSource _secondAll = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task CreateAsync(int first, int count)
    {
        for (var n = first; n < first + count; n++)
            await CreateAsync(new("a", $"p{n}", n));
    }

    private ChangeFeedProcessor Processor(string instance, int secondWanted = int.MaxValue) => Items
        .GetChangeFeedProcessorBuilder<Row>("job", (IReadOnlyCollection<Row> rows, CancellationToken _) => SeeAsync(rows, secondWanted))
        .WithInstanceName(instance)
        .WithLeaseContainer(_leases)
        .WithStartTime(DateTime.MinValue.ToUniversalTime())
        .WithPollInterval(TimeSpan.FromMilliseconds(50))
        .Build();

    private Task SeeAsync(IReadOnlyCollection<Row> rows, int secondWanted)
    {
        foreach (var row in rows)
            _seen.AddOrUpdate(row.N, 1, (_, times) => times + 1);
        if (_seen.Count >= _wanted)
            _all.TrySetResult();
        if (_seen.Count >= secondWanted)
            _secondAll.TrySetResult();
        return Task.CompletedTask;
    }

    private async Task<int> LeasesAsync()
    {
        var leases = 0;
        using var pages = _leases.GetItemQueryIterator<System.Text.Json.JsonElement>("SELECT * FROM c WHERE STARTSWITH(c.id, 'job')");
        while (pages.HasMoreResults)
            leases += (await pages.ReadNextAsync(Cancellation)).Count(lease => lease.TryGetProperty("ContinuationToken", out _) && lease.TryGetProperty("Owner", out _));
        return leases;
    }
}
