using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ValueChainHub.Hosting.Http;
using static Microsoft.Azure.Functions.Worker.AuthorizationLevel;
using static ValueChainHub.Hosting.Http.HubOperations;

namespace ValueChainHub.Functions;

/// <summary>One line for each row of <see cref="HubOperations"/>. The hub checks keys itself, so to the platform every function is anonymous.</summary>
public sealed class HttpFunctions(HubOperations operations, HubHttp http)
{
    [Function(nameof(Webhook))]
    public Task<IResult> Webhook([HttpTrigger(Anonymous, "POST", Route = WebhookRoute)] HttpRequest request) => AnswerAsync(request, nameof(Webhook));

    [Function(nameof(WebhookHandshake))]
    public Task<IResult> WebhookHandshake([HttpTrigger(Anonymous, "GET", Route = WebhookRoute)] HttpRequest request) => AnswerAsync(request, nameof(WebhookHandshake));

    [Function(nameof(SearchCustomers))]
    public Task<IResult> SearchCustomers([HttpTrigger(Anonymous, "POST", Route = CustomerSearchRoute)] HttpRequest request) => AnswerAsync(request, nameof(SearchCustomers));

    [Function(nameof(ListCustomers))]
    public Task<IResult> ListCustomers([HttpTrigger(Anonymous, "GET", Route = CustomersRoute)] HttpRequest request) => AnswerAsync(request, nameof(ListCustomers));

    [Function(nameof(MergeCustomers))]
    public Task<IResult> MergeCustomers([HttpTrigger(Anonymous, "POST", Route = CustomerMergeRoute)] HttpRequest request) => AnswerAsync(request, nameof(MergeCustomers));

    [Function(nameof(GetCustomer))]
    public Task<IResult> GetCustomer([HttpTrigger(Anonymous, "GET", Route = CustomerRoute)] HttpRequest request) => AnswerAsync(request, nameof(GetCustomer));

    [Function(nameof(GetCustomerOrders))]
    public Task<IResult> GetCustomerOrders([HttpTrigger(Anonymous, "GET", Route = CustomerOrdersRoute)] HttpRequest request) => AnswerAsync(request, nameof(GetCustomerOrders));

    [Function(nameof(GetCustomerProfiles))]
    public Task<IResult> GetCustomerProfiles([HttpTrigger(Anonymous, "GET", Route = CustomerProfilesRoute)] HttpRequest request) => AnswerAsync(request, nameof(GetCustomerProfiles));

    [Function(nameof(GetCustomerTimeline))]
    public Task<IResult> GetCustomerTimeline([HttpTrigger(Anonymous, "GET", Route = CustomerTimelineRoute)] HttpRequest request) => AnswerAsync(request, nameof(GetCustomerTimeline));

    [Function(nameof(SplitCustomer))]
    public Task<IResult> SplitCustomer([HttpTrigger(Anonymous, "POST", Route = CustomerSplitRoute)] HttpRequest request) => AnswerAsync(request, nameof(SplitCustomer));

    [Function(nameof(ListEvents))]
    public Task<IResult> ListEvents([HttpTrigger(Anonymous, "GET", Route = EventsRoute)] HttpRequest request) => AnswerAsync(request, nameof(ListEvents));

    [Function(nameof(StreamEvents))]
    public Task<IResult> StreamEvents([HttpTrigger(Anonymous, "GET", Route = EventStreamRoute)] HttpRequest request) => AnswerAsync(request, nameof(StreamEvents));

    [Function(nameof(EventCatalogue))]
    public Task<IResult> EventCatalogue([HttpTrigger(Anonymous, "GET", Route = EventCatalogueRoute)] HttpRequest request) => AnswerAsync(request, nameof(EventCatalogue));

    [Function(nameof(ListDeliveries))]
    public Task<IResult> ListDeliveries([HttpTrigger(Anonymous, "GET", Route = DeliveriesRoute)] HttpRequest request) => AnswerAsync(request, nameof(ListDeliveries));

    [Function(nameof(GetDelivery))]
    public Task<IResult> GetDelivery([HttpTrigger(Anonymous, "GET", Route = DeliveryRoute)] HttpRequest request) => AnswerAsync(request, nameof(GetDelivery));

    [Function(nameof(RetryDelivery))]
    public Task<IResult> RetryDelivery([HttpTrigger(Anonymous, "POST", Route = DeliveryRetryRoute)] HttpRequest request) => AnswerAsync(request, nameof(RetryDelivery));

    [Function(nameof(DiscardDelivery))]
    public Task<IResult> DiscardDelivery([HttpTrigger(Anonymous, "POST", Route = DeliveryDiscardRoute)] HttpRequest request) => AnswerAsync(request, nameof(DiscardDelivery));

    [Function(nameof(GetLedger))]
    public Task<IResult> GetLedger([HttpTrigger(Anonymous, "GET", Route = LedgerRoute)] HttpRequest request) => AnswerAsync(request, nameof(GetLedger));

    [Function(nameof(VerifyLedger))]
    public Task<IResult> VerifyLedger([HttpTrigger(Anonymous, "POST", Route = LedgerVerifyRoute)] HttpRequest request) => AnswerAsync(request, nameof(VerifyLedger));

