using Polly;
using Polly.CircuitBreaker;
using Refit;
using ValueChainHub.Core;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Kit;

/// <summary>The line by which one connector calls its vendor: its rate limit, its breaker, one limit of time and size, one reading of failures (ADR 12).</summary>
internal sealed class VendorLine : IVendorLine
{
    public const long LargestAnswer = 8 * 1024 * 1024;

    public static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(10);

    /// <summary>The hub's share of a limit that the brand's other programs live by too.</summary>
    private const int ShareOfLimit = 2;

    /// <summary>Waits between tries while the vendor does not answer; its Retry-After wins.</summary>
    private static readonly TimeSpan FirstBreak = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestBreak = TimeSpan.FromMinutes(1);

    /// <summary>Refused credentials need a person. One try now and then finds out that somebody has mended them at the vendor.</summary>
    private static readonly TimeSpan RefusedBreak = TimeSpan.FromMinutes(5);

    /// <summary>A try is over by then; if nobody has heard of it, the next one may go.</summary>
    private static readonly TimeSpan LongestTry = LongestCall + TimeSpan.FromSeconds(2);

    /// <summary>What has begun waits so long for its next call.</summary>
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(3);

    private static readonly ResiliencePropertyKey<TimeSpan> AskedPause = new("hub.asked-pause");

    private readonly string _connector;
    private readonly TimeProvider _time;
    private readonly VendorPace _pace;
    private readonly bool _learnsLimit;
    private readonly RefusalFormat _refusals;
    private readonly CircuitBreakerStateProvider _circuit = new();
    private readonly ResiliencePipeline<VendorReply> _pipeline;
    private readonly Lock _lock = new();
    private DateTimeOffset? _brokenUntil;
    private DateTimeOffset? _refusedUntil;
    private string? _reason;

