using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Intake;
using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Hosting.Operations;

/// <summary>What waits for a person, on its way in and on its way out.</summary>
internal sealed class DeadLetterOperations(ReadDeliveries deliveries, DeadFetches fetches, DeadDeliveries dead)
{
    private const string Intake = "intake";
    private const string Delivery = "delivery";
    private const string Fetch = "fetch";

    private static readonly HubProblem Unknown = HubProblem.NotFound("Nothing with this id waits for a person, to be told or to be fetched. Deliveries from vendors are retried and discarded under /deliveries.");

    /// <summary>A cursor begins with the stage it stands in. Without a stage, what vendors were to be told comes first, and what came in fills the page.</summary>
    public async Task<HubReply> ListAsync(HubRequest request, CancellationToken cancellationToken)
    {
        var (stage, cursor) = (request.QueryValue("stage"), request.QueryValue("cursor"));
        if (stage is not (null or Intake or Delivery))
            throw ProblemException.BadRequest("The parameter stage must be intake or delivery.");
        if (cursor is not null && !cursor.StartsWith(Intake + ":", StringComparison.Ordinal) && !cursor.StartsWith(Delivery + ":", StringComparison.Ordinal))
            throw ProblemException.BadRequest("The parameter cursor is not one of this list.");
        var (at, after) = cursor is null ? (stage ?? Delivery, null) : (cursor[..cursor.IndexOf(':', StringComparison.Ordinal)], Rest(cursor));
        var limit = request.Limit();
        var page = at == Delivery ? await OutgoingAsync(request, after, limit, cancellationToken) : await IncomingAsync(request, after, limit, cancellationToken);
        if (at == Delivery && stage is null && page.Cursor is null && page.Items.Count < limit)
        {
            var more = await IncomingAsync(request, null, limit - page.Items.Count, cancellationToken);
            page = more with { Items = [.. page.Items, .. more.Items] };
        }
        return HubReply.Json(page, HubWire.Json.PageReplyDeadLetterReply);
    }

    public async Task<HubReply> RetryAsync(HubRequest request, CancellationToken cancellationToken) =>
        Answer(await fetches.RetryAsync(request.RouteValue("id"), cancellationToken) || await dead.RetryAsync(request.RouteValue("id"), cancellationToken), "pending");

    public async Task<HubReply> DiscardAsync(HubRequest request, CancellationToken cancellationToken) =>
        Answer(await fetches.DiscardAsync(request.RouteValue("id"), cancellationToken) || await dead.DiscardAsync(request.RouteValue("id"), cancellationToken), "discarded");

    private async Task<PageReply<DeadLetterReply>> OutgoingAsync(HubRequest request, string? after, int limit, CancellationToken cancellationToken)
    {
        var page = await dead.ListAsync(request.QueryValue("connector"), limit, after, cancellationToken);
        return new(
            [.. page.Items.Select(one => new DeadLetterReply(Delivery, one.Id, one.Connector, one.Kind, one.Target, one.Reason, one.Attempts, one.At, one.Answer))],
            page.Cursor is { } id ? $"{Delivery}:{id}" : null);
    }

    /// <summary>Fetches that were given up, then deliveries.</summary>
    private async Task<PageReply<DeadLetterReply>> IncomingAsync(HubRequest request, string? after, int limit, CancellationToken cancellationToken)
    {
        if (after is not null && !after.StartsWith(Fetch + ":", StringComparison.Ordinal))
            return await DeliveriesAsync(request, after, limit, cancellationToken);
        var page = await fetches.ListAsync(request.QueryValue("connector"), limit, after is null ? null : Rest(after), cancellationToken);
        var found = page.Items.Select(one => new DeadLetterReply(Intake, one.Id, one.Connector, Fetch, one.Target, one.Reason, one.Attempts, one.At, null)).ToList();
        if (page.Cursor is { } id)
            return new(found, $"{Intake}:{Fetch}:{id}");
        var more = await DeliveriesAsync(request, null, limit - found.Count, cancellationToken);
        return more with { Items = [.. found, .. more.Items] };
    }

    private async Task<PageReply<DeadLetterReply>> DeliveriesAsync(HubRequest request, string? after, int limit, CancellationToken cancellationToken)
    {
        var filter = new DeliveryFilter(DeliveryStates.DeadLettered, request.QueryValue("connector"), null, null);
        var page = await deliveries.ListAsync(filter, limit, after, cancellationToken);
        return new(
            [.. page.Items.Select(one => new DeadLetterReply(Intake, one.Id, one.Connector, one.Kind, null, one.Reason, null, one.History.Count == 0 ? one.ReceivedAt : one.History[^1].At, null))],
            page.Cursor is { } cursor ? $"{Intake}:{cursor}" : null);
    }

    private static string? Rest(string cursor) => cursor[(cursor.IndexOf(':', StringComparison.Ordinal) + 1)..] is { Length: > 0 } rest ? rest : null;

    private static HubReply Answer(bool done, string state) =>
        done ? HubReply.Json(new(state, null), HubWire.Json.DeliveryActReply) : throw new ProblemException(Unknown);
}
