using System.Text.Json;
using System.Text.Json.Serialization;
using Refit;

namespace ValueChainHub.Connectors.ShipStation;

/// <summary>The vendor's REST API; the version in the path is the host's: <c>v2</c> for ShipStation, <c>v1</c> for ShipEngine.</summary>
internal interface IShipStationApi
{
    /// <summary>A resource at the path that a webhook names.</summary>
    [Get("/{**path}")]
    Task<HttpResponseMessage> GetAsync(string path, [Query] Dictionary<string, string> query, [Header("api-key")] string apiKey, CancellationToken cancellationToken);

    [Get("/{version}/shipments")]
    Task<HttpResponseMessage> ShipmentsAsync(
        string version,
        [AliasAs("modified_at_start")] string modifiedFrom,
        [AliasAs("sort_by")] string sortBy,
        [AliasAs("sort_dir")] string direction,
        [AliasAs("page")] int page,
        [AliasAs("page_size")] int size,
        [Header("api-key")] string apiKey,
        CancellationToken cancellationToken);

    /// <summary>The same list by the time of its making, which no change disturbs.</summary>
    [Get("/{version}/shipments")]
    Task<HttpResponseMessage> ShipmentsMadeAsync(
        string version,
        [AliasAs("created_at_start")] string createdFrom,
        [AliasAs("sort_by")] string sortBy,
        [AliasAs("sort_dir")] string direction,
        [AliasAs("page")] int page,
        [AliasAs("page_size")] int size,
        [Header("api-key")] string apiKey,
        CancellationToken cancellationToken);

    [Get("/{version}/labels")]
    Task<HttpResponseMessage> LabelsAsync(
        string version,
        [AliasAs("created_at_start")] string createdFrom,
        [AliasAs("sort_by")] string sortBy,
        [AliasAs("sort_dir")] string direction,
        [AliasAs("page")] int page,
        [AliasAs("page_size")] int size,
        [Header("api-key")] string apiKey,
        CancellationToken cancellationToken);

    [Get("/{version}/labels/{id}/track")]
    Task<HttpResponseMessage> TrackLabelAsync(string version, string id, [Header("api-key")] string apiKey, CancellationToken cancellationToken);

    [Get("/{version}/environment/webhooks")]
    Task<HttpResponseMessage> WebhooksAsync(string version, [Header("api-key")] string apiKey, CancellationToken cancellationToken);

    [Post("/{version}/environment/webhooks")]
    Task<HttpResponseMessage> CreateWebhookAsync(string version, [Body] ShipStationWebhook webhook, [Header("api-key")] string apiKey, CancellationToken cancellationToken);

    [Delete("/{version}/environment/webhooks/{id}")]
    Task<HttpResponseMessage> DeleteWebhookAsync(string version, string id, [Header("api-key")] string apiKey, CancellationToken cancellationToken);
}

/// <summary>A webhook to make.</summary>
internal sealed record ShipStationWebhook(string Name, string Url, string Event);

/// <summary>A page of shipments or labels; a host answers one of the two lists.</summary>
internal sealed record ShipStationPage(List<JsonElement>? Shipments, List<JsonElement>? Labels, int Page, int Pages, long? Total = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ShipStationWebhook))]
[JsonSerializable(typeof(ShipStationPage))]
[JsonSerializable(typeof(List<JsonElement>))]
[JsonSerializable(typeof(JsonElement[]))]
internal sealed partial class ShipStationJson : JsonSerializerContext;
