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
        var reply = await api.Line.CallAsync(
            token => isCustomer ? api.Rest.CustomerAsync(id, api.Authorization, token) : api.Rest.ConversationAsync(id, api.Authorization, token), cancellationToken);
        return Read(isCustomer, id, reply);
    }

    private static FetchOutcome Read(bool isCustomer, string id, VendorReply reply)
    {
        var answer = Parse(reply.Body);
        return reply.Status switch
        {
            HttpStatusCode.OK when answer?.Text("id"u8) is not null => new FetchOutcome.Fetched(isCustomer ? GladlyTopics.FetchedCustomer : GladlyTopics.FetchedConversation, reply.Body),
            HttpStatusCode.MovedPermanently when isCustomer && MovedTo(answer, reply.Location) is { } kept && kept != id =>
                new FetchOutcome.Fetched(GladlyTopics.MovedCustomer, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["old"] = id, ["new"] = kept })),
            // Only Gladly's own words: the 404 of a proxy or of a wrong address says nothing about the customer.
            HttpStatusCode.NotFound when isCustomer && ErrorOf(answer)?.Text("code"u8) is not null =>
                new FetchOutcome.Fetched(GladlyTopics.GoneCustomer, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["id"] = id })),
            _ => reply.Failure?.AsFetch() ?? new FetchOutcome.Failed(FailureKind.Unavailable, "the answer is not what was asked for"),
        };
    }

    /// <summary>The surviving customer, from the error's <c>meta.new</c>, otherwise from the end of Location.</summary>
    private static string? MovedTo(JsonElement? answer, Uri? location)
    {
        if (ErrorOf(answer)?.Object("meta"u8)?.Text("new"u8) is { } kept)
            return kept;
        var path = location?.OriginalString.Split('?', '#')[0].TrimEnd('/');
        return path?.Contains("customer-profiles/", StringComparison.Ordinal) == true ? Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]) : null;
    }

    private static JsonElement? ErrorOf(JsonElement? answer)
    {
        foreach (var error in answer?.Objects("errors"u8) ?? default)
            return error;
        return null;
    }

    /// <summary>The answer as an object whose members have the types we read; null when it is something else.</summary>
    private static JsonElement? Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var answer = document.RootElement.Clone();
            if (answer.ValueKind != JsonValueKind.Object)
                return null;
            _ = (answer.Text("id"u8), ErrorOf(answer)?.Text("code"u8), ErrorOf(answer)?.Object("meta"u8)?.Text("new"u8));
            return answer;
        }
        catch (Exception unreadable) when (unreadable is JsonException or UnreadableBodyException)
        {
            return null;
        }
    }
}
