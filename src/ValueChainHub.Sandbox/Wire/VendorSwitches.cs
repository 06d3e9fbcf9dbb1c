namespace ValueChainHub.Sandbox.Wire;

/// <summary>How a vendor is down.</summary>
public enum Outage
{
    /// <summary>Connections end without an answer.</summary>
    Refuse,

    /// <summary>Every call is answered 500.</summary>
    ServerError,

    /// <summary>Calls are taken and not answered as long as it lasts.</summary>
    Hang,
}

/// <summary>What goes wrong with one vendor, to be changed while it runs. Its webhooks are another machine than its API: an outage of the one leaves the other alone.</summary>
public sealed class VendorSwitches(Faults faults, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _gate = new();
    private (Outage Kind, DateTimeOffset Until)? _outage;
    private DateTimeOffset _throttledUntil;
    private Faults _faults = faults;

    /// <summary>The faults that fall by chance, from now on: <c>Faults = Faults.With(Fault.Loss, 0.05)</c> loses every twentieth webhook.</summary>
    public Faults Faults
    {
        get => Volatile.Read(ref _faults);
        set => Volatile.Write(ref _faults, value);
    }

    /// <summary>How the API is down now; null when it is up.</summary>
    public Outage? Down
    {
        get
        {
            lock (_gate)
                return _outage is var (kind, until) && until > _time.GetUtcNow() ? kind : null;
        }
    }

    /// <summary>Whether the API refuses every call for being one too many.</summary>
    public bool Throttles
    {
        get
        {
            lock (_gate)
                return _throttledUntil > _time.GetUtcNow();
        }
    }

    /// <param name="kind">How.</param>
    /// <param name="span">For how long; until <see cref="Restore"/> when null.</param>
    public void TakeDown(Outage kind, TimeSpan? span = null)
    {
        lock (_gate)
            _outage = (kind, UntilOf(span));
    }

    /// <inheritdoc cref="TakeDown"/>
    public void Throttle(TimeSpan? span = null)
    {
        lock (_gate)
            _throttledUntil = UntilOf(span);
    }

    /// <summary>Up, and with its usual allowance. The faults of chance stay as they are.</summary>
    public void Restore()
    {
        lock (_gate)
            (_outage, _throttledUntil) = (null, default);
    }

    private DateTimeOffset UntilOf(TimeSpan? span) => span is { } known ? _time.GetUtcNow() + known : DateTimeOffset.MaxValue;
}
