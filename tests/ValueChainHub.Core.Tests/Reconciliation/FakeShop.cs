using System.Globalization;
using System.Text.Json;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Core.Tests.Reconciliation;

/// <summary>A vendor that holds customers and orders, tells each change by a webhook, and lists what it holds: customers whole, orders by their times.</summary>
internal sealed class FakeShop(string name = "shop") : IWalkConnector, IFetchConnector
{
    private readonly SortedDictionary<string, Thing> _customers = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Thing> _orders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _made = new(StringComparer.Ordinal);
    private int _webhooks;

    public string Name => name;

    public string Vendor => "fake";

    public ChainLink Link => ChainLink.Storefront;

    public IVendorLine? Line { get; init; }

    /// <summary>Its lists are read elsewhere than through the line.</summary>
    public bool HasFiles { get; init; }

    public bool CallsVendor(WalkRequest request) => !HasFiles;

    public bool CanWalk => true;

    public bool CanFetch => true;

    public IReadOnlyList<WalkStream> WalkStreams { get; init; } = [new("customers") { Overlap = TimeSpan.FromMinutes(10) }, new("orders") { Overlap = TimeSpan.FromMinutes(10) }];

    public int PageSize { get; init; } = 3;

    /// <summary>What is answered instead of a page; null answers the page.</summary>
    public Func<WalkRequest, WalkOutcome?> Instead { get; set; } = _ => null;

    /// <summary>The vendor counts so many more than it lists.</summary>
    public int Miscount { get; set; }

    /// <summary>Webhooks tell that a thing was made, and nothing that becomes of it.</summary>
    public bool TellsMakingOnly { get; init; }

    public List<WalkRequest> Asked { get; } = [];

    public int Fetches { get; private set; }

    /// <summary>A customer is made or changed; answers the webhook that tells it.</summary>
    public WebhookRequest Customer(string id, string called, DateTimeOffset at) => Change(_customers, new("customer", id, called, null, at));

    /// <summary>An order is made or changed; answers the webhook that tells it.</summary>
    public WebhookRequest Order(string id, string customer, string status, DateTimeOffset at) => Change(_orders, new("order", id, status, customer, at));

    public void Delete(string order) => _orders.Remove(order);

    public Task<WalkOutcome> WalkAsync(WalkRequest request, CancellationToken cancellationToken)
    {
        Asked.Add(request);
        if (Instead(request) is { } other)
            return Task.FromResult(other);
        var things = (request.Stream == "customers" ? _customers : _orders).Values;
        var from = request.Cursor?.Split('~') is [var time, var after] ? (At: DateTimeOffset.Parse(time, CultureInfo.InvariantCulture), Id: after) : (At: request.Since ?? DateTimeOffset.MinValue, Id: "");
        var rest = request.Since is null
            ? things.Where(one => string.CompareOrdinal(one.Id, from.Id) > 0).ToList()
            : things.Where(one => one.At > from.At || (one.At == from.At && string.CompareOrdinal(one.Id, from.Id) > 0)).OrderBy(one => one.At).ThenBy(one => one.Id, StringComparer.Ordinal).ToList();
        var page = rest.Take(PageSize).ToList();
        var cursor = page is [.., var last] ? $"{last.At:O}~{last.Id}" : request.Cursor;
        return Task.FromResult<WalkOutcome>(new WalkOutcome.Page([.. page.Select(Walked)], cursor, rest.Count > PageSize));
    }

    public Task<CountOutcome> CountAsync(string stream, CancellationToken cancellationToken) =>
        Task.FromResult<CountOutcome>(new CountOutcome.Counted((stream == "customers" ? _customers.Count : _orders.Count) + Miscount));

    public Task<FetchOutcome> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        Fetches++;
        return Task.FromResult<FetchOutcome>(_orders.TryGetValue(request.Resource, out var order)
            ? new FetchOutcome.Fetched("order", order.Body())
            : new FetchOutcome.Failed(FailureKind.Refused, "deleted"));
    }

    public WebhookVerdict Verify(WebhookRequest request, DateTimeOffset now) =>
        new WebhookVerdict.Genuine(request.Headers["id"], Thing.Read(request.Body).Kind, null, new Dictionary<string, string>());

    public string? AnswerHandshake(WebhookRequest request) => null;

    public Translation Translate(DeliveryContent delivery)
    {
        var thing = Thing.Read(delivery.Body);
        var version = new FacetVersion(thing.At, delivery.Kind == DeliveryKind.Webhook ? SourceClass.Webhook : SourceClass.Read, 0);
        var key = new EntityKey(name, thing.Kind, thing.Id);
        var core = thing.Kind == "customer"
            ? ChainJson.Write(new Account { Id = thing.Id, Name = thing.Text, Email = thing.Id + "@example.com", Locale = delivery.Kind == DeliveryKind.Webhook ? null : "en" })
            : ChainJson.Write(new Order { Id = thing.Id, PlacedAt = thing.At, FinancialStatus = thing.Text, Total = new("USD", 10) });
        return new Translation.Translated(
            new([Identifier.Account(name, thing.Owner ?? thing.Id)], [], thing.At),
            [new(key, thing.Kind == "customer" ? Homing.Account : Homing.Shopper, [new(FacetNames.Core, version, core)], [])],
            [new(thing.Kind == "customer" ? EventCatalogue.AccountUpdated : EventCatalogue.OrderPlaced, key, thing.At, core)],
            []);
    }

    private WebhookRequest Change(SortedDictionary<string, Thing> things, Thing thing)
    {
        things[thing.Id] = thing;
        _made.TryAdd(thing.Id, thing.At);
        return new("POST", new("https://hub.example/api/webhooks/" + name), new Dictionary<string, string> { ["id"] = $"w{_webhooks++}" }, thing.Body());
    }

    private WalkedThing Walked(Thing thing) => (thing.Kind == "customer"
        ? (WalkedThing)new WalkedThing.State(thing.Id, thing.At, new(name, "customer", thing.Id), "customer", thing.Body())
        : new WalkedThing.Pointer(thing.Id, thing.At, new(name, "order", thing.Id), Homing.Shopper, thing.Id)) with
    { ToldOnceAt = TellsMakingOnly ? _made[thing.Id] : null };

    /// <summary>A customer with a name, or an order with a state.</summary>
    private sealed record Thing(string Kind, string Id, string Text, string? Owner, DateTimeOffset At)
    {
        public byte[] Body() => JsonSerializer.SerializeToUtf8Bytes(this);

        public static Thing Read(ReadOnlyMemory<byte> body) => JsonSerializer.Deserialize<Thing>(body.Span)!;
    }
}
