using System.Text.Json;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Drift;

/// <summary>What drift runs found and did, an item for each customer in a partition of the run; and for each destination where the last run left it.</summary>
internal sealed class DriftItems(IHubStore store)
{
    private const string Standings = "drift";
    private const string Prefix = "c|";

    /// <summary>What was overwritten is remembered, and can be undone, for so long. It may name a person.</summary>
    public static TimeSpan Memory { get; } = TimeSpan.FromDays(30);

    public async ValueTask<DriftItem?> FindAsync(string run, string customer, CancellationToken cancellationToken) =>
        await store.ReadAsync(HubContainers.Work, PartitionOf(run), Prefix + customer, cancellationToken) is { } item ? DriftItem.Read(item.Body) : null;

    /// <summary>Keeps what was found; what somebody else kept of the same customer meanwhile stays and is answered.</summary>
    public async ValueTask<DriftItem> AddAsync(string run, DriftItem item, CancellationToken cancellationToken)
    {
        var create = new WriteOperation.Create(Prefix + item.Customer, item.Write(), Memory);
        return await store.CommitAsync(HubContainers.Work, PartitionOf(run), [create], cancellationToken) is CommitResult.Committed
            ? item
            : await FindAsync(run, item.Customer, cancellationToken) ?? item;
    }

    /// <summary>Keeps what became of it.</summary>
    public async ValueTask<DriftItem> SaveAsync(string run, DriftItem item, CancellationToken cancellationToken)
    {
        await store.CommitAsync(HubContainers.Work, PartitionOf(run), [new WriteOperation.Put(Prefix + item.Customer, item.Write(), Memory)], cancellationToken);
        return item;
    }

    /// <summary>A page of what a run found, after a customer.</summary>
    public async ValueTask<IReadOnlyList<DriftItem>> ListAsync(string run, string? after, int limit, CancellationToken cancellationToken)
    {
        var range = after is null ? IdRange.StartingWith(Prefix) : IdRange.StartingWith(Prefix).After(Prefix + after);
        return [.. (await store.ReadRangeAsync(HubContainers.Work, PartitionOf(run), range, limit, cancellationToken)).Select(item => DriftItem.Read(item.Body))];
    }

    public async ValueTask StandAsync(string destination, DriftStanding standing, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(standing, DriftContext.Default.DriftStanding);
        await store.CommitAsync(HubContainers.Work, Standings, [new WriteOperation.Put(destination, body)], cancellationToken);
    }

    public async ValueTask<DriftStanding?> StandingAsync(string destination, CancellationToken cancellationToken) =>
        await store.ReadAsync(HubContainers.Work, Standings, destination, cancellationToken) is { } item
            ? JsonSerializer.Deserialize(item.Body.Span, DriftContext.Default.DriftStanding)
            : null;

    private static string PartitionOf(string run) => "drift-" + run;
}
