namespace ValueChainHub.Core.Intake;

/// <summary>How many webhooks are being answered right now. Acknowledgements go first: a vendor waits a second, the record may wait a little longer.</summary>
public sealed class IntakePressure(TimeProvider time)
{
    /// <summary>With fewer requests at once there is nothing to give way to.</summary>
    private const int Crowd = 8;

    /// <summary>Under pressure the fold rests as long as it worked: it keeps half of the time, so it never stands still and what was handed over is seldom made again.</summary>
    private const int RestPerWork = 1;

    private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(500);
    private int _inFlight;

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Leave() => Interlocked.Decrement(ref _inFlight);

    /// <summary>Rests after work that began at <paramref name="began"/> (a timestamp), if webhooks are crowding in.</summary>
    public async ValueTask GiveWayAsync(long began, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _inFlight) < Crowd)
            return;
        var rest = RestPerWork * time.GetElapsedTime(began);
        await Task.Delay(rest < LongestRest ? rest : LongestRest, time, cancellationToken);
    }
}
