using ValueChainHub.Core.Runs;
using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Hosting.Operations;

/// <summary>Long operations: how far each is, and how to stop it and let it go on.</summary>
internal sealed class RunOperations(RunRegister runs)
{
    private static readonly HubProblem Unknown = HubProblem.NotFound("No run has this id. GET /api/operations/runs lists them.");

    /// <summary>The answer of an operation that goes on after it was answered.</summary>
    public static HubReply Accepted(Run run) => HubReply.Json(run, HubWire.Json.Run, 202) with
    {
        Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Location"] = $"/{HubOperations.Prefix}/{HubOperations.RunRoute.Replace("{id}", run.Id, StringComparison.Ordinal)}" },
    };

    public async Task<HubReply> ListAsync(HubRequest request, CancellationToken cancellationToken)
    {
        var page = await runs.ListAsync(request.QueryValue("kind"), request.QueryValue("connector"), request.Limit(), request.QueryValue("cursor"), cancellationToken);
        return HubReply.Json(PageReply<Run>.Of(page), HubWire.Json.PageReplyRun);
    }

    public async Task<HubReply> GetAsync(HubRequest request, CancellationToken cancellationToken) =>
        await runs.ReadAsync(request.RouteValue("id"), cancellationToken) is { } run ? HubReply.Json(run, HubWire.Json.Run) : throw new ProblemException(Unknown);

    public async Task<HubReply> CancelAsync(HubRequest request, CancellationToken cancellationToken) =>
        HubReply.Json(Moved(await runs.CancelAsync(request.RouteValue("id"), cancellationToken), "Only what is running can be cancelled."), HubWire.Json.Run);

    public async Task<HubReply> ResumeAsync(HubRequest request, CancellationToken cancellationToken) =>
        Accepted(Moved(await runs.ResumeAsync(request.RouteValue("id"), cancellationToken), "Start a new one."));

    private static Run Moved(RunAct act, string rule) => act switch
    {
        RunAct.Moved moved => moved.Run,
        RunAct.Unfit unfit => throw new ProblemException(new(409, "unfit-state", "The run's state does not allow this", $"The run is {unfit.State}. {rule}")),
        _ => throw new ProblemException(Unknown),
    };
}
