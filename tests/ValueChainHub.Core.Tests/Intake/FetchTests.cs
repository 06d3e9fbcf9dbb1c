using System.Collections.Concurrent;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Storage;
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
    public async Task A_vendor_that_hangs_holds_no_other_however_often_more_comes()
    {
        var hanging = new Desk(_time, throttles: 0, "hanging") { Answer = new TaskCompletionSource().Task };
        var healthy = new Desk(_time, throttles: 0, "healthy");
        var hub = await HubAsync(hanging, healthy);
        await hub.HintAsync(hanging, 200);

        using var stop = new CancellationTokenSource();
        var run = hub.Run.RunAsync(stop.Token);
        for (var round = 1; round <= 3; round++)
        {
            await hub.HintAsync(healthy, 5);
            await Eventually.BeAsync(() => healthy.Calls == 5 * round, () => _time.Advance(TimeSpan.FromMilliseconds(100)));
        }

        run.IsCompleted.ShouldBeFalse("the hanging vendor is still being asked");
        hanging.Calls.ShouldBeLessThanOrEqualTo(4, "no more than a few calls at the same time");
        await stop.CancelAsync();
        hanging.Release();
        await Should.ThrowAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task Several_hints_at_one_thing_are_answered_by_one_fetch()
    {
        var desk = new Desk(_time, throttles: 0);
        var hub = await HubAsync(desk);
        await hub.HintAsync(desk, 10, sameThing: true);

        await hub.Run.RunAsync(CancellationToken.None);

        desk.Calls.ShouldBe(1);
        (await hub.WaitingAsync(desk)).ShouldBe(new FetchCounts(0, 0));
    }

    [Fact]
    public async Task A_fetch_that_was_given_up_is_listed_and_retried()
    {
        var desk = new Desk(_time, throttles: 1) { Kind = FailureKind.Refused };
        var hub = await HubAsync(desk);
        await hub.HintAsync(desk, 1, sameThing: true);
        await hub.Run.RunAsync(CancellationToken.None);

        var dead = (await hub.Dead.ListAsync(null, 10, null, CancellationToken.None)).Items.ShouldHaveSingleItem();
        (dead.Connector, dead.Target, dead.Reason, dead.Attempts, dead.At).ShouldBe(("desk", "product/same", "Refused: test", 1, _time.GetUtcNow()));
        (await hub.Dead.ListAsync("other", 10, null, CancellationToken.None)).Items.ShouldBeEmpty();
        (await hub.Dead.RetryAsync(dead.Id + "0", CancellationToken.None)).ShouldBeFalse();
        (await hub.Dead.RetryAsync(dead.Id, CancellationToken.None)).ShouldBeTrue();
        (await hub.WaitingAsync(desk)).ShouldBe(new FetchCounts(1, 0));
        await hub.Run.RunAsync(CancellationToken.None);

        desk.Fetched.ShouldHaveSingleItem();
        (await hub.WaitingAsync(desk)).ShouldBe(new FetchCounts(0, 0));
    }

    [Fact]
    public async Task A_fetch_that_was_given_up_is_discarded_by_a_person_or_done_by_a_later_hint()
    {
        var desk = new Desk(_time, throttles: 3) { Kind = FailureKind.Refused };
        var hub = await HubAsync(desk);
        await hub.HintAsync(desk, 1, sameThing: true);
        await hub.HintAsync(desk, 2);
        await hub.Run.RunAsync(CancellationToken.None);
        var first = await hub.Dead.ListAsync(null, 2, null, CancellationToken.None);
        var dead = first.Items.Concat((await hub.Dead.ListAsync(null, 2, first.Cursor, CancellationToken.None)).Items).ToList();
        dead.Select(one => one.Target).ShouldBe(["product/same", "product/2", "product/3"], ignoreOrder: true);

        var unwanted = dead.Single(one => one.Target == "product/2");
        (await hub.Dead.DiscardAsync(unwanted.Id, CancellationToken.None)).ShouldBeTrue();
        (await hub.Dead.DiscardAsync(unwanted.Id, CancellationToken.None)).ShouldBeFalse();
        await hub.HintAsync(desk, 1, sameThing: true);
        await hub.Run.RunAsync(CancellationToken.None);

        (await hub.Dead.ListAsync(null, 10, null, CancellationToken.None)).Items.ShouldHaveSingleItem().Target.ShouldBe("product/3");
    }

    [Fact]
    public async Task While_the_line_is_closed_work_waits_where_it_is_and_costs_no_attempt()
    {
        var line = new Line { NotBefore = _time.GetUtcNow().AddDays(30) };
        var desk = new Desk(_time, throttles: 0) { Line = line };
        var hub = await HubAsync(desk);
        await hub.HintAsync(desk, 100);

        for (var hour = 0; hour < 30 * 24; hour += 6)
        {
            await hub.Run.RunAsync(CancellationToken.None);
            _time.Advance(TimeSpan.FromHours(6));
        }

        desk.Calls.ShouldBe(0);
        line.NotBefore = null;
        await hub.Run.RunAsync(CancellationToken.None);
        desk.Calls.ShouldBe(100);
        (await hub.WaitingAsync(desk)).ShouldBe(new FetchCounts(0, 0));
    }

    [Theory]
    [InlineData(FailureKind.Unavailable)]
    [InlineData(FailureKind.Timeout)]
    [InlineData(FailureKind.Unauthorized)]
    public async Task A_try_of_a_broken_line_costs_what_was_tried_no_attempt(FailureKind kind)
    {
        var line = new Line { Stands = false };
        var desk = new Desk(_time, throttles: 500) { Kind = kind, Line = line };
        var hub = await HubAsync(desk);
        await hub.HintAsync(desk, 1);

        for (var attempt = 0; attempt < 600; attempt++)
        {
            await hub.Run.RunAsync(CancellationToken.None);
            _time.Advance(TimeSpan.FromMinutes(5));
        }

        desk.Calls.ShouldBe(501);
        (await hub.WaitingAsync(desk)).ShouldBe(new FetchCounts(0, 0));
    }

    [Fact]
    public async Task Two_heads_at_once_fetch_and_keep_the_same_once()
    {
        var desk = new Desk(_time, throttles: 0);
        var hub = await HubAsync(desk);
        await hub.HintAsync(desk, 40);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => hub.Run.RunAsync(CancellationToken.None)));

        desk.Fetched.Count.ShouldBe(40);
        var page = await _store.ReadFeedAsync(HubContainers.Inbox, FeedPosition.Beginning, 1_000, "d", CancellationToken.None);
        page.Changes.Select(change => Core.Intake.Delivery.Read(change.Item.Body)).Count(delivery => delivery.Kind == DeliveryKind.Fetch).ShouldBe(40);
    }

    [Fact]
    public async Task What_the_sweep_brings_home_is_fetched_too()
    {
        var desk = new Desk(_time, throttles: 0);
        var hub = await HubAsync(desk);
        await hub.ReceiveAsync(desk, 3);
        _time.Advance(Sweep.Patience);

        (await new Sweep(_store, hub.Connectors, hub.Fold, hub.Work, _time).RunAsync(CancellationToken.None)).ShouldBe(3);

        await hub.Run.RunAsync(CancellationToken.None);
        desk.Fetched.Count.ShouldBe(3);
    }

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
        var hub = await HubAsync(desk);
        await hub.HintAsync(desk, 1);
        return hub.Run;
    }

    private Task<SmallHub> HubAsync(params IConnector[] connectors) => Task.FromResult(new SmallHub(_store, _time, connectors));

    private async Task RunAsync(RunDueWork run, int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            await run.RunAsync(CancellationToken.None);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>The use cases that fetching rests on, over one store.</summary>
    private sealed class SmallHub
    {
        private readonly ReceiveWebhook _receive;
        private readonly ProcessInbox _process;
        private readonly ReadConnectors _reads;
        private int _sent;

        public SmallHub(MemoryHubStore store, TimeProvider time, IReadOnlyList<IConnector> connectors)
        {
            var (limits, handover) = (new Core.Identity.GraphLimits(), new TranslationHandover());
            Connectors = new(connectors);
            Fold = new(store, ModelHub.Ids, new(store, ModelHub.Ids, limits), limits);
            Work = new(store, time);
            Dead = new(Connectors, Work);
            Run = new(store, Connectors, Fold, handover, Work, time);
            _receive = new(store, Connectors, new Rejections(store), handover, time);
            _reads = new(Work, new(store, Connectors, handover, time));
            _process = new(store, Connectors, Fold, handover, Work, time);
        }

        public ConnectorCatalog Connectors { get; }

        public FoldDelivery Fold { get; }

        public WorkQueue Work { get; }

        public DeadFetches Dead { get; }

        public RunDueWork Run { get; }

        public async Task<FetchCounts?> WaitingAsync(IConnector connector) => (await _reads.HandleAsync(connector, CancellationToken.None)).Fetches;

        /// <summary>Webhooks taken and applied, each of which points at something to fetch.</summary>
        public async Task HintAsync(IConnector connector, int count, bool sameThing = false)
        {
            await ReceiveAsync(connector, count, sameThing);
            await _process.RunAsync(CancellationToken.None);
        }

        public async Task ReceiveAsync(IConnector connector, int count, bool sameThing = false)
        {
            for (var hint = 0; hint < count; hint++)
            {
                var body = System.Text.Encoding.UTF8.GetBytes($"{++_sent}");
                var headers = new Dictionary<string, string> { ["thing"] = sameThing ? "same" : $"{_sent}" };
                (await _receive.HandleAsync(connector.Name, new("POST", new("https://hub.example/"), headers, body), CancellationToken.None)).ShouldBeOfType<Receipt.Accepted>();
            }
        }
    }

    private sealed class Line : IVendorLine
    {
        public DateTimeOffset? NotBefore { get; set; }

        public bool Stands { get; set; } = true;

        public LineState Read() => new("closed", null, NotBefore, 1, 1);
    }

    /// <summary>A vendor whose every webhook is a hint, and whose API puts callers off.</summary>
    private sealed class Desk(TimeProvider time, int throttles, string name = "desk") : IFetchConnector
    {
        private readonly TaskCompletionSource _released = new();
        private int _calls;

        public FailureKind Kind { get; init; } = FailureKind.Throttled;

        public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

        /// <summary>What its API waits for before it answers.</summary>
        public Task Answer { get; init; } = Task.CompletedTask;

        public IVendorLine? Line { get; init; }

        public int Calls => _calls;

        public ConcurrentDictionary<string, int> Fetched { get; } = new(StringComparer.Ordinal);

        public string Name => name;

        public string Vendor => "desk";

        public ChainLink Link => ChainLink.Service;

        public bool CanFetch => true;

        public void Release() => _released.SetResult();

        public WebhookVerdict Verify(WebhookRequest request, DateTimeOffset now) =>
            new WebhookVerdict.Genuine("d-" + System.Text.Encoding.UTF8.GetString(request.Body.Span), "hint", null, request.Headers);

        public string? AnswerHandshake(WebhookRequest request) => null;

        public Translation Translate(DeliveryContent delivery)
        {
            var id = delivery.Kind == DeliveryKind.Fetch ? "fetched-" + System.Text.Encoding.UTF8.GetString(delivery.Body.Span).Replace("/", "-", StringComparison.Ordinal) : System.Text.Encoding.UTF8.GetString(delivery.Body.Span);
            var (key, product) = (new EntityKey(name, "product", id), ChainJson.Write(new Product(id, null, null, null)));
            return new Translation.Translated(
                DeliveryIdentity.Nobody,
                [new(key, Homing.Own, [new(FacetNames.Core, new(null, SourceClass.Webhook, 0), product)], [])],
                [new(EventCatalogue.ProductChanged, key, null, product)],
                delivery.Kind == DeliveryKind.Fetch ? [] : [new(name, "product/" + delivery.Headers["thing"], "test")]);
        }

        public async Task<FetchOutcome> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
        {
            var call = Interlocked.Increment(ref _calls);
            await Task.WhenAny(Answer, _released.Task);
            if (call <= throttles)
                return new FetchOutcome.Failed(Kind, "test", Kind == FailureKind.Throttled ? time.GetUtcNow() + Pause : null);
            Fetched.AddOrUpdate(request.Resource, 1, (_, count) => count + 1);
            return new FetchOutcome.Fetched("thing", System.Text.Encoding.UTF8.GetBytes(request.Resource));
        }
    }

    private static class Eventually
    {
        /// <summary>Moves the clock until it is so.</summary>
        public static async Task BeAsync(Func<bool> isSo, Action move)
        {
            for (var waited = System.Diagnostics.Stopwatch.StartNew(); !isSo();)
            {
                waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
                move();
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }
        }
    }
}
