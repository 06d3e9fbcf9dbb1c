using System.Text.Json;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Runs;

namespace ValueChainHub.Core.Replay;

/// <summary>Starts a replay, or says what is wrong with what was asked.</summary>
public sealed class StartReplay(RunRegister runs, ConnectorCatalog connectors)
{
    public async ValueTask<(Run? Run, string? Fault)> HandleAsync(ReplayRequest request, CancellationToken cancellationToken)
    {
        if ((ReplayFaults.Of(request, connectors) ?? AppendFaultOf(request)) is { } fault)
            return (null, fault);
        var asked = JsonSerializer.SerializeToElement(request, ReplayContext.Default.ReplayRequest);
        return (await runs.StartAsync(ReplayWords.Kind, request.Filter?.Connector, asked, cancellationToken), null);
    }

    private string? AppendFaultOf(ReplayRequest request) =>
        request.Send == ReplayWords.Events && request.Destinations!.Any(name => connectors.Find(name) is not ITakesEvents)
            ? "The member destinations names a connector that takes no events."
            : null;
}
