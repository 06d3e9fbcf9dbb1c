using System.Text;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Drift;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Reconciliation;
using ValueChainHub.Core.Replay;
using ValueChainHub.Core.Runs;
using ValueChainHub.Hosting.Settings;

namespace ValueChainHub.Hosting;

/// <summary>The use cases of Core, put together by hand: one glance shows what rests on what.</summary>
internal sealed class HubParts
{
    public HubParts(HubSettings settings, HubStorage storage, IReadOnlyList<IConnector> connectors, Func<string, VendorAccount?> accounts, TimeProvider time)
    {
        var store = storage.Store;
        var limits = new GraphLimits();
        var ids = new DerivedIds(Encoding.UTF8.GetBytes(settings.IdKey));
        var directory = new CustomerDirectory(store, ids, limits);
        Connectors = new(connectors, settings.WriteBack);
        var echoes = new EchoGuard(store, ids, Connectors, time);
        Routes = new(store, Connectors);
        var queue = new DeliveryQueue(store, time);
        var fold = new FoldDelivery(store, ids, directory, limits, echoes, new PushRecords(Connectors, Routes, queue, directory, time));
        var bind = new BindProfiles(store, directory);
        var handover = new TranslationHandover();
        var work = new WorkQueue(store, time);

        Storage = storage;
        Rejections = new(store);
        var pressure = new IntakePressure(time);
        ReceiveWebhook = new(store, Connectors, Rejections, handover, time, pressure);
        ProcessInbox = new(store, Connectors, fold, handover, work, time, pressure);
        RouteEvents = new(storage.Bus, Connectors, Routes, queue, time);
        DeadDeliveries = new(Connectors, queue);
        DeadFetches = new(Connectors, work);
        var deliver = new DeliverDueWork(store, Connectors, directory, limits, Routes, queue, echoes, time);
        RunDueWork = new(store, Connectors, fold, handover, work, time, deliver);
        Sweep = new(store, Connectors, fold, work, time);
        PollConnectors = new(store, Connectors, handover, time);
        ReadConnectors = new(work, PollConnectors);
        ReadDeliveries = new(store, Connectors, fold, ids, time);
        RetryDelivery = new(store, Connectors, fold, work, time);
        DiscardDelivery = new(store, Connectors, fold, time);
        PublishEvents = new(store, storage.Bus, time);
        CatchUp = new(ProcessInbox, PublishEvents, time);
        ReadEvents = new(store);
        ReadLedger = new(store, Connectors, ProcessInbox, PublishEvents, Rejections, time);
        VerifyLedger = new(store, Connectors, ReadLedger, fold, time);
        ReadCustomers = new(store, ids, directory, Connectors, limits);
        Runs = new(store, time);
        Drift = new(store, Connectors, directory, limits, Routes, queue, work, echoes, Runs, time);
        RunDueRuns = new(
            Runs,
            // One for each kind of long operation.
            [
                Drift,
                new ReconcileVendor(store, ids, Connectors, fold, handover, ProcessInbox, settings.Reconcile, accounts, time, pressure),
                new BackfillVendor(store, ids, Connectors, fold, handover, ProcessInbox, time, pressure),
                new ReplayRuns(
                    new(store, fold, directory, deliver, queue, work),
                    other => ReplayScope.Over(other, ids, limits, Connectors, time),
                    Connectors,
                    Routes,
                    time),
            ],
            time);
        StartReconciliations = new(store, Connectors, Runs, settings.Reconcile, time);
        StartDriftRuns = new(store, Connectors, Drift, Runs, settings.DriftEvery, time);
        StartReplay = new(Runs, Connectors);
        MergeCustomers = new(store, ids, bind, directory, limits, time);
        SplitCustomer = new(store, ids, bind, directory, limits, time);
    }

    public HubStorage Storage { get; }
    public ConnectorCatalog Connectors { get; }
    public Rejections Rejections { get; }
    public ReceiveWebhook ReceiveWebhook { get; }
    public ProcessInbox ProcessInbox { get; }
    public Routes Routes { get; }
    public RouteEvents RouteEvents { get; }
    public DeadDeliveries DeadDeliveries { get; }

    public DeadFetches DeadFetches { get; }
    public RunDueWork RunDueWork { get; }
    public Sweep Sweep { get; }
    public CatchUp CatchUp { get; }
    public PollConnectors PollConnectors { get; }
    public ReadConnectors ReadConnectors { get; }
    public ReadDeliveries ReadDeliveries { get; }
    public RetryDelivery RetryDelivery { get; }
    public DiscardDelivery DiscardDelivery { get; }
    public PublishEvents PublishEvents { get; }
    public ReadEvents ReadEvents { get; }
    public ReadLedger ReadLedger { get; }
    public VerifyLedger VerifyLedger { get; }
    public ReadCustomers ReadCustomers { get; }
    public RunRegister Runs { get; }
    public DriftRuns Drift { get; }
    public RunDueRuns RunDueRuns { get; }
    public StartReconciliations StartReconciliations { get; }

    public StartDriftRuns StartDriftRuns { get; }
    public StartReplay StartReplay { get; }
    public MergeCustomers MergeCustomers { get; }
    public SplitCustomer SplitCustomer { get; }
}
