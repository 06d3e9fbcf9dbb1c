using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ValueChainHub.Sandbox.Vendors.Klaviyo;

public sealed partial class KlaviyoSandbox
{
    private const string Revision = "2026-07-15";
    private const string JsonApi = "application/vnd.api+json";
    private const int LargestPageOfProfiles = 100, LargestPageOfEvents = 1_000;

    private readonly Dictionary<string, Allowance> _allowances = Allowances(limits ?? new(), time ?? TimeProvider.System);

    private sealed record Reply(int Status, JsonObject? Body)
    {
        public static Reply Accepted { get; } = new(StatusCodes.Status202Accepted, null);

        public static Reply Ok(JsonObject body) => new(StatusCodes.Status200OK, body);

        public static Reply Refused(int status, string code, string title, string? pointer = null) => new(status, KlaviyoBodies.Error(status, code, title, pointer));

        public static Reply Invalid(string title, string? pointer = null) => Refused(StatusCodes.Status400BadRequest, "invalid", title, pointer);
    }

    public void Map(IEndpointRouteBuilder api)
    {
        Get(api, "accounts", nameof(KlaviyoLimits.Small), _ => Reply.Ok(KlaviyoBodies.Accounts(_account)));
        Get(api, "metrics", nameof(KlaviyoLimits.Small), _ => Reply.Ok(KlaviyoBodies.Metrics()));
        Get(api, "events", nameof(KlaviyoLimits.Events), Events);
        Get(api, "profiles", nameof(KlaviyoLimits.Profiles), Profiles);
        Get(api, "webhook-topics", nameof(KlaviyoLimits.Webhooks), _ => Reply.Ok(KlaviyoBodies.Topics()));
        Get(api, "webhooks", nameof(KlaviyoLimits.Webhooks), _ => Reply.Ok(KlaviyoBodies.Webhooks(Desk.Subscriptions.All)));
        Post(api, "events", nameof(KlaviyoLimits.Events), Append);
        Post(api, "profile-import", nameof(KlaviyoLimits.Profiles), Import);
        Post(api, "profile-subscription-bulk-create-jobs", nameof(KlaviyoLimits.Profiles), data => Subscribe(data, isGranted: true));
        Post(api, "profile-subscription-bulk-delete-jobs", nameof(KlaviyoLimits.Profiles), data => Subscribe(data, isGranted: false));
        Post(api, "profile-suppression-bulk-create-jobs", nameof(KlaviyoLimits.Profiles), Suppress);
        Post(api, "webhooks", nameof(KlaviyoLimits.Webhooks), MakeWebhook);
        api.MapDelete("/api/webhooks/{id}", context => AnswerAsync(context, nameof(KlaviyoLimits.Webhooks), RemoveWebhookAsync));
    }

