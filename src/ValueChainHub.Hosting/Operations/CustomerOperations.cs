using ValueChainHub.Core.Customers;
using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Hosting.Operations;

/// <summary>Who is this, what did they order, what happened; and what an operator knows better.</summary>
internal sealed class CustomerOperations(ReadCustomers customers, MergeCustomers merge, SplitCustomer split)
{
    private const int LongestReason = 500;

    private static readonly HubProblem Unknown = HubProblem.NotFound("No customer has this id. POST /api/customers/search finds customers by what is known of them.");

    public async Task<HubReply> GetAsync(HubRequest request, CancellationToken cancellationToken) =>
        await customers.GetAsync(request.RouteValue("id"), cancellationToken) is { } record
            ? HubReply.Json(record, HubWire.Json.CustomerRecord)
            : throw new ProblemException(Unknown);

    public Task<HubReply> SearchAsync(HubRequest request, CancellationToken cancellationToken) => FindAsync(request.Json(HubWire.Json.CustomerQuery), cancellationToken);

    public Task<HubReply> ListAsync(HubRequest request, CancellationToken cancellationToken) =>
        FindAsync(
            new()
            {
                Email = request.QueryValue("email"),
                Phone = request.QueryValue("phone"),
                Kind = request.QueryValue("kind"),
                Value = request.QueryValue("value"),
                Order = request.QueryValue("order"),
                Tracking = request.QueryValue("tracking"),
            },
            cancellationToken);

    public async Task<HubReply> OrdersAsync(HubRequest request, CancellationToken cancellationToken) =>
        await customers.OrdersAsync(request.RouteValue("id"), request.Limit(), request.QueryValue("cursor"), cancellationToken) is { } page
            ? HubReply.Json(PageReply<OrderSummary>.Of(page), HubWire.Json.PageReplyOrderSummary)
            : throw new ProblemException(Unknown);

    public async Task<HubReply> ProfilesAsync(HubRequest request, CancellationToken cancellationToken) =>
        await customers.ProfilesAsync(request.RouteValue("id"), cancellationToken) is { } profiles
            ? HubReply.Json(profiles, HubWire.Json.CustomerProfiles)
            : throw new ProblemException(Unknown);

    public async Task<HubReply> TimelineAsync(HubRequest request, CancellationToken cancellationToken) =>
        await customers.TimelineAsync(request.RouteValue("id"), request.Limit(), request.QueryValue("cursor"), cancellationToken) is { } page
            ? RawPage.Of(page.Items, page.Cursor)
            : throw new ProblemException(Unknown);

    public async Task<HubReply> MergeAsync(HubRequest request, CancellationToken cancellationToken)
    {
        var order = request.Json(HubWire.Json.MergeRequest);
        if (order.Ids is not [{ Length: > 0 } one, { Length: > 0 } other] || one == other)
            throw ProblemException.BadRequest("The member ids must name two different customers.");
        return await merge.HandleAsync(one, other, Reason(order.Reason), cancellationToken) is { } record
            ? HubReply.Json(record, HubWire.Json.CustomerRecord)
            : throw new ProblemException(Unknown);
    }

    public async Task<HubReply> SplitAsync(HubRequest request, CancellationToken cancellationToken)
    {
        var order = request.Json(HubWire.Json.SplitRequest);
        if (string.IsNullOrWhiteSpace(order.Profile))
            throw ProblemException.BadRequest("The member profile must name the profile that is somebody else. GET /api/customers/{id}/profiles lists them.");
        return await split.HandleAsync(request.RouteValue("id"), order.Profile, Reason(order.Reason), cancellationToken) is { } records
            ? HubReply.Json(new(records, null), HubWire.Json.PageReplyCustomerRecord)
            : throw ProblemException.NotFound("No customer has this id, or the customer does not have this profile. GET /api/customers/{id}/profiles lists what there is.");
    }

    private async Task<HubReply> FindAsync(CustomerQuery query, CancellationToken cancellationToken)
    {
        string?[] ways = [query.Email, query.Phone, query.Kind ?? query.Value, query.Order, query.Tracking];
        if (ways.Count(way => way is not null) != 1 || (query.Kind is null) != (query.Value is null))
            throw ProblemException.BadRequest("Say one way to find the customer: email, phone, kind with value, order, or tracking.");
        return HubReply.Json(new(await customers.SearchAsync(query, cancellationToken), null), HubWire.Json.PageReplyCustomerRecord);
    }

    private static string Reason(string? reason) =>
        reason?.Trim() is { Length: > 0 and <= LongestReason } text ? text : throw ProblemException.BadRequest($"The member reason must say why, in at most {LongestReason} characters.");
}
