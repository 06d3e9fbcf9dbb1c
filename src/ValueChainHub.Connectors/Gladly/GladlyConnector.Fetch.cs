using System.Net;
using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Gladly;

public sealed partial class GladlyConnector
{
    /// <summary>With an API token and an organisation to ask.</summary>
    public bool CanFetch => _api is not null;

    /// <summary>At most half of what Gladly grants the organisation.</summary>
    public IVendorLine? Line => _api?.Line;

    /// <summary>Fetches <c>customer/{id}</c> or <c>conversation/{id}</c>. That a customer was merged or deleted is an answer, not an error.</summary>
    public async Task<FetchOutcome> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        if (_api is not { } api)
            return new FetchOutcome.Failed(FailureKind.Unauthorized, "no ApiKey is set");
        if (request.Resource.Split('/', 2) is not [GladlyTopics.Customer or GladlyTopics.Conversation, { Length: > 0 } id] parts)
            return new FetchOutcome.Failed(FailureKind.Refused, "a resource that this connector does not fetch");
        var isCustomer = parts[0] == GladlyTopics.Customer;
        return Read(isCustomer, id, isCustomer ? await api.ReadCustomerAsync(id, cancellationToken) : await api.ReadConversationAsync(id, cancellationToken));
    }

    private static FetchOutcome Read(bool isCustomer, string id, VendorReply reply)
    {
        var answer = GladlyReply.Read(reply);
        return reply.Status switch
        {
            HttpStatusCode.OK when answer.Id is not null => new FetchOutcome.Fetched(isCustomer ? GladlyTopics.FetchedCustomer : GladlyTopics.FetchedConversation, reply.Body),
            HttpStatusCode.MovedPermanently when isCustomer && answer.MovedTo is { } kept && kept != id =>
                new FetchOutcome.Fetched(GladlyTopics.MovedCustomer, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["old"] = id, ["new"] = kept })),
            // Only Gladly's own words: the 404 of a proxy or of a wrong address says nothing about the customer.
            HttpStatusCode.NotFound when isCustomer && answer.Code is not null =>
                new FetchOutcome.Fetched(GladlyTopics.GoneCustomer, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["id"] = id })),
            _ => (reply.Failure ?? CallFailure.Unreadable("what was asked for")).AsFetch(),
        };
    }
}
