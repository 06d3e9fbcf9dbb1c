using ValueChainHub.Core.Intake;
using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Hosting.Operations;

/// <summary>What came in, what became of it, and what to do with what is stuck.</summary>
internal sealed class DeliveryOperations(ReadDeliveries deliveries, RetryDelivery retry, DiscardDelivery discard)
{
    private static readonly string[] States =
    [
        DeliveryStates.Pending, DeliveryStates.Applied, DeliveryStates.Suppressed, DeliveryStates.Quarantined, DeliveryStates.DeadLettered,
    ];

    private static readonly HubProblem Unknown = HubProblem.NotFound("No delivery has this id, or it is older than the 90 days that deliveries are kept.");

    public async Task<HubReply> GetAsync(HubRequest request, CancellationToken cancellationToken) =>
        await deliveries.GetAsync(request.RouteValue("id"), withBody: request.Role >= HubRole.Operator, cancellationToken) is { } delivery
            ? HubReply.Json(delivery, HubWire.Json.DeliveryDetails)
            : throw new ProblemException(Unknown);

    public async Task<HubReply> ListAsync(HubRequest request, CancellationToken cancellationToken)
    {
        var state = request.QueryValue("state");
        if (state is not null && !States.Contains(state, StringComparer.Ordinal))
            throw ProblemException.BadRequest($"The parameter state must be one of: {string.Join(", ", States)}.");
        var filter = new DeliveryFilter(state, request.QueryValue("connector"), request.QueryValue("topic"), request.Time("since"));
        var page = await deliveries.ListAsync(filter, request.Limit(), request.QueryValue("cursor"), cancellationToken);
        return HubReply.Json(PageReply<DeliveryDetails>.Of(page), HubWire.Json.PageReplyDeliveryDetails);
    }

    public async Task<HubReply> RetryAsync(HubRequest request, CancellationToken cancellationToken) =>
        Answer(await retry.HandleAsync(request.RouteValue("id"), cancellationToken), "A retry is for deliveries that are not applied.");

    public async Task<HubReply> DiscardAsync(HubRequest request, CancellationToken cancellationToken)
    {
        var reason = request.Body.IsEmpty ? null : request.Json(HubWire.Json.DiscardRequest).Reason;
        return Answer(await discard.HandleAsync(request.RouteValue("id"), reason, cancellationToken), "Only quarantined and dead-lettered deliveries can be discarded.");
    }

    private static HubReply Answer(DeliveryAct act, string rule) => act switch
    {
        DeliveryAct.Done done => HubReply.Json(new(done.State, done.Reason), HubWire.Json.DeliveryActReply),
        DeliveryAct.Unfit unfit => throw new ProblemException(new(409, "unfit-state", "The delivery's state does not allow this", $"The delivery is {unfit.State}. {rule}")),
        _ => throw new ProblemException(Unknown),
    };
}
