using System.Collections.Concurrent;
using Microsoft.Azure.Cosmos;

namespace ValueChainHub.CosmosWire.Tests;

/// <summary>The SDK's change feed processor, whose leases are items like all others.</summary>
public sealed class ProcessorTests : WireTest
{
    private readonly ConcurrentDictionary<int, int> _seen = new();
    private Container _leases = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _leases = await Client.GetDatabase("hub").CreateContainerAsync(new("leases", "/id") { DefaultTimeToLive = -1 }, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task The_processor_brings_every_change_of_every_range()
    {
        await CreateAsync(0, 30);

        await ProcessAsync("one", until: 30);

        _seen.Keys.Order().ShouldBe(Enumerable.Range(0, 30));
        (await LeasesAsync()).ShouldBe(4);
    }

    [Fact]
    public async Task A_processor_reads_on_where_the_one_before_has_stopped()
    {
        await CreateAsync(0, 20);
        await ProcessAsync("one", until: 20);
        await CreateAsync(20, 10);

        await ProcessAsync("two", until: 30);

        _seen.Keys.Order().ShouldBe(Enumerable.Range(0, 30));
        // A range whose last page was handled and not yet marked when the first stopped comes again; all four at once would be a start from the beginning.
        _seen.Values.Count(times => times > 1).ShouldBeLessThan(20);
    }

    private async Task CreateAsync(int first, int count)
    {
        for (var n = first; n < first + count; n++)
            await CreateAsync(new("a", $"p{n}", n));
    }

    /// <summary>Runs a processor until so many different changes were seen.</summary>
    private async Task ProcessAsync(string instance, int until)
    {
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var processor = Items.GetChangeFeedProcessorBuilder<Row>("job", SeeAsync)
            .WithInstanceName(instance)
            .WithLeaseContainer(_leases)
            .WithStartTime(DateTime.MinValue.ToUniversalTime())
            .WithPollInterval(TimeSpan.FromMilliseconds(50))
            .Build();
        await processor.StartAsync();
        await all.Task.WaitAsync(Cancellation);
        await processor.StopAsync();

        Task SeeAsync(IReadOnlyCollection<Row> rows, CancellationToken cancellationToken)
        {
            foreach (var row in rows)
                _seen.AddOrUpdate(row.N, 1, (_, times) => times + 1);
            if (_seen.Count >= until)
                all.TrySetResult();
            return Task.CompletedTask;
        }
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
