using ValueChainHub.Core.Replay;
using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Hosting.Operations;

/// <summary>Does again what was received, or what destinations were to be told; or says what that would change.</summary>
internal sealed class ReplayOperations(StartReplay start)
{
    public async Task<HubReply> StartAsync(HubRequest request, CancellationToken cancellationToken) =>
        await start.HandleAsync(request.Json(HubWire.Json.ReplayRequest), cancellationToken) switch
        {
            ({ } run, _) => RunOperations.Accepted(run),
            (_, { } fault) => throw ProblemException.BadRequest(fault),
            _ => throw new InvalidOperationException("A replay starts, or there is a fault."),
        };
}
