using System.Text.Json;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.ShipStation;

public sealed partial class ShipStationConnector
{
    /// <summary>With an API key.</summary>
    public bool CanFetch => _api is not null && _settings.ApiKey is not null;

    /// <summary>At most half of what the vendor grants the account.</summary>
    public IVendorLine? Line => CanFetch ? _line : null;

    /// <summary>Fetches a path of the vendor's, such as <c>v2/labels/se-1</c>, always at the configured host.</summary>
    public async Task<FetchOutcome> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        if (_api is null || _settings.ApiKey is not { } apiKey)
            return new FetchOutcome.Failed(FailureKind.Unauthorized, "no ApiKey is set");
        if (ShipStationResource.Parse(request.Resource) is not { } resource)
            return new FetchOutcome.Failed(FailureKind.Refused, "a resource that this connector does not fetch");

        var (body, failure) = await _line.ReadAsync(token => _api.GetAsync(resource.Path, new(resource.Query), apiKey, token), cancellationToken);
        return body is null ? failure.AsFetch() : Read(resource.Topic, body);
    }

    private static FetchOutcome Read(string topic, byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return new FetchOutcome.Fetched(topic, body);
        }
        catch (JsonException)
        {
            // Said below, as for an answer that is another kind of JSON.
        }
        return new FetchOutcome.Failed(FailureKind.Unavailable, "the answer is not a JSON object");
    }
}
