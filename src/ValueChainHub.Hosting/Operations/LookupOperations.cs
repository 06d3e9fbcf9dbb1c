using ValueChainHub.Connectors.Gladly;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Intake;
using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Hosting.Operations;

/// <summary>The lookup adapters: a support desk asks who it is talking to, and is answered from the hub's own store.</summary>
internal sealed class LookupOperations(ReadCustomers customers, ConnectorCatalog connectors, Rejections rejections, TimeProvider time)
{
    private const int MostResults = 20;
    private const int MostOrders = 50;

    private static readonly Dictionary<string, string> NoStore = new(StringComparer.OrdinalIgnoreCase) { ["Cache-Control"] = "no-store" };

    private static readonly HubProblem NoAdapter =
        HubProblem.NotFound("No Gladly connector answers lookups. Set Connectors__<name>__LookupSigningKey to the signing key of the lookup adapter in Gladly.");

    public async Task<HubReply> GladlyAsync(HubRequest request, CancellationToken cancellationToken)
    {
        Prove(new(request.Method, request.Url, request.Headers, request.Body));
        var (lookup, fault) = GladlyLookup.Read(request.Body);
        if (lookup is null)
            throw ProblemException.BadRequest($"The body is not a lookup: {fault}.");
        var results = lookup.IsDetailed ? await DetailedAsync(lookup, cancellationToken) : await BasicAsync(lookup, cancellationToken);
        return HubReply.Json(new GladlyLookupReply(results), HubWire.Json.GladlyLookupReply) with { Headers = NoStore };
    }

    /// <summary>The route names no connector, so any organisation's key will do.</summary>
    private void Prove(WebhookRequest request)
    {
        var adapters = connectors.All.OfType<GladlyConnector>().Where(connector => connector.AnswersLookups).ToList();
        if (adapters.Count == 0)
            throw new ProblemException(NoAdapter);
        var now = time.GetUtcNow();
        var refusals = adapters.ConvertAll(adapter => adapter.RefuseLookup(request, now));
        if (refusals.Contains(null))
            return;
        var refused = refusals.Find(refusal => refusal!.Reason == RejectionReason.Window) ?? refusals[0]!;
        rejections.Count(adapters[refusals.IndexOf(refused)].Name, refused.Reason, now);
        throw new ProblemException(new(401, "not-proved", "The request is not proved to be the vendor's", refused.Detail + "."));
    }

    private async Task<IReadOnlyList<GladlyLookupResult>> BasicAsync(GladlyLookup lookup, CancellationToken cancellationToken)
    {
        var found = await CandidatesAsync(lookup, cancellationToken);
        return lookup.MustBeOne && found.Count > 1 ? [] : [.. found.Take(MostResults).Select(GladlyLookupResults.Basic)];
    }

    /// <summary>By the id once handed out, whoever holds it now; without one by contact, if that is only one.</summary>
    private async Task<IReadOnlyList<GladlyLookupResult>> DetailedAsync(GladlyLookup lookup, CancellationToken cancellationToken)
    {
        var id = lookup.ExternalCustomerId ?? (await CandidatesAsync(lookup, cancellationToken) is [var only] ? only.Id : null);
        return id is not null && await customers.CardAsync(id, MostOrders, cancellationToken) is { } card ? [GladlyLookupResults.Detailed(card, lookup.ExternalCustomerId)] : [];
    }

    /// <summary>Those who hold one of the contacts; only when nobody does, those whom a contact finds (a gift's recipient, an address of an order).</summary>
    private async Task<IReadOnlyList<CustomerRecord>> CandidatesAsync(GladlyLookup lookup, CancellationToken cancellationToken)
    {
        var found = new SortedDictionary<string, CustomerRecord>(StringComparer.Ordinal);
        var queries = lookup.Emails.Select(email => new CustomerQuery { Email = email }).Concat(lookup.Phones.Select(phone => new CustomerQuery { Phone = phone }));
        foreach (var query in lookup.OrderNumber is { } order ? queries.Append(new() { Order = order }) : queries)
        {
            foreach (var record in await customers.SearchAsync(query, cancellationToken))
                found[record.Id] = record;
        }
        var asked = lookup.Emails.Select(Identifier.Email).Concat(lookup.Phones.Select(Identifier.Phone)).OfType<Identifier>().Select(one => (one.Kind, one.Value)).ToHashSet();
        var holders = found.Values.Where(record => record.Identifiers.Any(one => asked.Contains((one.Kind, one.Value)))).ToList();
        return holders.Count > 0 ? holders : [.. found.Values];
    }
}
