namespace ValueChainHub.Infrastructure.Sqlite;

/// <summary>Something to write: applied by the writer inside a group's transaction, answered when the group is durable.</summary>
internal abstract class SqliteWork(CancellationToken cancellationToken)
{
    /// <summary>Looked at until the group takes the work; from then on it runs to its end.</summary>
    public bool IsCancelled => cancellationToken.IsCancellationRequested;

    protected CancellationToken Cancellation => cancellationToken;

    /// <summary>Checks, then writes. Must not write before it knows that it will write all.</summary>
    public abstract void Apply(SqliteGroup group);

    /// <summary>The group is durable.</summary>
    public abstract void Complete();

    /// <summary>Nothing of the group was stored, unless the fault says that this is not known.</summary>
    public abstract void Fail(Exception fault);

    public abstract void Cancel();
}

/// <summary>Work with an answer for its caller.</summary>
internal abstract class SqliteWork<TAnswer>(CancellationToken cancellationToken) : SqliteWork(cancellationToken)
{
    // Callers go on elsewhere: the writer's thread belongs to the next group.
    private readonly TaskCompletionSource<TAnswer> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TAnswer? _answer;

    public Task<TAnswer> Answered => _answered.Task;

    public sealed override void Apply(SqliteGroup group) => _answer = Write(group);

    public sealed override void Complete() => _answered.TrySetResult(_answer!);

    public sealed override void Fail(Exception fault) => _answered.TrySetException(fault is SqliteFault known ? Explain(known) : fault);

    public sealed override void Cancel() => _answered.TrySetCanceled(Cancellation);

    protected abstract TAnswer Write(SqliteGroup group);

    /// <summary>Says a fault in the words of the port.</summary>
    protected abstract Exception Explain(SqliteFault fault);
}
