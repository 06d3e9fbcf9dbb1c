using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Replay;

/// <summary>The use cases that a replay runs on, over one store: the hub's own to do it, the same ones over an overlay to say what it would do.</summary>
public sealed record ReplayScope(IHubStore Store, FoldDelivery Fold, CustomerDirectory Directory, DeliverDueWork Deliver, DeliveryQueue Queue, WorkQueue Work)
{
    /// <summary>Over any store, with nothing remembered from another.</summary>
    public static ReplayScope Over(IHubStore store, DerivedIds ids, GraphLimits limits, ConnectorCatalog connectors, TimeProvider time)
    {
        var (directory, queue) = (new CustomerDirectory(store, ids, limits), new DeliveryQueue(store, time));
        var echoes = new EchoGuard(store, ids, connectors, time);
        var deliver = new DeliverDueWork(store, connectors, directory, limits, new Routes(store, connectors), queue, echoes, time);
        return new(store, new FoldDelivery(store, ids, directory, limits, echoes), directory, deliver, queue, new WorkQueue(store, time));
    }
}

/// <summary>A replay in a step's hand.</summary>
/// <param name="RunId">The run: the cause of what it brings about.</param>
/// <param name="StartedAt">What came later is none of its business.</param>
/// <param name="Request">What was asked.</param>
/// <param name="Position">Where it is.</param>
/// <param name="Report">What came of it so far.</param>
internal sealed record ReplayState(string RunId, DateTimeOffset StartedAt, ReplayRequest Request, ReplayPosition Position, ReplayReport Report)
{
    public ReplayFilter Filter { get; } = Request.Filter ?? new();

    /// <summary>Whether a time lies in the time that was asked for.</summary>
    public bool Covers(DateTimeOffset at) => at <= StartedAt && !(at < Filter.Since) && !(at >= Filter.Until);
}
