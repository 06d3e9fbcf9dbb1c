using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Drift;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Runs;
using ValueChainHub.Core.Storage;
using ValueChainHub.Core.Tests.Model;
using ValueChainHub.Testing;
using ValueChainHub.Testing.Storage;

namespace ValueChainHub.Core.Tests.Delivery;

/// <summary>The use cases that delivery rests on, over one store: fold, outbox, bus, routes, due work.</summary>
internal sealed class DeliveryHub
{
    private readonly IHubStore _store;
    private readonly PublishEvents _publish;
    private readonly FoldDelivery _fold;
    private readonly RunDueWork _run;
    private readonly RunDueRuns _steps;
    private readonly List<FoldInput> _folded = [];
    private int _received;

    public DeliveryHub(IReadOnlyList<FakeVendor> vendors, ManualTime? time = null, IHubStore? store = null, MemoryChainBus? bus = null)
    {
        (Time, _store, Vendors, bus) = (time ?? new ManualTime(), store ?? new MemoryHubStore(), vendors, bus ?? new MemoryChainBus());
        var (connectors, limits) = (new ConnectorCatalog(vendors), new GraphLimits());
        var directory = new CustomerDirectory(_store, ModelHub.Ids, limits);
        var echoes = new EchoGuard(_store, ModelHub.Ids, connectors, Time);
        Routes = new(_store, connectors);
        Queue = new(_store, Time);
        _fold = new(_store, ModelHub.Ids, directory, limits, echoes, new PushRecords(connectors, Routes, Queue, directory, Time));
        _publish = new(_store, bus, Time);
        Dead = new(connectors, Queue);
        Route = new(bus, connectors, Routes, Queue, Time);
        var deliver = new DeliverDueWork(_store, connectors, directory, limits, Routes, Queue, echoes, Time);
        _run = new(_store, connectors, _fold, new TranslationHandover(), new WorkQueue(_store, Time), Time, deliver);
        Events = new(_store);
        Runs = new(_store, Time);
        Drift = new(_store, connectors, directory, limits, Routes, Queue, new WorkQueue(_store, Time), echoes, Runs, Time);
        StartDrift = new(_store, connectors, Drift, Runs, TimeSpan.FromDays(1), Time);
        _steps = new(Runs, [Drift], Time);
        Reads = new(_store, ModelHub.Ids, directory, connectors, limits);
    }

    public ManualTime Time { get; }

    public IReadOnlyList<FakeVendor> Vendors { get; }

    public Routes Routes { get; }

    public RouteEvents Route { get; }

    public DeliveryQueue Queue { get; }

    public RunRegister Runs { get; }

    public DriftRuns Drift { get; }

    public StartDriftRuns StartDrift { get; }

    public DeadDeliveries Dead { get; }

    public ReadCustomers Reads { get; }

    public ReadEvents Events { get; }

    /// <summary>What its calls are ended by: a crash.</summary>
    public CancellationToken Stop { get; set; }

    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>A delivery arrives and is folded.</summary>
    public Task FoldAsync(Translation.Translated said, string origin = "live")
    {
        var input = new FoldInput(said, said.Source(), $"{said.Source()}.d{_received++}", Now, origin);
        _folded.Add(input);
        return _fold.HandleAsync(input, Stop);
    }

    /// <summary>Every delivery's effect is still found, read from the delivery as it came.</summary>
    public async Task<bool> AllFoldedAsync()
    {
        foreach (var input in _folded)
        {
            if (!await _fold.IsFoldedAsync(input, Stop))
                return false;
        }
        return true;
    }

    /// <summary>Vendors send the webhooks that wait; answers how many.</summary>
    public async Task<int> EchoAsync()
    {
        var echoed = 0;
        foreach (var vendor in Vendors)
        {
            while (vendor.Webhooks.TryDequeue(out var webhook))
            {
                if (Now < webhook.Identity.At)
                    Time.Set(webhook.Identity.At!.Value);
                await FoldAsync(webhook);
                echoed++;
            }
        }
        return echoed;
    }

    /// <summary>The outbox.</summary>
    public async Task PublishAsync()
    {
        while (await _publish.RunAsync(Stop))
        {
        }
    }

    /// <summary>The outbox, and what destinations make of it.</summary>
    public async Task RouteAsync()
    {
        await Route.RunAsync(Stop);
        await PublishAsync();
        for (var round = 0; round < 20 && await Route.RunAsync(Stop); round++)
        {
        }
    }

    /// <summary>What is due is done.</summary>
    public Task WorkAsync() => _run.RunAsync(Stop);

    /// <summary>Everything until the moment after the coalescing pause.</summary>
    public async Task SettleAsync()
    {
        await RouteAsync();
        Time.Advance(TimeSpan.FromSeconds(2));
        await WorkAsync();
    }

    /// <summary>The steps of long operations, until none has one now.</summary>
    public async Task StepAsync()
    {
        while (await _steps.RunAsync(Stop))
        {
        }
    }

    public async Task<DeliveryCounts> CountsAsync(FakeVendor vendor) => (await Dead.CountAsync(CancellationToken.None))[vendor.Name];
}
