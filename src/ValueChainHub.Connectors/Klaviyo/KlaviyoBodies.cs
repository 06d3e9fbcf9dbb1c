using System.Text.Json;
using System.Text.Json.Serialization;

namespace ValueChainHub.Connectors.Klaviyo;

/// <summary>A JSON:API document with one resource.</summary>
internal sealed record KlaviyoBody<T>(KlaviyoResource<T> Data);

/// <summary>A JSON:API resource to make, or with an id to change.</summary>
internal sealed record KlaviyoResource<T>(string Type, T Attributes)
{
    public string? Id { get; init; }

    public KlaviyoRelationships? Relationships { get; init; }

    public KlaviyoMeta? Meta { get; init; }
}

/// <summary>Changes that a resource's attributes cannot say.</summary>
internal sealed record KlaviyoMeta(KlaviyoPatch PatchProperties)
{
    public static KlaviyoMeta? Unset(IReadOnlyList<string>? properties) => properties is { Count: > 0 } ? new(new KlaviyoPatch(properties)) : null;
}

/// <param name="Unset">Properties to take away.</param>
internal sealed record KlaviyoPatch(IReadOnlyList<string> Unset);

/// <summary>Of a profile: what is null is left as it is.</summary>
internal sealed record KlaviyoProfile
{
    public string? Email { get; init; }

    public string? PhoneNumber { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? Properties { get; init; }

    public KlaviyoSubscriptions? Subscriptions { get; init; }
}

/// <param name="Properties">What segments and templates see of it.</param>
/// <param name="Time">When it happened.</param>
/// <param name="UniqueId">Klaviyo keeps one event of a metric and profile for each.</param>
/// <param name="Metric">How people see it.</param>
/// <param name="Profile">Whose it is.</param>
internal sealed record KlaviyoEvent(JsonElement Properties, DateTimeOffset Time, string UniqueId, KlaviyoBody<KlaviyoMetric> Metric, KlaviyoBody<KlaviyoProfile> Profile);

internal sealed record KlaviyoMetric(string Name);

/// <summary>The attributes of jobs on subscriptions and suppressions.</summary>
internal sealed record KlaviyoSubscribers(KlaviyoList<KlaviyoResource<KlaviyoProfile>> Profiles)
{
    /// <summary>Each has said so before, at the time given: nobody is mailed to confirm it.</summary>
    public bool? HistoricalImport { get; init; }
}

internal sealed record KlaviyoList<T>(IReadOnlyList<T> Data);

internal sealed record KlaviyoSubscriptions(KlaviyoChannel? Email, KlaviyoChannel? Sms);

internal sealed record KlaviyoChannel(KlaviyoConsent Marketing);

/// <param name="Consent"><c>SUBSCRIBED</c> or <c>UNSUBSCRIBED</c>.</param>
/// <param name="ConsentedAt">When the person said so.</param>
internal sealed record KlaviyoConsent(string Consent, DateTimeOffset? ConsentedAt);

internal sealed record KlaviyoWebhook(string Name, string EndpointUrl, string SecretKey);

internal sealed record KlaviyoRelationships
{
    [JsonPropertyName("webhook-topics")]
    public KlaviyoList<KlaviyoReference>? WebhookTopics { get; init; }
}

internal sealed record KlaviyoReference(string Type, string Id);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KlaviyoBody<KlaviyoProfile>))]
[JsonSerializable(typeof(KlaviyoBody<KlaviyoEvent>))]
[JsonSerializable(typeof(KlaviyoBody<KlaviyoSubscribers>))]
[JsonSerializable(typeof(KlaviyoBody<KlaviyoWebhook>))]
internal sealed partial class KlaviyoJson : JsonSerializerContext;
