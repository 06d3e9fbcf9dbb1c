using ValueChainHub.Core.Delivery;
using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Hosting.Operations;

/// <summary>What goes to which vendor.</summary>
internal sealed class RouteOperations(Routes routes)
{
    public async Task<HubReply> ListAsync(HubRequest request, CancellationToken cancellationToken) =>
        HubReply.Json(new(await routes.ReadAsync(cancellationToken), null), HubWire.Json.PageReplyRoute);

    public async Task<HubReply> SetAsync(HubRequest request, CancellationToken cancellationToken)
    {
        if (request.Json(HubWire.Json.RouteChangesRequest).Items is not { } changes)
            throw ProblemException.BadRequest("The body must have items: the routes to set apart from their defaults.");
        if (await routes.SetAsync(changes, cancellationToken) is { } fault)
            throw ProblemException.BadRequest(fault);
        return await ListAsync(request, cancellationToken);
    }
}
