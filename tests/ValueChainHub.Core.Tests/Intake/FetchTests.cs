using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Tests.Model;
using ValueChainHub.Testing;
using ValueChainHub.Testing.Storage;

namespace ValueChainHub.Core.Tests.Intake;

/// <summary>What becomes of fetches that a vendor puts off.</summary>
public sealed class FetchTests
{
    private readonly ManualTime _time = new();
    private readonly MemoryHubStore _store = new();

    [Fact]
    public async Task A_fetch_that_is_throttled_again_and_again_is_never_given_up()
    {
        var desk = new Desk(_time, throttles: 40);
        var run = await HintedAsync(desk);

        await RunAsync(run, seconds: 60);

        desk.Calls.ShouldBe(41);
    }

    [Fact]
    public async Task A_fetch_is_not_asked_again_before_the_vendor_allows_it()
    {
        var desk = new Desk(_time, throttles: 1) { Pause = TimeSpan.FromSeconds(30) };
        var run = await HintedAsync(desk);

        await RunAsync(run, seconds: 29);
        desk.Calls.ShouldBe(1);
        await RunAsync(run, seconds: 2);
        desk.Calls.ShouldBe(2);
    }

    [Fact]
    public async Task A_fetch_that_only_fails_is_given_up_in_the_end()
    {
        var desk = new Desk(_time, throttles: int.MaxValue) { Kind = FailureKind.Unavailable };
        var run = await HintedAsync(desk);

        for (var hour = 0; hour < 48; hour++)
        {
            await run.RunAsync(CancellationToken.None);
            _time.Advance(TimeSpan.FromHours(1));
        }

        desk.Calls.ShouldBe(8);
    }

    /// <summary>One delivery taken and applied that points at something to fetch.</summary>
    private async Task<RunDueWork> HintedAsync(Desk desk)
    {
        var (limits, handover, connectors) = (new Core.Identity.GraphLimits(), new TranslationHandover(), new ConnectorCatalog([desk]));
        var fold = new FoldDelivery(_store, ModelHub.Ids, new(_store, ModelHub.Ids, limits), limits);
        var work = new WorkQueue(_store, _time);
        using var rejections = new Rejections(_store);
        var request = new WebhookRequest("POST", new("https://hub.example/"), new Dictionary<string, string>(), "{}"u8.ToArray());
        (await new ReceiveWebhook(_store, connectors, rejections, handover, _time).HandleAsync("desk", request, CancellationToken.None)).ShouldBeOfType<Receipt.Accepted>();
        await new ProcessInbox(_store, connectors, fold, handover, work, _time).RunAsync(CancellationToken.None);
        return new RunDueWork(_store, connectors, fold, handover, work, _time);
    }

    private async Task RunAsync(RunDueWork run, int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            await run.RunAsync(CancellationToken.None);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>A vendor whose every webhook is a hint, and whose API puts callers off.</summary>
    private sealed class Desk(TimeProvider time, int throttles) : IFetchConnector
    {
        public FailureKind Kind { get; init; } = FailureKind.Throttled;

        public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

        public int Calls { get; private set; }

        public string Name => "desk";

        public string Vendor => "desk";

        public ChainLink Link => ChainLink.Service;

        public bool CanFetch => true;

        public WebhookVerdict Verify(WebhookRequest request, DateTimeOffset now) => new WebhookVerdict.Genuine("d-1", "hint", null, new Dictionary<string, string>());

        public string? AnswerHandshake(WebhookRequest request) => null;

        public Translation Translate(DeliveryContent delivery)
        {
            var (key, product) = (new EntityKey("desk", "product", "1"), ChainJson.Write(new Product("1", null, null, null)));
            return new Translation.Translated(
                DeliveryIdentity.Nobody,
                [new(key, Homing.Own, [new(FacetNames.Core, new(null, SourceClass.Webhook, 0), product)], [])],
                [new(EventCatalogue.ProductChanged, key, null, product)],
                delivery.Kind == DeliveryKind.Fetch ? [] : [new("desk", "product/1", "test")]);
        }

        public Task<FetchOutcome> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
        {
            Calls++;
            return Task.FromResult<FetchOutcome>(
                Calls > throttles ? new FetchOutcome.Fetched("thing", "{}"u8.ToArray()) : new FetchOutcome.Failed(Kind, "test", Kind == FailureKind.Throttled ? time.GetUtcNow() + Pause : null));
        }
    }
}
