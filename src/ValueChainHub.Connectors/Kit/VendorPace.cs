namespace ValueChainHub.Connectors.Kit;

/// <summary>A vendor's limit, or the share of it that the hub takes: so many calls in any span of this length.</summary>
internal readonly record struct CallLimit(int Calls, TimeSpan Per)
{
    public static CallLimit PerSecond(int calls) => new(calls, TimeSpan.FromSeconds(1));

    public static CallLimit PerMinute(int calls) => new(calls, TimeSpan.FromMinutes(1));
}

/// <summary>Keeps calls below a limit and lets nobody wait in line: who may not call now is told when to come back.</summary>
/// <remarks>Counts any span, not the vendor's own windows: whether those are fixed, sliding or a bucket that leaks, they never see more than the limit.</remarks>
internal sealed class VendorPace(CallLimit limit, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Queue<DateTimeOffset> _granted = new();
    private CallLimit _limit = limit;
    private DateTimeOffset _heldUntil;

    public CallLimit Limit
    {
        get
        {
            lock (_lock)
                return _limit;
        }
    }

    /// <summary>Null: a call may be made now. Otherwise when.</summary>
    public DateTimeOffset? NotBefore
    {
        get
        {
            lock (_lock)
                return NextFree(time.GetUtcNow());
        }
    }

    /// <summary>Takes the right to one call. Null: call now. Otherwise nothing was taken, and this is when to come back.</summary>
    public DateTimeOffset? Take()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (NextFree(now) is { } later)
                return later;
            _granted.Enqueue(now);
            return null;
        }
    }

    /// <summary>The vendor says that nothing is left before this time.</summary>
    public void Hold(DateTimeOffset until)
    {
        lock (_lock)
            _heldUntil = until > _heldUntil ? until : _heldUntil;
    }

    /// <summary>The vendor says that the limit is another one.</summary>
    public void Learn(CallLimit limit)
    {
        lock (_lock)
            _limit = limit;
    }

    private DateTimeOffset? NextFree(DateTimeOffset now)
    {
        while (_granted.TryPeek(out var oldest) && oldest + _limit.Per <= now)
            _granted.Dequeue();
        if (_heldUntil > now)
            return _heldUntil;
        return _granted.Count < _limit.Calls ? null : _granted.ElementAt(_granted.Count - _limit.Calls) + _limit.Per;
    }
}