    /// <param name="limit">The hub's share until the vendor says otherwise.</param>
    /// <param name="time">What waits are counted by.</param>
    /// <param name="connector">Whose line it is, for what is counted.</param>
    /// <param name="learnsLimit">Whether the share follows what the vendor's headers grant; false when a person has set it.</param>
    /// <param name="refusals">Where the vendor puts its code and the id of the request; nowhere, if not said.</param>
    public VendorLine(CallLimit limit, TimeProvider time, string connector, bool learnsLimit = true, RefusalFormat? refusals = null)
    {
        _connector = connector;
        (_time, _pace, _learnsLimit, _refusals) = (time, new(limit, time), learnsLimit, refusals ?? RefusalFormat.None);
        _pipeline = new ResiliencePipelineBuilder<VendorReply> { TimeProvider = time }
            .AddCircuitBreaker(new()
            {
                FailureRatio = 0.5,
                MinimumThroughput = 3,
                SamplingDuration = TimeSpan.FromSeconds(60),
                BreakDurationGenerator = BreakFor,
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Result?.Failure?.Kind is FailureKind.Unavailable or FailureKind.Timeout),
                StateProvider = _circuit,
                OnOpened = args => Set(_time.GetUtcNow() + args.BreakDuration, args.Outcome.Result?.Failure?.Reason),
                OnHalfOpened = _ => Set(_time.GetUtcNow() + LongestTry, _reason),
                OnClosed = _ => Set(null, null),
            })
            .Build();
    }

    public DateTimeOffset? NotBefore
    {
        get
        {
            lock (_lock)
                return Later(Later(_refusedUntil, _brokenUntil), _pace.NotBefore);
        }
    }

    public bool Stands
    {
        get
        {
            lock (_lock)
                return _refusedUntil is null && _brokenUntil is null;
        }
    }

    public LineState Read()
    {
        lock (_lock)
        {
            var breaker = _refusedUntil is not null || _circuit.CircuitState is CircuitState.Open ? "open" : _circuit.CircuitState is CircuitState.HalfOpen ? "halfOpen" : "closed";
            return new(breaker, _reason, Later(Later(_refusedUntil, _brokenUntil), _pace.NotBefore), _pace.Limit.Calls, _pace.Limit.Per.TotalSeconds);
        }
    }

    /// <summary>Makes one call if the line allows it. Whatever the vendor answers is an outcome; only the caller's own cancellation is thrown.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">The caller's own.</param>
    /// <param name="finishes">It finishes what a call before it has begun. Put off for the rate limit, all of it would be begun anew, and beginnings alone could use up the limit for ever: it waits its short turn.</param>
    public async Task<VendorReply> CallAsync(Func<CancellationToken, Task<HttpResponseMessage>> call, CancellationToken cancellationToken, bool finishes = false)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if ((finishes ? await TakeShortlyAsync(cancellationToken) : Take()) is { } later)
            return PutOff(later);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            var outcome = await _pipeline.ExecuteOutcomeAsync(AskAsync, context, call);
            if (outcome.Exception is BrokenCircuitException broken)
                return PutOff(_time.GetUtcNow() + (broken.RetryAfter ?? FirstBreak));
            outcome.ThrowIfException();
            return Judge(outcome.Result!);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private DateTimeOffset? Take() => NotBefore ?? TryRefused() ?? _pace.Take();

    /// <summary>The right to a call, waited for where the rate limit alone is in the way.</summary>
    private async Task<DateTimeOffset?> TakeShortlyAsync(CancellationToken cancellationToken)
    {
        for (var began = _time.GetTimestamp(); ;)
        {
            if (Take() is not { } later)
                return null;
            var pause = later - _time.GetUtcNow();
            if (!Stands || _time.GetElapsedTime(began) + pause > LongestTurn)
                return later;
            await Task.Delay(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, _time, cancellationToken);
        }
    }

    /// <summary>The body of the answer, or why there is none.</summary>
    public async Task<(byte[]? Body, CallFailure Failure)> ReadAsync(Func<CancellationToken, Task<HttpResponseMessage>> call, CancellationToken cancellationToken)
    {
        var reply = await CallAsync(call, cancellationToken);
        return reply.Failure is { } failure ? (null, failure) : (reply.Body, default);
    }

    /// <summary>The vendor says in the body of its answer that nothing is left before this time.</summary>
    public void Hold(DateTimeOffset until) => _pace.Hold(until);

    /// <summary>The vendor says in the body of its answer how many calls a second it grants: half of them are the hub's, but never fewer than these.</summary>
    public void Learn(decimal granted, int atLeast)
    {
        if (_learnsLimit)
            _pace.Learn(CallLimit.PerSecond(Math.Max(atLeast, (int)Math.Min(granted / ShareOfLimit, 10_000))));
    }

    private async ValueTask<Outcome<VendorReply>> AskAsync(ResilienceContext context, Func<CancellationToken, Task<HttpResponseMessage>> call)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        limit.CancelAfter(LongestCall);
        try
        {
            using var response = await call(limit.Token);
            await response.Content.LoadIntoBufferAsync(LargestAnswer, limit.Token);
            var reply = await ReadAsync(response, limit.Token);
            if (reply.Failure?.NotBefore - _time.GetUtcNow() is { } pause)
                context.Properties.Set(AskedPause, pause);
            return Outcome.FromResult(reply);
        }
        catch (Exception fault) when (fault is OperationCanceledException or HttpRequestException or ApiExceptionBase or IOException)
        {
            if (context.CancellationToken.IsCancellationRequested)
                return Outcome.FromException<VendorReply>(new OperationCanceledException(context.CancellationToken));
            return Outcome.FromResult(VendorReply.None(limit.IsCancellationRequested
                ? new(FailureKind.Timeout, "no answer in time", null)
                : new(FailureKind.Unavailable, "the vendor could not be reached", null)));
        }
    }

    private async Task<VendorReply> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (_learnsLimit && RateHeaders.PerSecond(response) is { } granted and > 0)
            _pace.Learn(CallLimit.PerSecond(Math.Max(1, granted / ShareOfLimit)));
        var held = RateHeaders.HeldUntil(response, _pace.Limit, now);
        if (held is { } until)
            _pace.Hold(until);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var requestId = _refusals.RequestIdOf(response);
        CallFailure? failure = response.IsSuccessStatusCode ? null : CallFailure.Of(response, now) with { Marks = _refusals.Read(body, requestId) };
        return new(response.StatusCode, response.Headers.Location, body, failure is { Kind: FailureKind.Throttled } throttled ? throttled with { NotBefore = held } : failure, requestId);
    }

    /// <summary>Refused credentials break the line at once; an answer that looked at what was asked proves them.</summary>
    private VendorReply Judge(VendorReply reply)
    {
        if (reply.Failure?.Kind == FailureKind.Unauthorized)
            HubTelemetry.Unauthorized.Add(1, new KeyValuePair<string, object?>("connector", _connector));
        lock (_lock)
        {
            if (reply.Failure?.Kind == FailureKind.Unauthorized)
                (_refusedUntil, _reason) = (_time.GetUtcNow() + RefusedBreak, reply.Failure.Value.Reason);
            else if (_refusedUntil is not null && reply.Failure?.Kind is null or FailureKind.Refused or FailureKind.Throttled)
                (_refusedUntil, _reason) = (null, null);
        }
        return reply;
    }

    /// <summary>After refused credentials one caller tries; the others stay away meanwhile.</summary>
    private DateTimeOffset? TryRefused()
    {
        lock (_lock)
        {
            if (_refusedUntil is not { } until)
                return null;
            if (until > _time.GetUtcNow())
                return until;
            _refusedUntil = _time.GetUtcNow() + LongestTry;
            return null;
        }
    }

    private static ValueTask<TimeSpan> BreakFor(BreakDurationGeneratorArguments args)
    {
        var pause = FirstBreak * Math.Pow(2, Math.Min(args.HalfOpenAttempts, 10));
        pause = pause < LongestBreak ? pause : LongestBreak;
        return ValueTask.FromResult(args.Context.Properties.TryGetValue(AskedPause, out var asked) && asked > pause ? asked : pause);
    }

    private ValueTask Set(DateTimeOffset? brokenUntil, string? reason)
    {
        lock (_lock)
            (_brokenUntil, _reason) = (brokenUntil, _refusedUntil is null ? reason : _reason);
        return ValueTask.CompletedTask;
    }

    private DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other)
    {
        var later = one is null || other > one ? other : one;
        return later > _time.GetUtcNow() ? later : null;
    }

    private static VendorReply PutOff(DateTimeOffset until) => VendorReply.None(new(FailureKind.Throttled, "the line to the vendor is closed for now", until));
}

/// <summary>What a vendor answered, whatever it was; or why there is no answer.</summary>
/// <param name="Status">Null when nothing answered.</param>
/// <param name="Location">Where the answer points to.</param>
/// <param name="Body">Empty when nothing answered.</param>
/// <param name="Failure">Null for a status of success.</param>
/// <param name="RequestId">The vendor's id of the request, from a header.</param>
internal sealed record VendorReply(System.Net.HttpStatusCode? Status, Uri? Location, byte[] Body, CallFailure? Failure, string? RequestId = null)
{
    public static VendorReply None(CallFailure failure) => new(null, null, [], failure);
}
