using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Core.Intake;

/// <summary>What a connector asks of its vendor, and how that goes.</summary>
/// <param name="Line">Its line; null when it makes no calls.</param>
/// <param name="Fetches">Things to fetch that wait, and that were given up; each counted up to ten thousand. Null when it fetches nothing.</param>
/// <param name="Polls">Where its polls stand; null when it polls nothing.</param>
public sealed record ConnectorCalls(LineState? Line, FetchCounts? Fetches, IReadOnlyList<PollState>? Polls);

public sealed record FetchCounts(int Pending, int Dead);

/// <summary>Reads how the calls of a connector are doing.</summary>
public sealed class ReadConnectors(WorkQueue work, PollConnectors polls)
{
    public async ValueTask<ConnectorCalls> HandleAsync(IConnector connector, CancellationToken cancellationToken)
    {
        var line = (connector as ICallingConnector)?.Line?.Read();
        FetchCounts? fetches = null;
        if (connector is IFetchConnector { CanFetch: true })
        {
            var (pending, dead) = await work.CountAsync(WorkQueue.FetchKind, connector.Name, cancellationToken);
            fetches = new(pending, dead);
        }
        return new(line, fetches, connector is IPollConnector { CanPoll: true } ? await polls.ReadAsync(connector.Name, cancellationToken) : null);
    }
}
