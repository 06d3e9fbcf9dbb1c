using System.Diagnostics.Metrics;
using System.Net;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Testing;

namespace ValueChainHub.Connectors.Tests.Kit;

public sealed class VendorLineTests
{
    private readonly ManualTime _time = new();
    private readonly VendorLine _line;
    private int _calls;
    private Func<CancellationToken, Task<HttpResponseMessage>> _vendor = _ => Status(HttpStatusCode.OK);

    public VendorLineTests() => _line = new(CallLimit.PerSecond(1_000), _time, "line-under-test");

    [Fact]
    public async Task A_vendor_that_answers_keeps_the_line_closed_whatever_it_refuses()
    {
        _vendor = _ => Status(HttpStatusCode.NotFound);

        for (var call = 0; call < 50; call++)
            (await CallAsync()).Failure!.Value.Kind.ShouldBe(FailureKind.Refused);

        _line.Stands.ShouldBeTrue();
        _line.Read().Breaker.ShouldBe("closed");
        _calls.ShouldBe(50);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_vendor_that_is_down_is_tried_with_single_calls_further_and_further_apart(bool refusesConnections)
    {
        _vendor = refusesConnections ? _ => throw new HttpRequestException("refused") : _ => Status(HttpStatusCode.InternalServerError);

        // Somebody knocks every second for ten minutes.
        var at = new List<double>();
        for (var second = 0; second < 600; second++)
        {
            var before = _calls;
            for (var knock = 0; knock < 5; knock++)
                await CallAsync();
            at.AddRange(Enumerable.Repeat((double)second, _calls - before));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        at.Take(7).ShouldBe([0, 0, 0, 5, 15, 35, 75]);
        at.Skip(6).Zip(at.Skip(7), (one, next) => next - one).ShouldAllBe(pause => pause == 60);
        _line.Read().Breaker.ShouldBe("open");
        _line.Read().Reason.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Every_refusal_of_our_credentials_is_counted_under_the_connector_so_that_an_alert_can_see_it()
    {
        var counted = new List<(long Value, string? Connector)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument == HubTelemetry.Unauthorized)
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => counted.Add((value, (string?)tags[0].Value)));
        listener.Start();
        _vendor = _ => Status(HttpStatusCode.Forbidden);

        await CallAsync();
        await CallAsync();

        counted.Count(one => one == (1, "line-under-test")).ShouldBe(1, "the line is closed after the first");
    }

    [Fact]
    public async Task One_answer_closes_the_line_again()
    {
        await BreakAsync();
        _vendor = _ => Status(HttpStatusCode.OK);
        (await CallAsync()).Failure!.Value.Kind.ShouldBe(FailureKind.Throttled, "nothing is asked while it is open");

        _time.Set(_line.NotBefore!.Value);
        _line.Stands.ShouldBeFalse("a try is not yet an answer");
        (await CallAsync()).Failure.ShouldBeNull();

        _line.Stands.ShouldBeTrue();
        _line.Read().ShouldBe(new LineState("closed", null, null, 1_000, 1));
        for (var call = 0; call < 20; call++)
            (await CallAsync()).Failure.ShouldBeNull();
    }

    [Fact]
    public async Task While_a_try_is_on_its_way_nobody_else_calls()
    {
        await BreakAsync();
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        _vendor = _ => answer.Task;
        _time.Set(_line.NotBefore!.Value);
        var calls = _calls;

        var first = CallAsync();
        var others = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => CallAsync()));
        _line.Read().Breaker.ShouldBe("halfOpen");
        answer.SetResult(new(HttpStatusCode.OK));
        (await first).Failure.ShouldBeNull();