    [Function(nameof(ListDeadLetters))]
    public Task<IResult> ListDeadLetters([HttpTrigger(Anonymous, "GET", Route = DeadLettersRoute)] HttpRequest request) => AnswerAsync(request, nameof(ListDeadLetters));

    [Function(nameof(RetryDeadLetter))]
    public Task<IResult> RetryDeadLetter([HttpTrigger(Anonymous, "POST", Route = DeadLetterRetryRoute)] HttpRequest request) => AnswerAsync(request, nameof(RetryDeadLetter));

    [Function(nameof(DiscardDeadLetter))]
    public Task<IResult> DiscardDeadLetter([HttpTrigger(Anonymous, "POST", Route = DeadLetterDiscardRoute)] HttpRequest request) => AnswerAsync(request, nameof(DiscardDeadLetter));

    [Function(nameof(ListRoutes))]
    public Task<IResult> ListRoutes([HttpTrigger(Anonymous, "GET", Route = RoutesRoute)] HttpRequest request) => AnswerAsync(request, nameof(ListRoutes));

    [Function(nameof(SetRoutes))]
    public Task<IResult> SetRoutes([HttpTrigger(Anonymous, "PUT", Route = RoutesRoute)] HttpRequest request) => AnswerAsync(request, nameof(SetRoutes));

    [Function(nameof(Replay))]
    public Task<IResult> Replay([HttpTrigger(Anonymous, "POST", Route = ReplayRoute)] HttpRequest request) => AnswerAsync(request, nameof(Replay));

    [Function(nameof(ListRuns))]
    public Task<IResult> ListRuns([HttpTrigger(Anonymous, "GET", Route = RunsRoute)] HttpRequest request) => AnswerAsync(request, nameof(ListRuns));

    [Function(nameof(GetRun))]
    public Task<IResult> GetRun([HttpTrigger(Anonymous, "GET", Route = RunRoute)] HttpRequest request) => AnswerAsync(request, nameof(GetRun));

    [Function(nameof(CancelRun))]
    public Task<IResult> CancelRun([HttpTrigger(Anonymous, "DELETE", Route = RunRoute)] HttpRequest request) => AnswerAsync(request, nameof(CancelRun));

    [Function(nameof(ResumeRun))]
    public Task<IResult> ResumeRun([HttpTrigger(Anonymous, "POST", Route = RunRoute)] HttpRequest request) => AnswerAsync(request, nameof(ResumeRun));

    [Function(nameof(ListDrift))]
    public Task<IResult> ListDrift([HttpTrigger(Anonymous, "GET", Route = DriftRoute)] HttpRequest request) => AnswerAsync(request, nameof(ListDrift));

    [Function(nameof(StartDrift))]
    public Task<IResult> StartDrift([HttpTrigger(Anonymous, "POST", Route = DriftRunRoute)] HttpRequest request) => AnswerAsync(request, nameof(StartDrift));

    [Function(nameof(StartReconciliation))]
    public Task<IResult> StartReconciliation([HttpTrigger(Anonymous, "POST", Route = ReconciliationRoute)] HttpRequest request) => AnswerAsync(request, nameof(StartReconciliation));

    [Function(nameof(ListReconciliations))]
    public Task<IResult> ListReconciliations([HttpTrigger(Anonymous, "GET", Route = ReconciliationsRoute)] HttpRequest request) => AnswerAsync(request, nameof(ListReconciliations));

    [Function(nameof(GetCost))]
    public Task<IResult> GetCost([HttpTrigger(Anonymous, "GET", Route = CostRoute)] HttpRequest request) => AnswerAsync(request, nameof(GetCost));

    [Function(nameof(ListConnectors))]
    public Task<IResult> ListConnectors([HttpTrigger(Anonymous, "GET", Route = ConnectorsRoute)] HttpRequest request) => AnswerAsync(request, nameof(ListConnectors));

    [Function(nameof(GladlyLookup))]
    public Task<IResult> GladlyLookup([HttpTrigger(Anonymous, "POST", Route = GladlyLookupRoute)] HttpRequest request) => AnswerAsync(request, nameof(GladlyLookup));

    [Function(nameof(Live))]
    public Task<IResult> Live([HttpTrigger(Anonymous, "GET", Route = LiveRoute)] HttpRequest request) => AnswerAsync(request, nameof(Live));

    [Function(nameof(Ready))]
    public Task<IResult> Ready([HttpTrigger(Anonymous, "GET", Route = ReadyRoute)] HttpRequest request) => AnswerAsync(request, nameof(Ready));

    [Function(nameof(OpenApi))]
    public Task<IResult> OpenApi([HttpTrigger(Anonymous, "GET", Route = OpenApiRoute)] HttpRequest request) => AnswerAsync(request, nameof(OpenApi));

    [Function(nameof(AsyncApi))]
    public Task<IResult> AsyncApi([HttpTrigger(Anonymous, "GET", Route = AsyncApiRoute)] HttpRequest request) => AnswerAsync(request, nameof(AsyncApi));

    /// <summary>The answer is written by the hub; what the function returns adds nothing to it.</summary>
    private async Task<IResult> AnswerAsync(HttpRequest request, string operation)
    {
        await http.AnswerAsync(request.HttpContext, operations[operation]);
        return Results.Empty;
    }
}
