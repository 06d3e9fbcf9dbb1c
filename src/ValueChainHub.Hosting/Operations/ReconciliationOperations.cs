using ValueChainHub.Core.Reconciliation;
using ValueChainHub.Core.Runs;
using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Hosting.Operations;

/// <summary>Reconciliations and backfills: begins one, and lists those that were.</summary>
internal sealed class ReconciliationOperations(StartReconciliations start, RunRegister runs)
{
    public async Task<HubReply> StartAsync(HubRequest request, CancellationToken cancellationToken)
    {
        var asked = request.Body.IsEmpty ? new WalkAsked() : request.Json(HubWire.Json.WalkAsked);
        if (asked.From is not (null or WalkAsked.Beginning) || (asked.From is not null && asked.Since is not null))
            throw ProblemException.BadRequest("The body says {\"from\":\"beginning\"} for a backfill, or {\"since\":\"2026-01-31T12:00:00Z\"}, or nothing.");
        return await start.HandleAsync(request.RouteValue("connector"), asked, cancellationToken) switch
        {
            WalkStart.Started started => RunOperations.Accepted(started.Run),
            WalkStart.Busy busy => throw new ProblemException(new(409, "busy", "One is running already", $"The run {busy.Run.Id} of this connector is not over. Wait for it, or cancel it.")),
            WalkStart.Impossible impossible => throw new ProblemException(new(409, "impossible", "The vendor cannot be walked", impossible.Why)),
            _ => throw new ProblemException(HubProblem.NotFound("No connector has this name. GET /api/connectors lists them.")),
        };
    }

    public async Task<HubReply> ListAsync(HubRequest request, CancellationToken cancellationToken)
    {
        var kind = request.QueryValue("kind") ?? ReconcileVendor.KindName;
        if (kind is not (ReconcileVendor.KindName or BackfillVendor.KindName))
            throw ProblemException.BadRequest($"The parameter kind must be {ReconcileVendor.KindName} or {BackfillVendor.KindName}.");
        var page = await runs.ListAsync(kind, request.QueryValue("connector"), request.Limit(), request.QueryValue("cursor"), cancellationToken);
        return HubReply.Json(PageReply<Run>.Of(page), HubWire.Json.PageReplyRun);
    }
}
