using ValueChainHub.Core.Storage;

namespace ValueChainHub.Testing.Storage;

/// <summary>A store that writes a bill: what each call would cost in Azure Cosmos DB by the published table of item sizes.</summary>
/// <remarks>
/// A point read of 1 KB costs 1 request unit and one of 100 KB costs 10, a write 5 and 50; in between in a straight line, below 1 KB as 1 KB. A change of a feed and an item of a
/// range are priced as point reads, a page without any as one. A replace is priced as one write here and noted as such, so that a reader may count it twice.
/// </remarks>
public sealed class MeteredHubStore(IHubStore inner, Func<StoredItem, int> sizeOf) : IHubStore
{
    private readonly Lock _gate = new();
    private readonly List<BillLine> _bill = [];

    /// <summary>The lines so far, each call one or more.</summary>
    public IReadOnlyList<BillLine> Bill
    {
        get
        {
            lock (_gate)
                return [.. _bill];
        }
    }

    /// <summary>Begins a new bill.</summary>
    public void Clear()
    {
        lock (_gate)
            _bill.Clear();
    }

    public async ValueTask<StoredItem?> ReadAsync(string container, string partition, string id, CancellationToken cancellationToken)
    {
        var item = await inner.ReadAsync(container, partition, id, cancellationToken);
        Note("read", container, id, item is null ? 1 : Read(item));
        return item;
    }

    public async ValueTask<IReadOnlyList<StoredItem>> ReadRangeAsync(string container, string partition, IdRange range, int limit, CancellationToken cancellationToken)
    {
        var items = await inner.ReadRangeAsync(container, partition, range, limit, cancellationToken);
        Note("range", container, range.From ?? "", Math.Max(1, items.Sum(Read)));
        return items;
    }

    public async ValueTask<CommitResult> CommitAsync(string container, string partition, IReadOnlyList<WriteOperation> operations, CancellationToken cancellationToken)
    {
        var result = await inner.CommitAsync(container, partition, operations, cancellationToken);
        foreach (var operation in operations)
        {
            var (verb, body) = operation switch
            {
                WriteOperation.Create create => ("create", create.Body),
                WriteOperation.Put put => ("replace", put.Body),
                WriteOperation.Replace replace => ("replace", replace.Body),
                _ => ("delete", default),
            };
            Note(result is CommitResult.Committed ? verb : "refused", container, operation.Id, Write(new StoredItem(partition, operation.Id, body, "")));
        }
        return result;
    }

    public async ValueTask<FeedPage> ReadFeedAsync(string container, FeedPosition from, int limit, string? idPrefix, CancellationToken cancellationToken)
    {
        // Without the prefix, as Cosmos does: its feed answers every change, and what is left out is paid all the same.
        var whole = await inner.ReadFeedAsync(container, from, limit, null, cancellationToken);
        if (whole.Changes.Count == 0)
            Note("feed", container, "nothing", 1);
        foreach (var change in whole.Changes)
            Note("feed", container, change.Item.Id, Read(change.Item));
        return whole with { Changes = [.. whole.Changes.Where(change => idPrefix is null || change.Item.Id.StartsWith(idPrefix, StringComparison.Ordinal))] };
    }

    public ValueTask WaitForChangesAsync(string container, FeedPosition from, TimeSpan patience, CancellationToken cancellationToken) =>
        inner.WaitForChangesAsync(container, from, patience, cancellationToken);

    private double Read(StoredItem item) => Price(1, 10, item);

    private double Write(StoredItem item) => Price(5, 50, item);

    private double Price(double atOne, double atHundred, StoredItem item) => atOne + ((atHundred - atOne) / 99 * Math.Max(0, (sizeOf(item) / 1024.0) - 1));

    private void Note(string verb, string container, string id, double units)
    {
        lock (_gate)
            _bill.Add(new(verb, container, id, units));
    }
}

/// <summary>One line of a bill.</summary>
/// <param name="Verb">create, replace, delete, refused, read, range or feed.</param>
/// <param name="Container">Where.</param>
/// <param name="Id">The item, or where a range begins.</param>
/// <param name="Units">Request units.</param>
public sealed record BillLine(string Verb, string Container, string Id, double Units);
