using Refit;

namespace ValueChainHub.Connectors.ShipStation;

/// <summary>The vendor's REST API: resources at the paths that its webhooks name.</summary>
internal interface IShipStationApi
{
    [Get("/{**path}")]
    Task<HttpResponseMessage> GetAsync(string path, [Query] Dictionary<string, string> query, [Header("api-key")] string apiKey, CancellationToken cancellationToken);
}
