using System.Runtime.Serialization;
using System.Text.Json.Serialization;
using Refit;

namespace ValueChainHub.Connectors.Tests.StandIns;

/// <summary>An interface that uses what our clients use, for <see cref="RestClientTests"/>.</summary>
[Headers("Accept: application/json", "X-Api-Version: 1", "X-From: interface")]
internal interface IShopApi
{
    [Get("/orders/{id}")]
    Task<ShopOrder> GetOrderAsync(string id, CancellationToken cancellationToken);

    [Get("/files/{**path}")]
    Task<string> GetFileAsync(string path, CancellationToken cancellationToken);

    [Get("/orders/{order-id}/notes/{ID}")]
    Task<string> GetNoteAsync([AliasAs("order-id")] long order, int id, CancellationToken cancellationToken);

    [Get("/shops/{shop?}")]
    Task<string> GetShopsAsync(string? shop, CancellationToken cancellationToken);

    [Get("/orders?status=any")]
    Task<string> SearchAsync(
        [AliasAs("page[size]")] int? size,
        string? cursor,
        [Query(Format = "yyyy-MM-dd'T'HH:mm:ss'Z'")] DateTimeOffset? since,
        CancellationToken cancellationToken);

    [Get("/orders")]
    Task<string> SearchByIdsAsync([AliasAs("ids")] IReadOnlyList<long> ids, CancellationToken cancellationToken);

    [Get("/orders")]
    Task<string> SearchByTagsAsync([Query(CollectionFormat.Multi)] string[] tag, CancellationToken cancellationToken);

    [Get("/orders")]
    Task<string> SearchByFilterAsync([Query] ShopFilter filter, CancellationToken cancellationToken);

    [Get("/orders")]
    Task<string> SearchByMapAsync([Query] IDictionary<string, string> filter, CancellationToken cancellationToken);

    [Headers("X-From: method", "X-Api-Version")]
    [Get("/headers")]
    Task<string> HeadersAsync(
        [Header("X-Call")] string? call, [Header("Authorization")] string? authorization, [HeaderCollection] IDictionary<string, string> more, CancellationToken cancellationToken);

    [Post("/orders")]
    Task<ShopOrder> CreateAsync([Body] ShopOrder order, CancellationToken cancellationToken);

    [Put("/orders/{id}")]
    Task ReplaceAsync(long id, ShopOrder order, CancellationToken cancellationToken);

    [Patch("/orders")]
    Task PatchAsync([Body] string text, CancellationToken cancellationToken);

    [Patch("/orders")]
    Task PatchSerializedAsync([Body(BodySerializationMethod.Serialized)] string text, CancellationToken cancellationToken);

    [Post("/token")]
    Task SignInAsync([Body(BodySerializationMethod.UrlEncoded)] Dictionary<string, string> form, CancellationToken cancellationToken);

    [Headers("Content-Type: application/vnd.api+json")]
    [Post("/raw")]
    Task RawAsync([Body] HttpContent content, CancellationToken cancellationToken);

    [Delete("/orders/{id}")]
    Task DeleteAsync(long id, CancellationToken cancellationToken);

    [Get("/orders/{id}")]
    Task<IApiResponse<ShopOrder>> LookAsync(long id, CancellationToken cancellationToken);

    [Get("/orders/{id}")]
    Task<HttpResponseMessage> GetWholeAsync(long id, CancellationToken cancellationToken);
}

internal sealed record ShopOrder(long Id, string OrderName, ShopState State = ShopState.NotPaid);

internal enum ShopState
{
    NotPaid,
    Paid,
}

internal sealed record ShopFilter(
    [property: AliasAs("created_at_min")] string? From,
    [property: JsonPropertyName("financial_status")] ShopStatus? Status,
    bool? Archived,
    string? Missing);

internal enum ShopStatus
{
    [EnumMember(Value = "partially_paid")]
    PartiallyPaid,
}

internal sealed record ShopFault(string Errors);
