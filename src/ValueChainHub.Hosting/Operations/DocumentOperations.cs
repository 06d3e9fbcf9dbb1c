using ValueChainHub.Hosting.Documents;
using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Hosting.Operations;

/// <summary>The documents that are generated from the tables: made once, when they are first asked for.</summary>
internal sealed class DocumentOperations(Func<IReadOnlyList<HubOperation>> operations)
{
    private static readonly Lazy<HubReply> AsyncApi = new(() => HubReply.Json(AsyncApiDocument.Build()));
    private static readonly Lazy<HubReply> Catalogue = new(() => HubReply.Json(AsyncApiDocument.BuildCatalogue()));

    private readonly Lazy<HubReply> _openApi = new(() => HubReply.Json(OpenApiDocument.Build(operations())));

    public Task<HubReply> OpenApiAsync(HubRequest request, CancellationToken cancellationToken) => Task.FromResult(_openApi.Value);

    public static Task<HubReply> AsyncApiAsync(HubRequest request, CancellationToken cancellationToken) => Task.FromResult(AsyncApi.Value);

    public static Task<HubReply> CatalogueAsync(HubRequest request, CancellationToken cancellationToken) => Task.FromResult(Catalogue.Value);
}
