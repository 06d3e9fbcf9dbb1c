using ValueChainHub.Connectors.Gladly;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Reconciliation;
using ValueChainHub.Core.Replay;
using ValueChainHub.Core.Runs;
using ValueChainHub.Hosting.Documents;
using ValueChainHub.Hosting.Jobs;
using ValueChainHub.Hosting.Operations;
using static ValueChainHub.Hosting.Http.HubRole;

namespace ValueChainHub.Hosting.Http;

/// <summary>The table of HTTP operations: the only place where an operation is published. Both heads publish exactly its rows.</summary>
public sealed class HubOperations
{
    /// <summary>What every route is under. <c>host.json</c> says the same.</summary>
    public const string Prefix = "api";

    // Constants, because the attributes of the Functions head name them.
    public const string WebhookRoute = "webhooks/{connector}";
    public const string CustomersRoute = "customers";
    public const string CustomerSearchRoute = "customers/search";
    public const string CustomerMergeRoute = "customers/merge";
    public const string CustomerRoute = "customers/{id}";
    public const string CustomerOrdersRoute = "customers/{id}/orders";
    public const string CustomerProfilesRoute = "customers/{id}/profiles";
    public const string CustomerTimelineRoute = "customers/{id}/timeline";
    public const string CustomerSplitRoute = "customers/{id}/split";
    public const string EventsRoute = "events";
    public const string EventStreamRoute = "events/stream";
    public const string EventCatalogueRoute = "events/catalogue";
    public const string DeliveriesRoute = "deliveries";
    public const string DeliveryRoute = "deliveries/{id}";
    public const string DeliveryRetryRoute = "deliveries/{id}/retry";
    public const string DeliveryDiscardRoute = "deliveries/{id}/discard";
    public const string LedgerRoute = "operations/ledger";
    public const string LedgerVerifyRoute = "operations/ledger/verify";
    public const string DeadLettersRoute = "operations/dead-letters";
    public const string DeadLetterRetryRoute = "operations/dead-letters/{id}/retry";
    public const string DeadLetterDiscardRoute = "operations/dead-letters/{id}/discard";
    public const string RoutesRoute = "operations/routes";
    public const string ReplayRoute = "operations/replay";
    public const string RunsRoute = "operations/runs";
    public const string RunRoute = "operations/runs/{id}";
    public const string DriftRoute = "operations/drift";
    public const string DriftRunRoute = "operations/drift/{connector}";
    public const string ReconciliationsRoute = "reconciliations";
    public const string ReconciliationRoute = "reconciliations/{connector}";
    public const string CostRoute = "operations/cost";
    public const string ConnectorsRoute = "connectors";
    public const string GladlyLookupRoute = "lookup/gladly";
    public const string LiveRoute = "health/live";
    public const string ReadyRoute = "health/ready";
    public const string OpenApiRoute = "openapi.json";
    public const string AsyncApiRoute = "asyncapi.json";

    private static readonly QueryParameter Limit = new("limit", $"How many items; {HubRequest.DefaultLimit} unless said, at most {HubRequest.LargestLimit}.", Integer: true);
    private static readonly QueryParameter Cursor = new("cursor", "The cursor of the page before.");
    private static readonly QueryParameter After = new("after", "The cursor of the page before; from the beginning when left out.");

    private static readonly QueryParameter[] WaysToFind =
    [
        new("email", "An e-mail address. POST /customers/search keeps it out of URLs."),
        new("phone", "A phone number in international form."),
        new("kind", "With value: the kind of an identifier, such as shopify.customer."),
        new("value", "With kind: the identifier."),
        new("order", "An order's number or the vendor's id of it."),
        new("tracking", "A tracking number."),
    ];

    private static readonly QueryParameter[] DeliveryFilters =
    [
        new("state", "pending, applied, suppressed, quarantined or deadLettered."),
        new("connector", "The connector's name."),
        new("topic", "The vendor's word for what happened."),
        new("since", "Received at this time (ISO 8601) or later."),
    ];

