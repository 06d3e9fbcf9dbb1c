using System.Text.Json;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Reconciliation;
using ValueChainHub.Core.Runs;
using ValueChainHub.Core.Storage;
using ValueChainHub.Core.Tests.Model;
using ValueChainHub.Testing;
using ValueChainHub.Testing.Storage;

namespace ValueChainHub.Core.Tests.Reconciliation;

/// <summary>Intake, fold, runs and reconciliation over one store.</summary>
internal sealed class WalkHub
{
    private static readonly JsonSerializerOptions Camel = new(JsonSerializerDefaults.Web);

    private readonly ReceiveWebhook _receive;
    private readonly ProcessInbox _inbox;
    private readonly RunDueRuns _due;

    public WalkHub(FakeShop shop, ManualTime? time = null, IHubStore? store = null, Func<string, VendorAccount?>? accounts = null, WalkSettings? settings = null)
    {
        (Shop, Time, Store) = (shop, time ?? new ManualTime(), store ?? new MemoryHubStore());
        var (connectors, limits, handover) = (new ConnectorCatalog([shop]), new GraphLimits(), new TranslationHandover());
        var directory = new CustomerDirectory(Store, ModelHub.Ids, limits);
        var fold = new FoldDelivery(Store, ModelHub.Ids, directory, limits);
        var work = new WorkQueue(Store, Time);
        _receive = new(Store, connectors, new Rejections(Store), handover, Time);
        _inbox = new(Store, connectors, fold, handover, work, Time);
        Runs = new(Store, Time);
        var asked = settings ?? new WalkSettings();
        _due = new(
            Runs,
            [
                new ReconcileVendor(Store, ModelHub.Ids, connectors, fold, handover, _inbox, asked, accounts ?? (_ => null), Time),
                new BackfillVendor(Store, ModelHub.Ids, connectors, fold, handover, _inbox, Time),
            ],
            Time);
        Start = new(Store, connectors, Runs, asked, Time);
        Reads = new(Store, ModelHub.Ids, directory, connectors, limits);
    }

    public FakeShop Shop { get; }

    public ManualTime Time { get; }

    public IHubStore Store { get; }

    public RunRegister Runs { get; }

    public StartReconciliations Start { get; }

    public ReadCustomers Reads { get; }

    public CancellationToken Stop { get; set; }

    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>The webhook arrives and is folded.</summary>
    public async Task TakeAsync(WebhookRequest webhook)
    {
        await _receive.HandleAsync(Shop.Name, webhook, Stop);
        await FoldAsync();
    }

    public async Task FoldAsync()
    {
        while (await _inbox.RunAsync(Stop))
        {
        }
    }

    /// <summary>A reconciliation, from its start to its end; a backfill when it is asked from the beginning.</summary>
    public async Task<Run> ReconcileAsync(WalkAsked? asked = null)
    {
        var started = (await Start.HandleAsync(Shop.Name, asked ?? new(), Stop)).ShouldBeOfType<WalkStart.Started>();
        return await FinishAsync(started.Run.Id);
    }

    public async Task<Run> FinishAsync(string id)
    {
        for (var turn = 0; turn < 200_000; turn++)
        {
            if (await Runs.ReadAsync(id, Stop) is { } run && run.State != RunStates.Running)
            {
                await FoldAsync();
                return run;
            }
            await _due.RunAsync(Stop);
            await FoldAsync();
            if (await Runs.ReadAsync(id, Stop) is { NotBefore: { } notBefore })
                Time.Set(notBefore);
        }
        throw new InvalidOperationException("The run has no end.");
    }

    /// <summary>The steps that runs can take now, and no time passes.</summary>
    public async Task StepAsync()
    {
        while (await _due.RunAsync(Stop))
            await FoldAsync();
    }

    public static WalkReport ReportOf(Run run) => run.Report.Deserialize<WalkReport>(Camel)!;

    /// <summary>How a customer is called in the hub; null for one it does not know.</summary>
    public async Task<string?> NameAsync(string customer) =>
        (await Reads.GetAsync(ModelHub.Ids.Of(Identifier.Account(Shop.Name, customer)), Stop))?.Name;

    /// <summary>The events of the hub, as they are published, in no order.</summary>
    public async Task<IReadOnlyList<JsonElement>> EventsAsync()
    {
        var page = await Store.ReadFeedAsync(HubContainers.Profiles, FeedPosition.Beginning, int.MaxValue, "ev|", Stop);
        return [.. page.Changes.Select(change => JsonElement.Parse(change.Item.Body.Span))];
    }
}
