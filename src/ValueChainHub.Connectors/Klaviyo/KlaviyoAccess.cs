using System.Buffers;
using System.Text.Json;
using System.Web;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Klaviyo;

/// <summary>Calls with an API key. It never leaves this class, and its text names nothing.</summary>
internal sealed partial class KlaviyoAccess(IKlaviyoApi api, string apiKey, VendorLine line, TimeProvider time)
{
    /// <summary>Half of what a page may hold by default: a page stays small enough to be read at once.</summary>
    private const int PageSize = 100;

    /// <summary>An account has some hundred metrics; more pages than this are no list of them.</summary>
    private const int MostMetricPages = 20;

    /// <summary>How long a list of metrics is believed; it changes when a metric has its first event.</summary>
    private static readonly TimeSpan MetricsLast = TimeSpan.FromMinutes(10);

    private readonly string _authorization = "Klaviyo-API-Key " + apiKey;
    private volatile MetricList? _metrics;

    public VendorLine Line => line;

    /// <summary>The id of one of Klaviyo's own metrics by its topic's name; null when the account has none yet.</summary>
    public async Task<(string? Id, CallFailure? Failure)> MetricAsync(string name, CancellationToken cancellationToken)
    {
        if (_metrics is { } known && known.ReadAt + MetricsLast > time.GetUtcNow())
            return (known.Ids.GetValueOrDefault(name), null);
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        string? cursor = null;
        for (var pages = 0; pages < MostMetricPages; pages++)
        {
            var page = cursor;
            var (body, failure) = await line.ReadAsync(token => api.MetricsAsync(_authorization, page, token), cancellationToken);
            if (body is null)
                return (null, failure);
            if (!Collect(body, ids, out cursor))
                return (null, new CallFailure(FailureKind.Unavailable, "the answer is not a page of metrics", null));
            if (cursor is null)
                break;
        }
        _metrics = new(ids, time.GetUtcNow());
        return (ids.GetValueOrDefault(name), null);
    }

    public Task<(byte[]? Body, CallFailure Failure)> EventsAsync(string metric, KlaviyoCursor walk, CancellationToken cancellationToken) =>
        line.ReadAsync(token => api.EventsAsync(_authorization, walk.Filter(metric), "metric,profile", "datetime", PageSize, walk.Page, token), cancellationToken);

    /// <summary>A brand's own metric may bear the name of one of Klaviyo's; the integration tells them apart.</summary>
    private static bool Collect(byte[] body, Dictionary<string, string> ids, out string? next)
    {
        next = null;
        try
        {
            using var document = JsonDocument.Parse(body);
            var page = KlaviyoPage.Read(document.RootElement);
            foreach (var metric in page.Items)
            {
                var attributes = metric.Object("attributes"u8);
                if (attributes?.Object("integration"u8)?.Text("name"u8) is { } integration && !integration.Equals("Klaviyo", StringComparison.OrdinalIgnoreCase))
                    continue;
                if (attributes?.Text("name"u8) is { } name && metric.Text("id"u8) is { } id && id.All(char.IsAsciiLetterOrDigit))
                    ids.TryAdd(KlaviyoTopics.NameOf(name), id);
            }
            next = page.Next;
            return true;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or UnreadableBodyException)
        {
            return false;
        }
    }

    private sealed record MetricList(IReadOnlyDictionary<string, string> Ids, DateTimeOffset ReadAt);
}

/// <summary>A page of a list: its items, what stands beside them, and Klaviyo's cursor of the next page.</summary>
internal sealed record KlaviyoPage(IReadOnlyList<JsonElement> Items, IReadOnlyList<JsonElement> Included, string? Next)
{
    public static KlaviyoPage Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.Has("data"u8))
            throw new UnreadableBodyException("data is missing");
        return new([.. body.Objects("data"u8)], [.. body.Objects("included"u8)], NextOf(body));
    }

    /// <summary>One event as Get Event answers it: with what it relates to beside it.</summary>
    public ReadOnlyMemory<byte> DocumentOf(JsonElement item)
    {
        var profile = item.Object("relationships"u8)?.Object("profile"u8)?.Object("data"u8)?.Text("id"u8);
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WritePropertyName("data"u8);
        item.WriteTo(writer);
        writer.WriteStartArray("included"u8);
        foreach (var included in Included.Where(one => profile is not null && one.Text("type"u8) == "profile" && one.Text("id"u8) == profile))
            included.WriteTo(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>Only the cursor is taken from the link: where it points is no business of the answer's.</summary>
    private static string? NextOf(JsonElement body)
    {
        if (body.Object("links"u8)?.Text("next"u8) is not { } link)
            return null;
        var query = link.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? null : HttpUtility.ParseQueryString(link[query..])["page[cursor]"];
    }
}