    private static readonly QueryParameter[] DeadLetterFilters =
    [
        new("stage", "intake: fetches that were given up, then deliveries from vendors; delivery: what vendors were to be told. Both when left out, what vendors were to be told first."),
        new("connector", "The connector's name."),
    ];

    private static readonly QueryParameter[] RunFilters =
    [
        new("kind", "What the runs do, such as replay."),
        new("connector", "The connector they are about."),
    ];

    private static readonly QueryParameter[] ReconciliationFilters =
    [
        new("kind", "reconciliation, unless it says backfill."),
        new("connector", "The connector's name."),
    ];

    private readonly Dictionary<string, HubOperation> _byName;

    /// <param name="parts">The use cases.</param>
    /// <param name="jobs">Runs the jobs, and knows which are stuck.</param>
    /// <param name="executions">How many requests and runs of jobs there have been.</param>
    /// <param name="time">The clock.</param>
    internal HubOperations(HubParts parts, JobRunner jobs, Func<long> executions, TimeProvider time)
    {
        var webhooks = new WebhookOperations(parts.ReceiveWebhook, parts.Connectors);
        var customers = new CustomerOperations(parts.ReadCustomers, parts.MergeCustomers, parts.SplitCustomer);
        var events = new EventOperations(parts.ReadEvents, time);
        var deliveries = new DeliveryOperations(parts.ReadDeliveries, parts.RetryDelivery, parts.DiscardDelivery);
        var ledger = new LedgerOperations(parts.ReadLedger, parts.VerifyLedger, parts.DeadDeliveries);
        var connectors = new ConnectorOperations(parts.ReadLedger, parts.ReadConnectors, parts.Connectors, parts.Drift, parts.StartReconciliations);
        var deadLetters = new DeadLetterOperations(parts.ReadDeliveries, parts.DeadFetches, parts.DeadDeliveries);
        var routes = new RouteOperations(parts.Routes);
        var runs = new RunOperations(parts.Runs);
        var drift = new DriftOperations(parts.Drift, parts.Connectors);
        var reconciliations = new ReconciliationOperations(parts.StartReconciliations, parts.Runs);
        var replay = new ReplayOperations(parts.StartReplay);
        var cost = new CostOperations(parts, executions, time);
        var lookups = new LookupOperations(parts.ReadCustomers, parts.Connectors, parts.Rejections, time);
        var health = new HealthOperations(parts.Storage.Store, jobs);
        var documents = new DocumentOperations(() => All!);
        All =
        [
            new("Webhook", "POST", WebhookRoute, None, "A vendor's delivery, answered when it is durable", webhooks.ReceiveAsync)
                { Response = typeof(WebhookReply), Problems = [400, 401, 404, 413], OnTooLarge = webhooks.CountTooLarge },
            new("WebhookHandshake", "GET", WebhookRoute, None, "The vendor's check that the address is ours", webhooks.HandshakeAsync)
                { ResponseContentType = "text/plain", Problems = [404] },

            new("SearchCustomers", "POST", CustomerSearchRoute, Reader, "The customers that hold an identifier, an order or a parcel", customers.SearchAsync)
                { Request = typeof(CustomerQuery), Response = typeof(PageReply<CustomerRecord>) },
            new("ListCustomers", "GET", CustomersRoute, Reader, "The same as the search, for those who must use a URL", customers.ListAsync)
                { Query = WaysToFind, Response = typeof(PageReply<CustomerRecord>) },
            new("MergeCustomers", "POST", CustomerMergeRoute, Operator, "Two customers are one person; undone by a split", customers.MergeAsync)
                { Request = typeof(MergeRequest), Response = typeof(CustomerRecord), Problems = [404] },
            new("GetCustomer", "GET", CustomerRoute, Reader, "The record of whoever holds the id now", customers.GetAsync)
                { Response = typeof(CustomerRecord), Problems = [404] },
            new("GetCustomerOrders", "GET", CustomerOrdersRoute, Reader, "The customer's orders with their parcels", customers.OrdersAsync)
                { Query = [Limit, Cursor], Response = typeof(PageReply<OrderSummary>), Problems = [404, 410] },
            new("GetCustomerProfiles", "GET", CustomerProfilesRoute, Reader, "The customer's profiles and the links between them, each with its evidence", customers.ProfilesAsync)
                { Response = typeof(CustomerProfiles), Problems = [404] },
            new("GetCustomerTimeline", "GET", CustomerTimelineRoute, Reader, "What happened to the customer across the chain, newest first", customers.TimelineAsync)
                { Query = [Limit, Cursor], Response = typeof(PageReply<ChainCloudEvent>), Problems = [404, 410] },
            new("SplitCustomer", "POST", CustomerSplitRoute, Operator, "A profile of the customer is somebody else; undone by a merge", customers.SplitAsync)
                { Request = typeof(SplitRequest), Response = typeof(PageReply<CustomerRecord>), Problems = [404] },

            new("ListEvents", "GET", EventsRoute, Reader, "The chain events as they were emitted, in order within each customer", events.ListAsync)
                { Query = [After, Limit], Response = typeof(PageReply<ChainCloudEvent>), Problems = [410] },
            new("StreamEvents", "GET", EventStreamRoute, Reader, "The chain events as server-sent events; Last-Event-ID goes on where a stream broke off", events.StreamAsync)
                { Query = [After], ResponseContentType = HubReply.EventStreamContentType, Problems = [410] },
            new("EventCatalogue", "GET", EventCatalogueRoute, None, "The types of chain events, with the schemas of their data", DocumentOperations.CatalogueAsync),

            new("ListDeliveries", "GET", DeliveriesRoute, Reader, "What came in, in the order of receipt", deliveries.ListAsync)
                { Query = [.. DeliveryFilters, Limit, Cursor], Response = typeof(PageReply<DeliveryDetails>), Problems = [410] },
            new("GetDelivery", "GET", DeliveryRoute, Reader, "A delivery and what became of it; with its body for operators", deliveries.GetAsync)
                { Response = typeof(DeliveryDetails), Problems = [404] },
            new("RetryDelivery", "POST", DeliveryRetryRoute, Operator, "Tries a stuck delivery again, now", deliveries.RetryAsync)
                { Response = typeof(DeliveryActReply), Problems = [404, 409] },
            new("DiscardDelivery", "POST", DeliveryDiscardRoute, Operator, "Gives a stuck delivery up; it stays on record", deliveries.DiscardAsync)
                { Request = typeof(DiscardRequest), Response = typeof(DeliveryActReply), Problems = [404, 409] },

            new("GetLedger", "GET", LedgerRoute, Reader, "Where every delivery and every event is", ledger.ReadAsync) { Response = typeof(LedgerReply) },
            new("VerifyLedger", "POST", LedgerVerifyRoute, Reader, "Recounts the items and compares them with the ledger", ledger.VerifyAsync) { Response = typeof(LedgerVerdict) },
            new("ListDeadLetters", "GET", DeadLettersRoute, Reader, "What waits for a person, with the vendor's answer", deadLetters.ListAsync)
                { Query = [.. DeadLetterFilters, Limit, Cursor], Response = typeof(PageReply<DeadLetterReply>), Problems = [410] },
            new("RetryDeadLetter", "POST", DeadLetterRetryRoute, Operator, "Tells a vendor again what it was to be told, or fetches again what was given up, now", deadLetters.RetryAsync)
                { Response = typeof(DeliveryActReply), Problems = [404] },
            new("DiscardDeadLetter", "POST", DeadLetterDiscardRoute, Operator, "Gives up what a vendor was to be told, or what was to be fetched", deadLetters.DiscardAsync)
                { Response = typeof(DeliveryActReply), Problems = [404] },
            new("ListRoutes", "GET", RoutesRoute, Reader, "What goes to which vendor", routes.ListAsync) { Response = typeof(PageReply<Route>) },
            new("SetRoutes", "PUT", RoutesRoute, Operator, "Replaces what is set apart from the default routes", routes.SetAsync)
                { Request = typeof(RouteChangesRequest), Response = typeof(PageReply<Route>) },
            new("Replay", "POST", ReplayRoute, Operator, "Does again what was received or what vendors were to be told; with plan, says what that would change", replay.StartAsync)
                { Request = typeof(ReplayRequest), Response = typeof(Run), Success = 202 },
            new("ListRuns", "GET", RunsRoute, Reader, "Long operations, the latest first", runs.ListAsync)
                { Query = [.. RunFilters, Limit, Cursor], Response = typeof(PageReply<Run>) },
            new("GetRun", "GET", RunRoute, Reader, "A long operation: how far it is and what came of it", runs.GetAsync)
                { Response = typeof(Run), Problems = [404] },
            new("CancelRun", "DELETE", RunRoute, Operator, "Stops a long operation where it stands", runs.CancelAsync)
                { Response = typeof(Run), Problems = [404, 409] },
            new("ResumeRun", "POST", RunRoute, Operator, "Lets a long operation go on where it stood", runs.ResumeAsync)
                { Response = typeof(Run), Success = 202, Problems = [404, 409] },
            new("ListDrift", "GET", DriftRoute, Reader, "Whose each field is at the vendors that are written to, and how many differed at the last count", drift.ListAsync)
                { Response = typeof(PageReply<DestinationDriftReply>) },
            new("StartDrift", "POST", DriftRunRoute, Operator, "Compares all customers with what a vendor holds, repairs what differs, or undoes a repair", drift.StartAsync)
                { Request = typeof(DriftRunRequest), Response = typeof(Run), Success = 202, Problems = [404] },
            new("StartReconciliation", "POST", ReconciliationRoute, Operator, "Compares a vendor with the hub and takes in what webhooks lost; from the beginning it is a backfill", reconciliations.StartAsync)
                { Request = typeof(WalkAsked), Response = typeof(Run), Success = 202, Problems = [404, 409] },
            new("ListReconciliations", "GET", ReconciliationsRoute, Reader, "Reconciliations, the latest first: what was compared, missing, different, repaired and lost", reconciliations.ListAsync)
                { Query = [.. ReconciliationFilters, Limit, Cursor], Response = typeof(PageReply<Run>) },
            new("GetCost", "GET", CostRoute, Reader, "What the work of this process has cost: request units, messages and executions, for each delivery", cost.ReadAsync)
                { Response = typeof(CostReply) },
            new("ListConnectors", "GET", ConnectorsRoute, Reader, "The configured connectors and how each is doing", connectors.ListAsync)
                { Response = typeof(PageReply<ConnectorReply>) },

            new("GladlyLookup", "POST", GladlyLookupRoute, None, "Gladly's lookup adapter: the customer beside a conversation; proved by Gladly's request signature", lookups.GladlyAsync)
                { Request = typeof(GladlyLookupRequest), Response = typeof(GladlyLookupReply), Problems = [401, 404] },

            new("Live", "GET", LiveRoute, None, "The process is alive", HealthOperations.LiveAsync) { Response = typeof(HealthReply) },
            new("Ready", "GET", ReadyRoute, None, "The hub can do its work; if not, why", health.ReadyAsync) { Response = typeof(HealthReply) },
            new("OpenApi", "GET", OpenApiRoute, None, "OpenAPI 3.1 of these operations", documents.OpenApiAsync),
            new("AsyncApi", "GET", AsyncApiRoute, None, "AsyncAPI 3.0 of the chain events", DocumentOperations.AsyncApiAsync),
        ];
        _byName = All.ToDictionary(row => row.Name, StringComparer.Ordinal);
    }

    /// <summary>Every operation.</summary>
    public IReadOnlyList<HubOperation> All { get; }

    /// <summary>The operation of this name.</summary>
    public HubOperation this[string name] => _byName[name];
}
