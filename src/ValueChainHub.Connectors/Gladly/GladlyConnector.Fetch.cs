using System.Globalization;
using System.Net;
using System.Text.Json;
using Refit;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Gladly;

public sealed partial class GladlyConnector
{
    private const long LargestAnswer = 2 * 1024 * 1024;

    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(10);

    /// <summary>With an API token and an organisation to ask.</summary>
    public bool CanFetch => _api is not null;

    /// <summary>Fetches <c>customer/{id}</c> or <c>conversation/{id}</c>. That a customer was merged or deleted is an answer, not an error.</summary>
    public async Task<FetchOutcome> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        if (_api is not { } api)
            return new FetchOutcome.Failed(FailureKind.Unauthorized, "no ApiKey is set");
        if (request.Resource.Split('/', 2) is not [GladlyTopics.Customer or GladlyTopics.Conversation, { Length: > 0 } id] parts)
            return new FetchOutcome.Failed(FailureKind.Refused, "a resource that this connector does not fetch");
        if (api.Pace.Wait() is { } later)
            return new FetchOutcome.Failed(FailureKind.Throttled, "the hub's own share of the rate limit", later);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestCall);
        try
        {
            var isCustomer = parts[0] == GladlyTopics.Customer;
            using var response = isCustomer ? await api.Rest.CustomerAsync(id, api.Authorization, limit.Token) : await api.Rest.ConversationAsync(id, api.Authorization, limit.Token);
            await response.Content.LoadIntoBufferAsync(LargestAnswer, limit.Token);
            return Read(isCustomer, id, response, await response.Content.ReadAsByteArrayAsync(limit.Token));
        }
        catch (Exception fault) when (fault is OperationCanceledException or HttpRequestException or ApiExceptionBase or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return limit.IsCancellationRequested
                ? new FetchOutcome.Failed(FailureKind.Timeout, "no answer in time")
                : new FetchOutcome.Failed(FailureKind.Unavailable, "Gladly could not be reached");
        }
    }

    private FetchOutcome Read(bool isCustomer, string id, HttpResponseMessage response, byte[] body)
    {
        Heed(response);
        var (status, answer) = (response.StatusCode, Parse(body));
        return status switch
        {
            HttpStatusCode.OK when answer?.Text("id"u8) is not null => new FetchOutcome.Fetched(isCustomer ? GladlyTopics.FetchedCustomer : GladlyTopics.FetchedConversation, body),
            HttpStatusCode.OK => new FetchOutcome.Failed(FailureKind.Unavailable, "the answer is not what was asked for"),
            HttpStatusCode.MovedPermanently when isCustomer && MovedTo(answer, response) is { } kept && kept != id =>
                new FetchOutcome.Fetched(GladlyTopics.MovedCustomer, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["old"] = id, ["new"] = kept })),
            // Only Gladly's own words: the 404 of a proxy or of a wrong address says nothing about the customer.
            HttpStatusCode.NotFound when isCustomer && ErrorOf(answer)?.Text("code"u8) is not null =>
                new FetchOutcome.Fetched(GladlyTopics.GoneCustomer, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["id"] = id })),
            _ => Failed(response),
        };
    }

    /// <summary>Nothing left in this second: the next request waits for the next one.</summary>
    private void Heed(HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
            _api!.Pace.Block(Later(response));
        else if (response.Headers.TryGetValues("Ratelimit-Remaining-Second", out var left) && left.First().Trim() == "0")
            _api!.Pace.Block(_time.GetUtcNow().AddSeconds(1));
    }

    private FetchOutcome.Failed Failed(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var reason = "HTTP " + status.ToString(CultureInfo.InvariantCulture);
        return response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests => new(FailureKind.Throttled, reason, Later(response)),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(FailureKind.Unauthorized, reason),
            HttpStatusCode.RequestTimeout => new(FailureKind.Timeout, reason),
            _ => status >= 500 ? new(FailureKind.Unavailable, reason, RetryAfter(response)) : new(FailureKind.Refused, reason),
        };
    }

    /// <summary>Gladly counts by the second, so without a word of its own the next second is early enough.</summary>
    private DateTimeOffset Later(HttpResponseMessage response) => RetryAfter(response) ?? _time.GetUtcNow().AddSeconds(1);

    private DateTimeOffset? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Date: { } date } => date,
        { Delta: { } delta } => _time.GetUtcNow() + delta,
        _ => null,
    };

    /// <summary>The surviving customer, from the error's <c>meta.new</c>, otherwise from the end of Location.</summary>
    private static string? MovedTo(JsonElement? answer, HttpResponseMessage response)
    {
        if (ErrorOf(answer)?.Object("meta"u8)?.Text("new"u8) is { } kept)
            return kept;
        var path = response.Headers.Location is { } location ? location.OriginalString.Split('?', '#')[0].TrimEnd('/') : null;
        return path?.Contains("customer-profiles/", StringComparison.Ordinal) == true ? Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]) : null;
    }

    private static JsonElement? ErrorOf(JsonElement? answer)
    {
        foreach (var error in answer?.Objects("errors"u8) ?? default)
            return error;
        return null;
    }

    /// <summary>The answer as an object whose members have the types we read; null when it is something else.</summary>
    private static JsonElement? Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var answer = document.RootElement.Clone();
            if (answer.ValueKind != JsonValueKind.Object)
                return null;
            _ = (answer.Text("id"u8), ErrorOf(answer)?.Text("code"u8), ErrorOf(answer)?.Object("meta"u8)?.Text("new"u8));
            return answer;
        }
        catch (Exception unreadable) when (unreadable is JsonException or UnreadableBodyException)
        {
            return null;
        }
    }
}
