namespace ValueChainHub.Core.Storage;

/// <summary>The checks of arguments that every store makes before it does anything (contract case 14).</summary>
public static class StoreArguments
{
    /// <exception cref="ArgumentException">The hub has no such container.</exception>
    public static void CheckContainer(string container)
    {
        if (!HubContainers.All.Contains(container))
        {
            throw new ArgumentException("The hub has no container of this name.", nameof(container));
        }
    }

    /// <exception cref="ArgumentException">The partition or the id breaks <see cref="StoreLimits"/>.</exception>
    public static void CheckKey(string container, string partition, string id)
    {
        CheckPartition(container, partition);
        CheckId(id);
    }

    public static void CheckRange(string container, string partition, int limit)
    {
        CheckPartition(container, partition);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
    }

    public static void CheckFeed(string container, FeedPosition from, int limit)
    {
        CheckContainer(container);
        ArgumentNullException.ThrowIfNull(from);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
    }

    /// <exception cref="ArgumentException">The commit is one that no store takes.</exception>
    public static void CheckCommit(string container, string partition, IReadOnlyList<WriteOperation> operations)
    {
        CheckPartition(container, partition);
        ArgumentNullException.ThrowIfNull(operations);
        if (operations.Count is 0 or > StoreLimits.OperationsPerCommit)
        {
            throw new ArgumentException($"A commit has 1 to {StoreLimits.OperationsPerCommit} operations.", nameof(operations));
        }

        var bytes = 0L;
        for (var index = 0; index < operations.Count; index++)
        {
            bytes += CheckOperation(operations[index]);
        }

        if (bytes > StoreLimits.ItemBytes)
        {
            throw new ArgumentException($"The bodies of a commit have {bytes} bytes; the most is {StoreLimits.ItemBytes}.", nameof(operations));
        }

        if (operations.Count > 1 && operations.Select(operation => operation.Id).Distinct().Count() < operations.Count)
        {
            throw new ArgumentException("Two operations of one commit name the same id.", nameof(operations));
        }
    }

    private static void CheckPartition(string container, string partition)
    {
        CheckContainer(container);
        if (!StoreLimits.IsValidId(partition))
        {
            throw new ArgumentException("The partition is empty, too long, or has a character that no store takes.", nameof(partition));
        }
    }

    /// <summary>The bytes of its body.</summary>
    private static int CheckOperation(WriteOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        CheckId(operation.Id);
        var (body, timeToLive) = operation switch
        {
            WriteOperation.Create create => (create.Body, create.TimeToLive),
            WriteOperation.Put put => (put.Body, put.TimeToLive),
            WriteOperation.Replace replace => (replace.Body, replace.TimeToLive),
            _ => (default, null),
        };
        if (body.Length > StoreLimits.ItemBytes)
        {
            throw new ArgumentException($"A body has {body.Length} bytes; the most is {StoreLimits.ItemBytes}.", nameof(operation));
        }

        if (timeToLive <= TimeSpan.Zero)
        {
            throw new ArgumentException("A time to live must be positive.", nameof(operation));
        }

        return body.Length;
    }

    private static void CheckId(string id)
    {
        if (!StoreLimits.IsValidId(id))
        {
            throw new ArgumentException("The id is empty, too long, or has a character that no store takes.", nameof(id));
        }
    }
}
