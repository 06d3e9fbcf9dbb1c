namespace ValueChainHub.Connectors.Gladly;

/// <summary>Keeps the hub below its share of the organisation's requests a second, and lets nobody wait in line: who may not go now is told when to come back.</summary>
internal sealed class GladlyPace(TimeProvider time, int perSecond)
{
    private readonly Lock _lock = new();
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(1) / perSecond;
    private DateTimeOffset _second;
    private int _used;
    private DateTimeOffset _blockedUntil;
    private DateTimeOffset _spread;

    /// <summary>Null: go now. Otherwise when to come back; those sent away are spread over the time to come at the pace that is allowed.</summary>
    public DateTimeOffset? Wait()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (now >= _second.AddSeconds(1))
                (_second, _used) = (now, 0);
            if (now >= _blockedUntil && _used < perSecond)
            {
                _used++;
                return null;
            }
            var free = _blockedUntil > _second.AddSeconds(1) ? _blockedUntil : _second.AddSeconds(1);
            return _spread = _spread + _interval > free ? _spread + _interval : free;
        }
    }

    /// <summary>Gladly says that nothing is left before this time.</summary>
    public void Block(DateTimeOffset until)
    {
        lock (_lock)
            _blockedUntil = until > _blockedUntil ? until : _blockedUntil;
    }
}
