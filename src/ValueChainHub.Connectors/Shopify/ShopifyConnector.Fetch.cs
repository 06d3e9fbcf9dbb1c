using System.Text;
using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Shopify;

public sealed partial class ShopifyConnector
{
    /// <summary>With an access token and a shop to ask.</summary>
    public bool CanFetch => _admin is not null;

    /// <summary>Held while the shop's points are used up, as each answer tells.</summary>
    public IVendorLine? Line => _admin?.Line;

    /// <summary>Fetches <c>order/{id}</c>, <c>return/{id}</c> or <c>customer/{id}</c> by GraphQL.</summary>
    public async Task<FetchOutcome> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        if (_admin is null)
            return new FetchOutcome.Failed(FailureKind.Unauthorized, "no ApiKey is set");
        if (Query(request.Resource) is not var (topic, document, id))
            return new FetchOutcome.Failed(FailureKind.Refused, "a resource that this connector does not fetch");

        var (reply, failure) = await _admin.AskAsync(document, new() { Id = id }, cancellationToken);
        return reply is null ? failure!.Value.AsFetch() : Read(topic, reply);
    }

    private static (string Topic, string Document, string Id)? Query(string resource) => resource.Split('/', 2) switch
    {
        ["order", var id] => (ShopifyTopics.FetchedOrder, ShopifyDocuments.Order, "gid://shopify/Order/" + id),
        ["return", var id] => (ShopifyTopics.FetchedReturn, ShopifyDocuments.Return, "gid://shopify/Return/" + id),
        ["customer", var id] => (ShopifyTopics.FetchedCustomer, ShopifyDocuments.Customer, "gid://shopify/Customer/" + id),
        _ => null,
    };

    private static FetchOutcome Read(string topic, ShopifyReply reply)
    {
        var name = topic[(topic.IndexOf('/', StringComparison.Ordinal) + 1)..];
        if (reply.Data.Field(Encoding.UTF8.GetBytes(name)) is not { } found)
            return new FetchOutcome.Failed(FailureKind.Refused, "deleted at the vendor, or not to be seen with this token");
        return found.ValueKind == JsonValueKind.Object ? new FetchOutcome.Fetched(topic, reply.Body) : CallFailure.Unreadable("a GraphQL answer").AsFetch();
    }
}