    public Task RefuseThrottledAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return WriteAsync(context, TooMany());
    }

    private static Dictionary<string, Allowance> Allowances(KlaviyoLimits limits, TimeProvider time)
    {
        Allowance PerMinute(int calls) => new(calls, TimeSpan.FromMinutes(1), time);
        return new(StringComparer.Ordinal)
        {
            [nameof(KlaviyoLimits.Events)] = PerMinute(limits.Events),
            [nameof(KlaviyoLimits.Profiles)] = PerMinute(limits.Profiles),
            [nameof(KlaviyoLimits.Small)] = PerMinute(limits.Small),
            [nameof(KlaviyoLimits.Webhooks)] = PerMinute(limits.Webhooks),
        };
    }

    private void Get(IEndpointRouteBuilder api, string route, string limit, Func<HttpRequest, Reply> read)
    {
        Task<Reply> ReadAsync(HttpRequest asked) => Task.FromResult(read(asked));
        api.MapGet("/api/" + route, context => AnswerAsync(context, limit, ReadAsync));
    }

    private void Post(IEndpointRouteBuilder api, string route, string limit, Func<JsonObject, Reply> write)
    {
        Task<Reply> WriteAsync(HttpRequest asked) => WrittenAsync(asked, write);
        api.MapPost("/api/" + route, context => AnswerAsync(context, limit, WriteAsync));
    }

    private static async Task<Reply> WrittenAsync(HttpRequest request, Func<JsonObject, Reply> write)
    {
        if (request.ContentType?.StartsWith(JsonApi, StringComparison.Ordinal) != true)
            return Reply.Refused(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "Unsupported media type");
        try
        {
            var body = await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return body?["data"] is JsonObject data && data["attributes"] is JsonObject ? write(data) : Reply.Invalid("data and its attributes are required", "/data");
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or FormatException)
        {
            return Reply.Invalid("The body is not what the schema says", "/data");
        }
    }

    private Task<Reply> RemoveWebhookAsync(HttpRequest request) => Task.FromResult(RemoveWebhook((string)request.RouteValues["id"]!));

    /// <summary>Every call names its key and the revision it was written for, and is one of so many a minute.</summary>
    private async Task AnswerAsync(HttpContext context, string limit, Func<HttpRequest, Task<Reply>> answer)
    {
        Reply reply;
        if (context.Request.Headers.Authorization != "Klaviyo-API-Key " + _apiKey)
            reply = Reply.Refused(StatusCodes.Status401Unauthorized, "not_authenticated", "Authentication credentials were not provided.");
        else if (context.Request.Headers["revision"] != Revision)
            reply = Reply.Refused(StatusCodes.Status400BadRequest, "invalid_revision", "The revision header is missing or not known.");
        else
            reply = Grant(context, limit) ?? await answer(context.Request);
        await WriteAsync(context, reply);
    }

    /// <summary>Null for a call within the limit.</summary>
    private Reply? Grant(HttpContext context, string limit)
    {
        var (left, until) = _allowances[limit].Take();
        var seconds = Bodies.Number((long)Math.Ceiling(until.TotalSeconds));
        context.Response.Headers["RateLimit-Limit"] = Bodies.Number(_allowances[limit].Calls);
        context.Response.Headers["RateLimit-Remaining"] = Bodies.Number(Math.Max(left, 0));
        context.Response.Headers["RateLimit-Reset"] = seconds;
        if (left >= 0)
            return null;
        context.Response.Headers.RetryAfter = seconds;
        return TooMany();
    }

    private static Reply TooMany() => Reply.Refused(StatusCodes.Status429TooManyRequests, "throttled", "Request was throttled.");

    private static async Task WriteAsync(HttpContext context, Reply reply)
    {
        context.Response.StatusCode = reply.Status;
        if (reply.Body is null)
            return;
        context.Response.ContentType = JsonApi;
        await context.Response.Body.WriteAsync(reply.Body.Bytes(), context.RequestAborted);
    }

    /// <summary>One metric's events of a span, oldest first, page by page; without a filter the account's first.</summary>
    private Reply Events(HttpRequest request)
    {
        var asked = request.Query["filter"].ToString();
        var filter = EventFilter().Match(asked);
        if ((!filter.Success && asked.Length > 0) || (asked.Length > 0 && request.Query["sort"] != "datetime") || PageOf(request, LargestPageOfEvents) is not var (size, skipped))
            return Reply.Invalid("filter, sort and page must be what the revision allows", "filter");
        lock (_gate)
        {
            var found = (asked.Length == 0 ? _events : _events.Where(one => IsIn(one, filter))).OrderBy(one => one.At).ThenBy(one => one.Id, StringComparer.Ordinal).ToList();
            var page = found.Skip(skipped).Take(size).ToList();
            books.Answered(name, "events", page.SelectMany(KlaviyoFacts.Of));
            return Reply.Ok(KlaviyoBodies.Page(page, NextOf("events", skipped + page.Count, found.Count)));
        }
    }

    private static bool IsIn(MarketingEvent one, Match filter) =>
        one.Metric.Id == filter.Groups["metric"].Value && one.At >= Time(filter.Groups["since"].Value) && one.At < Time(filter.Groups["until"].Value);

    /// <summary>Those changed since, the first changed first; or the one with an address.</summary>
    private Reply Profiles(HttpRequest request)
    {
        var filter = ProfileFilter().Match(request.Query["filter"].ToString());
        if (!filter.Success || request.Query["sort"] != "updated" || PageOf(request, LargestPageOfProfiles) is not var (size, skipped))
            return Reply.Invalid("filter, sort and page must be what the revision allows", "filter");
        lock (_gate)
        {
            var found = _profiles.Values.Where(profile => IsIn(profile, filter)).OrderBy(profile => profile.UpdatedAt).ThenBy(profile => profile.Id, StringComparer.Ordinal).ToList();
            var page = found.Skip(skipped).Take(size).ToList();
            books.Answered(name, "profiles", page.SelectMany(Told));
            return Reply.Ok(KlaviyoBodies.Page(page, NextOf("profiles", skipped + page.Count, found.Count)));
        }
    }

    private static bool IsIn(MarketingProfile profile, Match filter)
    {
        var (field, value) = (filter.Groups["field"].Value, filter.Groups["value"].Value);
        return field.Length == 0 ? profile.UpdatedAt > Time(filter.Groups["since"].Value)
            : field == "email" ? string.Equals(profile.Email, value, StringComparison.OrdinalIgnoreCase) : profile.Phone == value;
    }

    private static (int Size, int Skipped)? PageOf(HttpRequest request, int largest)
    {
        _ = int.TryParse(request.Query["page[cursor]"], CultureInfo.InvariantCulture, out var skipped);
        return int.TryParse(request.Query["page[size]"], CultureInfo.InvariantCulture, out var size) && size >= 1 && size <= largest ? (size, skipped) : null;
    }

    private static string? NextOf(string list, int shown, int all) => shown < all ? $"https://a.klaviyo.com/api/{list}?page%5Bcursor%5D={shown}" : null;

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    [GeneratedRegex("^equals\\(metric_id,\"(?<metric>[A-Za-z0-9]+)\"\\),greater-or-equal\\(datetime,(?<since>[^)]+)\\),less-than\\(datetime,(?<until>[^)]+)\\)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex EventFilter();

    [GeneratedRegex("^(greater-than\\(updated,(?<since>[^)]+)\\)|equals\\((?<field>email|phone_number),\"(?<value>[^\"]*)\"\\))$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ProfileFilter();
}
