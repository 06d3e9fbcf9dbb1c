using ValueChainHub.Core.Chain;

namespace ValueChainHub.Core.Delivery;

/// <summary>What goes to a destination, as data.</summary>
public sealed record Route
{
    /// <summary><c>{destination}/{kind}</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The connector written to.</summary>
    public required string Destination { get; init; }

    /// <summary><c>customers</c>, <c>consent</c>, <c>tags</c>: the present state. <c>events</c>, <c>tasks</c>: once each.</summary>
    public required string Kind { get; init; }

    public required bool Enabled { get; init; }

    /// <summary>The types of events that set it off.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>For events and tasks: what reconciliation finds later than this is not told any more.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>For customers: those that the destination does not know are created there.</summary>
    public bool? Creates { get; init; }

    /// <summary>For consent: a denial is told to the person's other addresses too. A grant never is.</summary>
    public bool? DeniesAllAddresses { get; init; }

    /// <summary>Whose each field is that the destination holds.</summary>
    public IReadOnlyList<FieldOwner>? Fields { get; init; }

    /// <summary>For tags and events: what the hub's own names begin with.</summary>
    public string? Prefix { get; init; }

    /// <summary>It keeps the destination up to date, whatever the change was.</summary>
    internal bool TellsState => Kind is RouteKinds.Customers or RouteKinds.Consent or RouteKinds.Tags;
}

/// <summary>The kinds of routes.</summary>
public static class RouteKinds
{
    public const string Customers = "customers";
    public const string Consent = "consent";
    public const string Tags = "tags";
    public const string Events = "events";
    public const string Tasks = "tasks";
}

/// <summary>What the hub does unless told otherwise (SEMANTICS 8): read from what each destination can take.</summary>
public static class DefaultRoutes
{
    public const string Prefix = "vch-";

    public static TimeSpan MaxAge { get; } = TimeSpan.FromHours(24);

    private static readonly string[] OfPeople =
    [
        EventCatalogue.AccountCreated, EventCatalogue.AccountUpdated, EventCatalogue.AccountsMerged, EventCatalogue.ServiceAccountCreated, EventCatalogue.ServiceAccountUpdated,
        EventCatalogue.ServiceAccountsMerged, EventCatalogue.MarketingAccountUpdated, EventCatalogue.CustomerLinked, EventCatalogue.CustomerMerged, EventCatalogue.CustomerSplit,
    ];

    private static readonly string[] OfOrders =
    [
        EventCatalogue.OrderPlaced, EventCatalogue.OrderUpdated, EventCatalogue.OrderPaid, EventCatalogue.OrderFulfilled, EventCatalogue.OrderCancelled, EventCatalogue.OrderDeleted,
        EventCatalogue.OrderRefunded,
    ];

    private static readonly string[] OfParcels = [EventCatalogue.ParcelShipped, EventCatalogue.ParcelMoved, EventCatalogue.ParcelDelivered, EventCatalogue.ParcelFailed];

    private static readonly string[] OfService =
        [EventCatalogue.ConversationOpened, EventCatalogue.ConversationClosed, EventCatalogue.ConversationReopened, EventCatalogue.ContactReceived, EventCatalogue.ContactStarted];

    private static readonly string[] OfConsent = [EventCatalogue.ConsentChanged, EventCatalogue.MessageComplained, .. OfPeople];

    /// <summary>The routes to every destination that can be written to. Each is on but for events, which wait until somebody names their types, so that nothing is counted twice.</summary>
    public static IEnumerable<Route> For(IEnumerable<IDestination> destinations) => destinations.SelectMany(For);

    private static IEnumerable<Route> For(IDestination to)
    {
        if (to is ITakesCustomers)
            yield return Of(to, RouteKinds.Customers, [.. OfPeople, .. OfOrders, .. OfParcels, .. OfService]) with { Creates = to.Link == ChainLink.Marketing };
        if (to is ITakesConsent)
            yield return Of(to, RouteKinds.Consent, OfConsent) with { DeniesAllAddresses = false };
        if (to is ITakesTags)
            yield return Of(to, RouteKinds.Tags, [.. OfPeople, .. OfOrders, .. OfService]) with { Prefix = Prefix };
        if (to is ITakesTasks)
            yield return Of(to, RouteKinds.Tasks, OfParcels) with { MaxAge = MaxAge };
        if (to is ITakesEvents)
            yield return Of(to, RouteKinds.Events, []) with { Enabled = false, MaxAge = MaxAge, Prefix = "ValueChainHub " };
    }

    private static Route Of(IDestination to, string kind, IReadOnlyList<string> types) =>
        new() { Name = $"{to.Name}/{kind}", Destination = to.Name, Kind = kind, Enabled = true, Types = types, Fields = FieldOwners.Of(to, kind) };
}
