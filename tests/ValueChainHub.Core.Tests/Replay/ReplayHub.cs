using System.Text.Json;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Replay;
using ValueChainHub.Core.Runs;
using ValueChainHub.Core.Storage;
using ValueChainHub.Core.Tests.Delivery;
using ValueChainHub.Core.Tests.Model;
using ValueChainHub.Testing;
using ValueChainHub.Testing.Storage;
using KeptDelivery = ValueChainHub.Core.Intake.Delivery;

namespace ValueChainHub.Core.Tests.Replay;

/// <summary>A shop that sends, a mailer that is told, and between them the hub from the inbox to the destinations, with replays.</summary>
internal sealed class ReplayHub
{
    private readonly IHubStore _store;
    private readonly ProcessInbox _process;
    private readonly PublishEvents _publish;
    private readonly RouteEvents _route;
    private readonly RunDueWork _work;
    private readonly RunDueRuns _due;
    private readonly TranslationHandover _handover = new();

    public ReplayHub(ReplayWorld world, IHubStore? store = null, long planBytes = ReplayRuns.BytesOfAPlan)
    {
        (World, _store) = (world, store ?? world.Store);
        var (connectors, limits, time) = (new ConnectorCatalog([world.Shop, world.Mail]), new GraphLimits(), world.Time);
        var directory = new CustomerDirectory(_store, ModelHub.Ids, limits);
        var echoes = new EchoGuard(_store, ModelHub.Ids, connectors, time);
        Routes = new(_store, connectors);
        var (work, queue) = (new WorkQueue(_store, time), new DeliveryQueue(_store, time));
        var fold = new FoldDelivery(_store, ModelHub.Ids, directory, limits, echoes, new PushRecords(connectors, Routes, queue, directory, time));
        _process = new(_store, connectors, fold, _handover, work, time);
        _publish = new(_store, world.Bus, time);
        _route = new(world.Bus, connectors, Routes, queue, time);
        var deliver = new DeliverDueWork(_store, connectors, directory, limits, Routes, queue, echoes, time);
        _work = new(_store, connectors, fold, _handover, work, time, deliver);
        Runs = new(_store, time);
        var replays = new ReplayRuns(
            new(_store, fold, directory, deliver, queue, work), other => ReplayScope.Over(other, ModelHub.Ids, limits, connectors, time), connectors, Routes, time, planBytes);
        (_due, Start) = (new(Runs, [replays], time), new(Runs, connectors));
        var rejections = new Rejections(_store);
        Ledger = new(_store, connectors, _process, _publish, rejections, time);
        Verify = new(_store, connectors, Ledger, fold, time);
        Deliveries = new(_store, connectors, fold, ModelHub.Ids, time);
        Discard = new(_store, connectors, fold, time);
        Reads = new(_store, ModelHub.Ids, directory, connectors, limits);
        Events = new(_store);
        Dead = new(connectors, queue);
    }

    public ReplayWorld World { get; }

    public Routes Routes { get; }

    public RunRegister Runs { get; }

    public StartReplay Start { get; }

    public ReadLedger Ledger { get; }

    public VerifyLedger Verify { get; }

    public ReadDeliveries Deliveries { get; }

    public DiscardDelivery Discard { get; }

    public ReadCustomers Reads { get; }

    public ReadEvents Events { get; }

    public DeadDeliveries Dead { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The shop sends something, and the hub keeps it.</summary>
    public async Task<string> ReceiveAsync(string topic, object body)
    {
        var delivery = _handover.Judge(World.Shop, new KeptDelivery
        {
            Id = KeptDelivery.IdOf(World.Shop.Name, $"d{World.Received++}"),
            Connector = World.Shop.Name,
            Kind = DeliveryKind.Webhook,
            Topic = topic,
            Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase),
            Body = JsonSerializer.SerializeToUtf8Bytes(body),
            ReceivedAt = World.Time.GetUtcNow(),
            State = DeliveryStates.Pending,
        });
        await _store.CommitAsync(HubContainers.Inbox, delivery.Id, [new WriteOperation.Create("d", delivery.Write())], Token);
        return delivery.Id;
    }

