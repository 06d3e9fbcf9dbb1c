using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Intake;

/// <summary>A fetch that was given up.</summary>
/// <param name="Id">What retry and discard take.</param>
/// <param name="Connector">The connector.</param>
/// <param name="Target">The resource at the vendor, without a query: that may name a parcel.</param>
/// <param name="Reason">The kind of failure and what it was.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="At">Since when it waits.</param>
public sealed record DeadFetch(string Id, string Connector, string Target, string? Reason, int Attempts, DateTimeOffset? At);

/// <summary>Fetches that wait for a person, and what they do about them.</summary>
/// <remarks>
/// A later fetch of the same resource through the queue, for another hint or a replay, ends the wait: what the dead one was to bring has come. A reconciliation does not: it compares lists, and its success proves nothing about the
/// resource that could not be read.
/// </remarks>
public sealed class DeadFetches(ConnectorCatalog connectors, WorkQueue work)
{
    private const string Mark = ".fetch-";

    /// <summary>By connector and id, after an earlier page's last id.</summary>
    public async ValueTask<Page<DeadFetch>> ListAsync(string? connector, int limit, string? after, CancellationToken cancellationToken)
    {
        var (found, from) = (new List<DeadFetch>(), after is null ? null : PartsOf(after));
        foreach (var name in connectors.All.OfType<IFetchConnector>().Select(one => one.Name).Where(name => connector is null || name == connector).Order(StringComparer.Ordinal))
        {
            if (from is not null && string.CompareOrdinal(name, from.Value.Connector) < 0)
                continue;
            var dead = await work.DeadAsync(WorkQueue.FetchKind, name, name == from?.Connector ? from.Value.Item : null, limit - found.Count, cancellationToken);
            found.AddRange(dead.Select(one => Describe(one.Work, one.Item)));
            if (found.Count >= limit)
                return new(found, found[^1].Id);
        }
        return new(found, null);
    }

    /// <summary>Fetched again, now. False when nothing of this id waits.</summary>
    public ValueTask<bool> RetryAsync(string id, CancellationToken cancellationToken) => PartsOf(id) is var (connector, item)
        ? work.ReviveAsync(WorkQueue.FetchKind, connector, item, cancellationToken)
        : ValueTask.FromResult(false);

    /// <summary>Given up. False when nothing of this id waits.</summary>
    public ValueTask<bool> DiscardAsync(string id, CancellationToken cancellationToken) => PartsOf(id) is var (connector, item)
        ? work.DiscardAsync(WorkQueue.FetchKind, connector, item, cancellationToken)
        : ValueTask.FromResult(false);

    private static DeadFetch Describe(WorkItem dead, StoredItem item) =>
        new($"{dead.Connector}{Mark}{item.Id}", dead.Connector, dead.Target.Split('?')[0], dead.Reason, dead.Attempts, dead.DeadAt);

    private (string Connector, string Item)? PartsOf(string id) =>
        id.LastIndexOf(Mark, StringComparison.Ordinal) is var at and > 0 && connectors.Find(id[..at]) is IFetchConnector && StoreLimits.IsValidId(id[(at + Mark.Length)..])
            ? (id[..at], id[(at + Mark.Length)..])
            : null;
}
