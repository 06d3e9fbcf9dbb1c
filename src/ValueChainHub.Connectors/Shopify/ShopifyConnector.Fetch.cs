using System.Text;
using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Shopify;

public sealed partial class ShopifyConnector
{
    /// <summary>With an access token and a shop to ask.</summary>
    public bool CanFetch => _settings.ApiKey is not null && _api is not null;

    /// <summary>Held while the shop's points are used up, as each answer tells.</summary>
    public IVendorLine? Line => CanFetch ? _line : null;

    /// <summary>Fetches <c>order/{id}</c> or <c>return/{id}</c> by GraphQL.</summary>
    public async Task<FetchOutcome> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        if (_api is null || _settings.ApiKey is not { } apiKey)
            return new FetchOutcome.Failed(FailureKind.Unauthorized, "no ApiKey is set");
        if (Query(request.Resource) is not var (topic, query))
            return new FetchOutcome.Failed(FailureKind.Refused, "a resource that this connector does not fetch");

        var (body, failure) = await _line.ReadAsync(token => _api.QueryAsync(query, apiKey, token), cancellationToken);
        return body is null ? failure.AsFetch() : Read(topic, body);
    }

    private static (string Topic, ShopifyQuery Query)? Query(string resource) => resource.Split('/', 2) switch
    {
        ["order", var id] => (ShopifyTopics.FetchedOrder, new(ShopifyDocuments.Order, new("gid://shopify/Order/" + id))),
        ["return", var id] => (ShopifyTopics.FetchedReturn, new(ShopifyDocuments.Return, new("gid://shopify/Return/" + id))),
        _ => null,
    };

    /// <summary>An answer of HTTP 200 may still say that it has no answer.</summary>
    private FetchOutcome Read(string topic, byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var answer = document.RootElement;
            if (Restored(answer) is { } restored)
                _line.Hold(restored);
            if (answer.TryGetProperty("errors", out var errors))
                return Failed(answer, errors);
            var found = answer.Object("data"u8)?.Object(Encoding.UTF8.GetBytes(topic[(topic.IndexOf('/', StringComparison.Ordinal) + 1)..]));
            return found is not null
                ? new FetchOutcome.Fetched(topic, body)
                : new FetchOutcome.Failed(FailureKind.Refused, "deleted at the vendor, or not to be seen with this token");
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or UnreadableBodyException)
        {
            return new FetchOutcome.Failed(FailureKind.Unavailable, "the answer is not a GraphQL answer");
        }
    }

    /// <summary>Only the codes of errors are repeated: their messages may quote what was asked for.</summary>
    private FetchOutcome.Failed Failed(JsonElement answer, JsonElement errors)
    {
        var code = errors.ValueKind == JsonValueKind.Array && errors.GetArrayLength() > 0 ? errors[0].Object("extensions"u8)?.Text("code"u8) : null;
        return code switch
        {
            "THROTTLED" => new(FailureKind.Throttled, "THROTTLED", Restored(answer)),
            "ACCESS_DENIED" => new(FailureKind.Unauthorized, "ACCESS_DENIED"),
            "INTERNAL_SERVER_ERROR" => new(FailureKind.Unavailable, "INTERNAL_SERVER_ERROR"),
            _ => new(FailureKind.Refused, "the query was refused"),
        };
    }

    /// <summary>When the points the query needs will be there: (requested - available) / restored per second.</summary>
    private DateTimeOffset? Restored(JsonElement answer)
    {
        var cost = answer.Object("extensions"u8)?.Object("cost"u8);
        var status = cost?.Object("throttleStatus"u8);
        var missing = cost?.Amount("requestedQueryCost"u8) - status?.Amount("currentlyAvailable"u8);
        if (missing is not { } points || points <= 0 || status?.Amount("restoreRate"u8) is not { } rate || rate <= 0)
            return null;
        return _time.GetUtcNow() + TimeSpan.FromSeconds((double)Math.Clamp(points / rate, 0, 3600));
    }
}
