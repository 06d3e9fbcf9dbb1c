using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Drift;
using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Hosting.Operations;

/// <summary>How far destinations have drifted from what they should hold, whose each field is, and what is done about it.</summary>
internal sealed class DriftOperations(DriftRuns drift, ConnectorCatalog connectors)
{
    public async Task<HubReply> ListAsync(HubRequest request, CancellationToken cancellationToken)
    {
        var items = new List<DestinationDriftReply>();
        foreach (var destination in connectors.Destinations.OfType<IShowsCustomers>())
            items.Add(new(destination.Name, FieldOwners.Of(destination), await drift.StandingAsync(destination.Name, cancellationToken)));
        return HubReply.Json(new(items, null), HubWire.Json.PageReplyDestinationDriftReply);
    }

    public async Task<HubReply> StartAsync(HubRequest request, CancellationToken cancellationToken)
    {
        var (asked, connector) = (request.Json(HubWire.Json.DriftRunRequest), request.RouteValue("connector"));
        if (asked is { Undo: not null, Plan: not null })
            throw ProblemException.BadRequest("Set plan or undo, not both: what an undo would do cannot be planned.");
        return await drift.StartAsync(connector, new(asked.Plan ?? true, asked.Undo), cancellationToken) is { } run
            ? RunOperations.Accepted(run)
            : throw new ProblemException(HubProblem.NotFound(
                asked.Undo is null ? "No connector of this name can be compared. GET /api/operations/drift lists those that can." : "The connector has no drift run of this id."));
    }
}

/// <summary>What is to be done about drift.</summary>
/// <param name="Plan">True, and when left out: only measure. False: repair too.</param>
/// <param name="Undo">The id of a drift run: put back what it has overwritten.</param>
internal sealed record DriftRunRequest(bool? Plan, string? Undo);

/// <summary>A destination that can be compared: whose its fields are, and where its last run left it.</summary>
internal sealed record DestinationDriftReply(string Connector, IReadOnlyList<FieldOwner> Fields, DriftStanding? Last);
