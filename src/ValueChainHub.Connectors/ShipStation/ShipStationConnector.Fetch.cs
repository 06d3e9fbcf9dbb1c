using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.ShipStation;

public sealed partial class ShipStationConnector
{
    /// <summary>With an API key.</summary>
    public bool CanFetch => _access is not null;

    /// <summary>At most half of what the vendor grants the account.</summary>
    public IVendorLine? Line => _access?.Line;

    /// <summary>Fetches a path of the vendor's, such as <c>v2/labels/se-1</c>, always at the configured host.</summary>
    public async Task<FetchOutcome> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        if (_access is null)
            return new FetchOutcome.Failed(FailureKind.Unauthorized, "no ApiKey is set");
        if (ShipStationResource.Parse(request.Resource) is not { } resource)
            return new FetchOutcome.Failed(FailureKind.Refused, "a resource that this connector does not fetch");

        var (body, failure) = await _access.ReadAsync(resource, cancellationToken);
        if (body is null)
            return failure.AsFetch();
        return JsonBody.ParseObject(body) is null ? CallFailure.Unreadable("a JSON object").AsFetch() : new FetchOutcome.Fetched(resource.Topic, body);
    }
}