    public async Task FoldAsync()
    {
        while (await _process.RunAsync(Token))
        {
        }
    }

    /// <summary>Everything that is on its way arrives, and time passes.</summary>
    public async Task SettleAsync(TimeSpan? after = null)
    {
        await FoldAsync();
        await _route.RunAsync(Token);
        while (await _publish.RunAsync(Token))
        {
        }
        for (var round = 0; round < 50 && await _route.RunAsync(Token); round++)
        {
        }
        World.Time.Advance(after ?? TimeSpan.FromSeconds(2));
        await _work.RunAsync(Token);
        World.Shop.Webhooks.Clear();
        World.Mail.Webhooks.Clear();
    }

    /// <summary>A replay, to its end.</summary>
    public async Task<(Run Run, ReplayReport Report)> ReplayAsync(ReplayRequest request)
    {
        var (run, fault) = await Start.HandleAsync(request, Token);
        fault.ShouldBeNull();
        return await GoOnAsync(run!.Id);
    }

    /// <summary>Takes the steps that are due.</summary>
    public async Task<(Run Run, ReplayReport Report)> GoOnAsync(string id)
    {
        while (await _due.RunAsync(Token))
        {
        }
        var run = (await Runs.ReadAsync(id, Token))!;
        run.Failures.ShouldBe(0, run.Reason);
        return (run, ReportOf(run));
    }

    public static ReplayReport ReportOf(Run run) => run.Report.Deserialize<ReplayReport>(JsonSerializerOptions.Web)!;

    /// <summary>A report as text, to be compared.</summary>
    public static string Text(ReplayReport report) => JsonSerializer.Serialize(report);
}

/// <summary>What stays when a process ends: the store, the bus, the vendors, the clock.</summary>
internal sealed class ReplayWorld
{
    public ReplayWorld()
    {
        Shop = new("shop", Time, ChainLink.Storefront);
        Mail = new("mail", Time);
        Shop.Mapping = Read;
    }

    public ManualTime Time { get; } = new();

    public MemoryHubStore Store { get; } = new();

    public MemoryChainBus Bus { get; } = new();

    public FakeVendor Shop { get; }

    public FakeVendor Mail { get; }

    public int Received { get; set; }

    /// <summary>The connector was mended: orders have another total, and what is odd is read.</summary>
    public bool IsMended { get; set; }

    /// <summary>The total of every order as the mended connector reads it.</summary>
    public decimal MendedTotal { get; set; } = 30;

    /// <summary>What lies in a container, item by item.</summary>
    public async Task<IReadOnlyList<string>> ItemsAsync(string container)
    {
        var page = await Store.ReadFeedAsync(container, FeedPosition.Beginning, int.MaxValue, null, CancellationToken.None);
        return [.. page.Changes.Select(change => $"{change.Item.Partition}/{change.Item.Id}/{change.Item.ETag}").Where(item => container != HubContainers.Work || !item.StartsWith("runs/", StringComparison.Ordinal))];
    }

    public async Task<IReadOnlyList<string>> AllItemsAsync()
    {
        var all = new List<string>();
        foreach (var container in HubContainers.All)
            all.AddRange(await ItemsAsync(container));
        return all;
    }

    private Translation Read(DeliveryContent delivery)
    {
        var said = JsonSerializer.Deserialize<Said>(delivery.Body.Span)!;
        return delivery.Topic switch
        {
            "account" => Shop.Account(said.Account, said.Name, said.Email, said.At),
            "consent" => Shop.Consented(said.Account, said.Email!, "granted", said.At),
            "order" => Shop.Ordered(said.Account, said.Order!, said.At, IsMended ? MendedTotal : 10),
            "odd" => IsMended ? Shop.Ordered(said.Account, said.Order!, said.At) : new Translation.Unreadable("order"),
            _ => new Translation.Suppressed("Nobody acts on this topic."),
        };
    }

    /// <summary>What the shop sends.</summary>
    public sealed record Said(string Account, DateTimeOffset At, string? Name = null, string? Email = null, string? Order = null);
}
