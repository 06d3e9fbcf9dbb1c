namespace ValueChainHub.Sandbox.Vendors.State;

/// <summary>A write that a vendor answered with success.</summary>
/// <param name="Operation">The vendor's word for it: <c>tagsAdd</c>, <c>POST /api/events</c>.</param>
/// <param name="Key">What was written: an account, an address, an id of the writer's own.</param>
/// <param name="Changed">False: the vendor had it already.</param>
public sealed record AcceptedWrite(string Operation, string Key, bool Changed, DateTimeOffset At);

/// <summary>Every write that a vendor accepted, in the order in which it did.</summary>
public sealed class WriteLog(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<AcceptedWrite> _all = [];

    public IReadOnlyList<AcceptedWrite> All
    {
        get
        {
            lock (_gate)
                return [.. _all];
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
                return _all.Count;
        }
    }

    /// <summary>How often each thing was written, by operation and key.</summary>
    public IReadOnlyDictionary<(string Operation, string Key), int> ByKey() => All.CountBy(one => (one.Operation, one.Key)).ToDictionary();

    internal void Accept(string operation, string key, bool changed)
    {
        lock (_gate)
            _all.Add(new(operation, key, changed, time.GetUtcNow()));
    }
}