        others.ShouldAllBe(reply => reply.Failure!.Value.Kind == FailureKind.Throttled && reply.Failure.Value.NotBefore > _time.GetUtcNow());
        _calls.ShouldBe(calls + 1);
    }

    [Fact]
    public async Task A_try_that_was_cancelled_does_not_close_the_line_for_ever()
    {
        await BreakAsync();
        using var stop = new CancellationTokenSource();
        _vendor = async token =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return new(HttpStatusCode.OK);
        };
        _time.Set(_line.NotBefore!.Value);
        var tried = CallUntilAsync(stop.Token);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => tried);

        _vendor = _ => Status(HttpStatusCode.OK);
        if (_line.NotBefore is { } later)
            _time.Set(later);
        (await CallAsync()).Failure.ShouldBeNull();
        _line.Stands.ShouldBeTrue();
    }

    [Fact]
    public async Task The_vendors_own_wish_wins_over_our_schedule()
    {
        _vendor = _ => Status(HttpStatusCode.ServiceUnavailable, retryAfter: "90");

        await BreakAsync(() => { });

        _line.NotBefore.ShouldBe(_time.GetUtcNow().AddSeconds(90));
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden)]
    public async Task Refused_credentials_open_the_line_at_once_and_are_tried_once_in_five_minutes(HttpStatusCode status)
    {
        _vendor = _ => Status(status);
        (await CallAsync()).Failure!.Value.Kind.ShouldBe(FailureKind.Unauthorized);
        _line.Read().ShouldBe(new LineState("open", $"HTTP {(int)status}", _time.GetUtcNow().AddMinutes(5), 1_000, 1));

        for (var second = 0; second < 1_800; second++)
        {
            await CallAsync();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _calls.ShouldBe(1 + 5);
        _vendor = _ => Status(HttpStatusCode.OK);
        _time.Advance(TimeSpan.FromMinutes(5));
        (await CallAsync()).Failure.ShouldBeNull();
        _line.Stands.ShouldBeTrue();
    }

    [Fact]
    public async Task A_429_holds_all_calls_until_the_vendors_time_and_breaks_nothing()
    {
        _vendor = _ => Status(HttpStatusCode.TooManyRequests, retryAfter: "30");
        (await CallAsync()).Failure.ShouldBe(new CallFailure(FailureKind.Throttled, "HTTP 429", _time.GetUtcNow().AddSeconds(30)) { Status = 429 });

        for (var second = 0; second < 29; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            (await CallAsync()).Failure!.Value.Kind.ShouldBe(FailureKind.Throttled);
        }

        _calls.ShouldBe(1);
        _line.Stands.ShouldBeTrue();
        _time.Advance(TimeSpan.FromSeconds(1));
        await CallAsync();
        _calls.ShouldBe(2);
    }

    [Fact]
    public async Task A_vendor_that_says_nothing_is_left_is_believed()
    {
        _vendor = async _ =>
        {
            var answer = await Status(HttpStatusCode.OK);
            answer.Headers.TryAddWithoutValidation("RateLimit-Remaining", "0");
            answer.Headers.TryAddWithoutValidation("RateLimit-Reset", "12");
            return answer;
        };

        (await CallAsync()).Failure.ShouldBeNull();

        _line.NotBefore.ShouldBe(_time.GetUtcNow().AddSeconds(12));
    }

    [Fact]
    public async Task No_span_of_the_limits_length_ever_has_more_calls()
    {
        var line = new VendorLine(new(7, TimeSpan.FromSeconds(10)), _time, "test");
        var (asked, random) = (new List<DateTimeOffset>(), new Random(7));
        for (var knock = 0; knock < 3_000; knock++)
        {
            await line.CallAsync(_ =>
            {
                asked.Add(_time.GetUtcNow());
                return Status(HttpStatusCode.OK);
            }, TestContext.Current.CancellationToken);
            _time.Advance(TimeSpan.FromMilliseconds(random.Next(0, 400)));
        }

        asked.ShouldAllBe(from => asked.Count(at => at >= from && at < from.AddSeconds(10)) <= 7);
        asked.Count.ShouldBeGreaterThan(350, "the limit is used too");
    }

    private Task<VendorReply> CallAsync() => CallUntilAsync(TestContext.Current.CancellationToken);

    private Task<VendorReply> CallUntilAsync(CancellationToken cancellationToken) => _line.CallAsync(
        token =>
        {
            _calls++;
            return _vendor(token);
        },
        cancellationToken);

    private async Task BreakAsync(Action? before = null)
    {
        (before ?? (() => _vendor = _ => Status(HttpStatusCode.BadGateway)))();
        while (_line.Stands)
            await CallAsync();
    }

    private static Task<HttpResponseMessage> Status(HttpStatusCode status, string? retryAfter = null)
    {
        var answer = new HttpResponseMessage(status);
        if (retryAfter is not null)
            answer.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        return Task.FromResult(answer);
    }
}
