namespace ValueChainHub.CosmosWire.Store;

internal sealed partial class PartitionRange
{
    /// <summary>All versions in the order of their numbers; the superseded ones are skipped, and swept when they are the most.</summary>
    private List<WireItem> _log = [];
    private int _superseded;

    /// <summary>Does all operations, or none of them and says which one failed; the others are 424 then.</summary>
    public IReadOnlyList<ItemResult> Commit(string partition, IReadOnlyList<ItemOperation> operations)
    {
        lock (_gate)
        {
            var (before, results) = (new Dictionary<string, WireItem?>(), new List<ItemResult>());
            var now = container.Time.GetUtcNow();
            foreach (var operation in operations)
            {
                before.TryAdd(operation.Id, _partitions.GetValueOrDefault(partition)?.Find(operation.Id));
                results.Add(Apply(partition, operation, now));
                if (!results[^1].Succeeded)
                    return Undone(partition, operations, before, results);
            }

            Log(partition, before);
            return results;
        }
    }

    private ItemResult Apply(string partition, ItemOperation operation, DateTimeOffset now)
    {
        var current = Living(partition, operation.Id);
        if (Refusal(operation, current) is { } status)
            return new(operation, status);
        if (operation.Verb is ItemVerb.Read)
            return new(operation, 200, current);
        var next = operation.Document is { } document ? container.NewVersion(document, partition, current, _lsn + 1, now) : null;
        Partition(partition).Set(operation.Id, next);
        return next is null ? new(operation, 204, current) : new(operation, current is null ? 201 : 200, next, Replaced: current is not null);
    }

    private static int? Refusal(ItemOperation operation, WireItem? current) => operation.Refused ?? (operation.Verb, current) switch
    {
        (ItemVerb.Create, not null) => 409,
        (ItemVerb.Read or ItemVerb.Replace or ItemVerb.Delete, null) => 404,
        (_, not null) when operation.IfMatch is { } etag && etag != "*" && etag != current.ETag => 412,
        (ItemVerb.Upsert, null) when operation.IfMatch is not null => 412,
        _ => null,
    };

    private List<ItemResult> Undone(string partition, IReadOnlyList<ItemOperation> operations, Dictionary<string, WireItem?> before, List<ItemResult> results)
    {
        foreach (var (id, item) in before.Where(one => _partitions.ContainsKey(partition)))
            Partition(partition).Set(id, item);
        var failed = results.Count - 1;
        return [.. operations.Select((operation, index) => index == failed ? results[failed] : Undone(operation, index < failed ? results[index].Charge : 0))];
    }

    /// <summary>Assumed: what was done and undone again is charged like what was done.</summary>
    private static ItemResult Undone(ItemOperation operation, double charge) => new(operation, ItemResult.FailedDependency) { Charge = charge };

    private void Log(string partition, Dictionary<string, WireItem?> before)
    {
        var changed = false;
        foreach (var (id, old) in before)
        {
            var current = _partitions.GetValueOrDefault(partition)?.Find(id);
            if (ReferenceEquals(current, old))
                continue;
            changed = true;
            if (old is not null)
                (old.Superseded, _superseded) = (true, _superseded + 1);
            if (current is not null)
                _log.Add(current);
        }

        if (changed)
            Interlocked.Increment(ref _lsn);
        if (_superseded > 1000 && _superseded > _log.Count / 2)
            (_log, _superseded) = ([.. _log.Where(item => !item.Superseded)], 0);
    }
}
