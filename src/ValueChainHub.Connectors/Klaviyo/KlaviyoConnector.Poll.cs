using System.Globalization;
using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Klaviyo;

public sealed partial class KlaviyoConnector
{
    /// <summary>Events of the last minutes may still be on their way; most have settled by then.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(2);

    /// <summary>Every walk goes over so much of the one before again, for events that are shown late. What was kept before is not kept twice: its delivery id is the event's.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(30);

    /// <summary>A shorter span is not worth a call.</summary>
    private static readonly TimeSpan ShortestWalk = TimeSpan.FromSeconds(30);

    /// <summary>With an API key.</summary>
    public bool CanPoll => _access is not null;

    /// <summary>At most half of the smallest limit among the calls that are made.</summary>
    public IVendorLine? Line => _access?.Line;

    /// <summary>Klaviyo's own metrics that the hub acts on, named as in their topics.</summary>
    public IReadOnlyList<string> PollStreams => KlaviyoTopics.Polled;

    /// <summary>One page of one metric's events, oldest first. A metric that the account does not have is an empty page: it has had no event.</summary>
    public async Task<PollOutcome> PollAsync(PollRequest request, CancellationToken cancellationToken)
    {
        if (_access is null)
            return new PollOutcome.Failed(FailureKind.Unauthorized, "no ApiKey is set");
        if (!KlaviyoTopics.Polled.Contains(request.Stream))
            return new PollOutcome.Failed(FailureKind.Refused, "a stream that this connector does not have");
        if (KlaviyoCursor.Read(request.Cursor, request.Since) is not { } position)
            return new PollOutcome.Failed(FailureKind.Refused, "a cursor that this connector did not write");
        var settled = _time.GetUtcNow() - Settling;
        var walk = position.Until is null ? position with { Since = request.Cursor is null ? position.Since : position.Since - Overlap, Until = settled } : position;
        if (position.Until is null && settled - position.Since < ShortestWalk)
            return new PollOutcome.Page([], request.Cursor, HasMore: false);
        var (metric, failure) = await _access.MetricAsync(request.Stream, cancellationToken);
        if (failure is { } failed)
            return failed.AsPoll();
        if (metric is null)
            return new PollOutcome.Page([], request.Cursor, HasMore: false);
        var (body, call) = await _access.EventsAsync(metric, walk, cancellationToken);
        return body is null ? call.AsPoll() : PageOf(body, request.Stream, walk);
    }

    private static PollOutcome PageOf(byte[] body, string stream, KlaviyoCursor walk)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var page = KlaviyoPage.Read(document.RootElement);
            var next = page.Next is { } cursor ? walk with { Page = cursor } : new KlaviyoCursor(walk.Until!.Value, null, null);
            return new PollOutcome.Page([.. page.Items.Select(one => AnswerOf(one, page, stream))], next.ToString(), page.Next is not null);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or UnreadableBodyException)
        {
            return new PollOutcome.Failed(FailureKind.Unavailable, "the answer is not a page of events");
        }
    }

    private static PolledAnswer AnswerOf(JsonElement happened, KlaviyoPage page, string stream)
    {
        var id = happened.Text("id"u8) ?? throw new UnreadableBodyException("id is missing");
        return new($"poll-{stream}-{id}", KlaviyoTopics.Prefix + stream, page.DocumentOf(happened));
    }
}

/// <summary>Where a walk through a metric's events stands: the span that it covers, its end fixed when it begins, and the page in it.</summary>
/// <param name="Since">From this instant on.</param>
/// <param name="Until">Up to this instant and not with it; null before the walk has begun.</param>
/// <param name="Page">Klaviyo's cursor of the next page; null for the first.</param>
internal sealed record KlaviyoCursor(DateTimeOffset Since, DateTimeOffset? Until, string? Page)
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>The written cursor, or the beginning; null for a text that is none of ours.</summary>
    public static KlaviyoCursor? Read(string? cursor, DateTimeOffset since)
    {
        if (cursor is null)
            return new(Whole(since), null, null);
        var parts = cursor.Split('~', 3);
        if (Time(parts[0]) is not { } from)
            return null;
        if (parts.Length == 1)
            return new(from, null, null);
        return parts.Length == 3 && Time(parts[1]) is { } until ? new(from, until, parts[2]) : null;
    }

    public override string ToString() => Page is null ? Text(Since) : $"{Text(Since)}~{Text(Until!.Value)}~{Page}";

    /// <summary>The span in Klaviyo's words.</summary>
    public string Filter(string metric) =>
        $"equals(metric_id,\"{metric}\"),greater-or-equal(datetime,{Text(Since)}),less-than(datetime,{Text(Until!.Value)})";

    private static DateTimeOffset Whole(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    private static string Text(DateTimeOffset time) => Whole(time).ToString(Form, CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
