using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Intake;
using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Hosting.Operations;

/// <summary>The vendors' way in.</summary>
internal sealed class WebhookOperations(ReceiveWebhook receive, ConnectorCatalog connectors)
{
    private static readonly HubProblem UnknownConnector =
        HubProblem.NotFound("No connector of this name is configured. Set Connectors__<name>__WebhookSecret, or correct the URL that the vendor calls.");

    public async Task<HubReply> ReceiveAsync(HubRequest request, CancellationToken cancellationToken) =>
        await receive.HandleAsync(request.RouteValue("connector"), ToWebhook(request), cancellationToken) switch
        {
            Receipt.Accepted accepted => Kept("accepted", accepted.DeliveryId),
            Receipt.Duplicate duplicate => Kept("duplicate", duplicate.DeliveryId),
            Receipt.Quarantined quarantined => Kept("quarantined", quarantined.DeliveryId),
            Receipt.Refused refused => throw new ProblemException(Refusal(refused)),
            Receipt.NotProvable unproved => throw new ProblemException(HubProblem.Unavailable("The vendor's keys cannot be had now. Send it again.", unproved.RetryAfter)),
            Receipt.NotDurable notDurable => throw new ProblemException(HubProblem.Unavailable("The delivery could not be made durable. Send it again.", notDurable.RetryAfter)),
            _ => throw new ProblemException(UnknownConnector),
        };

    public Task<HubReply> HandshakeAsync(HubRequest request, CancellationToken cancellationToken) =>
        connectors.Find(request.RouteValue("connector")) is { } connector
            ? Task.FromResult(HubReply.Text(connector.AnswerHandshake(ToWebhook(request)) ?? "ok"))
            : throw new ProblemException(UnknownConnector);

    public void CountTooLarge(HubRequest request) => receive.RejectSize(request.RouteValue("connector"));

    private static WebhookRequest ToWebhook(HubRequest request) => new(request.Method, request.Url, request.Headers, request.Body);

    private static HubReply Kept(string status, string deliveryId) => HubReply.Json(new(status, deliveryId), HubWire.Json.WebhookReply);

    private static HubProblem Refusal(Receipt.Refused refused) => refused.Reason switch
    {
        RejectionReason.Signature or RejectionReason.Window => new(401, "not-proved", "The request is not proved to be the vendor's", refused.Detail),
        RejectionReason.Size => HubProblem.TooLarge,
        _ => HubProblem.BadRequest(refused.Detail),
    };
}
