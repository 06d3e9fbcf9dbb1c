namespace ValueChainHub.Sandbox.Vendors;

/// <summary>How many calls of its API a vendor grants in a stretch of time.</summary>
internal sealed class Allowance(int calls, TimeSpan window, TimeProvider time)
{
    /// <summary>How many a window has.</summary>
    public int Calls => calls;

    private readonly Lock _gate = new();
    private DateTimeOffset _since;
    private int _used;

    /// <summary>Takes one call.</summary>
    /// <returns>How many are left, -1 when this one was too many; and when there are new ones.</returns>
    public (int Left, TimeSpan Until) Take()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (now >= _since + window)
                (_since, _used) = (now, 0);
            if (_used <= calls)
                _used++;
            return (calls - _used, _since + window - now);
        }
    }
}
