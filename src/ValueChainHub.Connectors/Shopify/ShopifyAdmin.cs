using System.Text;
using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>What the hub asks and tells one shop. Ids are the numbers that its webhooks carry. The token never leaves this class.</summary>
internal sealed class ShopifyAdmin(IShopifyAdminApi api, string accessToken, VendorLine line, TimeProvider time)
{
    /// <summary>Of Shopify's 250; a page of customers then costs some 600 of the 1,000 points of a query [K].</summary>
    private const int PageSize = 100;

    /// <summary>The most that Shopify takes at once.</summary>
    public const int MostTags = 250, MostMetafields = 25;

    /// <summary>What most calls cost (FACTS 1); a query that costs more holds the line until its points are back.</summary>
    private const int PointsOfAMutation = 10;

    public VendorLine Line => line;

    /// <summary>One of our documents, answered. The line is held until the points of such a query are there again.</summary>
    public async Task<Answer<ShopifyReply>> AskAsync(string document, ShopifyVariables variables, CancellationToken cancellationToken, bool finishes = false)
    {
        var reply = await line.CallAsync(token => api.QueryAsync(new(document, variables), accessToken, token), cancellationToken, finishes);
        if (reply.Failure is { } failure)
            return failure;
        var answer = ShopifyReply.Read(reply, time.GetUtcNow(), out var points);
        if (points.RestoredAt is { } until)
            line.Hold(until);
        if (points.PerSecond is { } perSecond)
            line.Learn(perSecond / PointsOfAMutation, ShopifyVendor.CallsPerSecond);
        return answer;
    }

    /// <summary>A page of the orders changed since, oldest change first; each with id, times and state, to be read by itself when it is another than the one known.</summary>
    public Task<Answer<Page<VendorItem>>> OrdersAsync(DateTimeOffset since, string? cursor, CancellationToken cancellationToken) =>
        PageAsync(ShopifyDocuments.Orders, "orders", ShopifyWalk.Read(cursor) ?? new(since, null, 0), walk => walk.OrdersSearch, cancellationToken);

    /// <summary>A page of the customers changed since, oldest change first. Shopify's filter knows whole days only; what is older is left out here.</summary>
    public Task<Answer<Page<VendorItem>>> CustomersAsync(DateTimeOffset since, string? cursor, CancellationToken cancellationToken) =>
        PageAsync(ShopifyDocuments.Customers, "customers", ShopifyWalk.Read(cursor) ?? new(since, null, 0), walk => walk.CustomersSearch, cancellationToken);

    /// <summary>A page of all orders by rising id.</summary>
    public Task<Answer<Page<VendorItem>>> AllOrdersAsync(ShopifyRoll roll, CancellationToken cancellationToken) => RollAsync(ShopifyDocuments.AllOrders, "orders", roll, cancellationToken);

    /// <summary>A page of all customers by rising id.</summary>
    public Task<Answer<Page<VendorItem>>> AllCustomersAsync(ShopifyRoll roll, CancellationToken cancellationToken) => RollAsync(ShopifyDocuments.AllCustomers, "customers", roll, cancellationToken);

    /// <summary>How many <c>orders</c> or <c>customers</c> there are; an estimate is no answer.</summary>
    public async Task<Answer<VendorCount>> CountAsync(string list, CancellationToken cancellationToken)
    {
        var isOrders = list == "orders";
        var answer = await AskAsync(isOrders ? ShopifyDocuments.CountOrders : ShopifyDocuments.CountCustomers, new(), cancellationToken);
        return answer.Then($"a count of {list}", reply =>
        {
            var count = reply.Data.Object(isOrders ? "ordersCount"u8 : "customersCount"u8) ?? throw new UnreadableBodyException("the count is missing");
            return count.Word("precision"u8) == "exact" && count.Whole("count"u8) is { } number ? new VendorCount(number) : throw new UnreadableBodyException("the count is not exact");
        });
    }

    /// <summary>Starts a bulk operation, and answers its id. <paramref name="isGrouped"/>: what belongs to a thing follows it in the file at once, instead of anywhere behind it.</summary>
    public async Task<Answer<string>> RunExportAsync(string document, bool isGrouped, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(ShopifyDocuments.RunExport, new() { Export = document, IsGrouped = isGrouped }, cancellationToken);
        if (answer.Value?.FailureOf("bulkOperationRunQuery") is { } refused)
            return refused;
        return answer.Then("a bulk operation", reply => reply.Data.Object("bulkOperationRunQuery"u8)?.Object("bulkOperation"u8)?.RequiredId("id"u8) ?? throw new UnreadableBodyException("bulkOperation is missing"));
    }

    /// <summary>A bulk operation as it is now: none or one.</summary>
    public async Task<Answer<IReadOnlyList<ShopifyExportState>>> ExportAsync(string id, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(ShopifyDocuments.Export, new() { Id = "gid://shopify/BulkOperation/" + id }, cancellationToken);
        return answer.Then<IReadOnlyList<ShopifyExportState>>("a bulk operation", reply => reply.Data.Object("bulkOperation"u8) is { } found ? [ShopifyExportState.Read(found)] : []);
    }

    /// <summary>The latest bulk operations of this app.</summary>
    public async Task<Answer<IReadOnlyList<ShopifyExportState>>> ExportsAsync(CancellationToken cancellationToken)
    {
        var answer = await AskAsync(ShopifyDocuments.Exports, new() { First = 10 }, cancellationToken);
        return answer.Then<IReadOnlyList<ShopifyExportState>>("a list of bulk operations", reply => [.. (reply.Data.Object("bulkOperations"u8) ?? throw new UnreadableBodyException("bulkOperations is missing")).Objects("nodes"u8).Select(ShopifyExportState.Read)]);
    }

    /// <summary>The customer with this e-mail address or, without one, this number: none or one.</summary>
    public async Task<Answer<IReadOnlyList<VendorItem>>> FindCustomerAsync(string? email, string? phone, CancellationToken cancellationToken)
    {
        var identifier = new ShopifyCustomerIdentifier(email, email is null ? phone : null);
        var answer = await AskAsync(ShopifyDocuments.CustomerBy, new() { Identifier = identifier }, cancellationToken);
        return answer.Then<IReadOnlyList<VendorItem>>("a customer", reply => reply.Data.Object("customerByIdentifier"u8) is { } customer ? [Item(customer)] : []);
    }

    /// <summary>The customer of this id, with tags: none or one.</summary>
    public async Task<Answer<IReadOnlyList<VendorItem>>> CustomerAsync(string id, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(ShopifyDocuments.Customer, new() { Id = CustomerGid(id) }, cancellationToken);
        return answer.Then<IReadOnlyList<VendorItem>>("a customer", reply => reply.Data.Object("customer"u8) is { } customer ? [Item(customer)] : []);
    }

    /// <summary>Changes the members that are not null.</summary>
    public Task<CallFailure?> UpdateCustomerAsync(ShopifyCustomerInput customer, CancellationToken cancellationToken) =>
        TellAsync(ShopifyDocuments.UpdateCustomer, "customerUpdate", new() { Customer = customer with { Id = CustomerGid(customer.Id) } }, cancellationToken);

    /// <summary>Writes a statement with the time of the person's own act. The address must be the customer's own: Shopify keeps one state for each channel, not for each address.</summary>
    public Task<CallFailure?> SetConsentAsync(string customerId, Consent consent, CancellationToken cancellationToken)
    {
        if (StateOf(consent.State) is not { } state)
            return Never("no statement to write");
        var input = new ShopifyConsentInput(state, consent.ActAt?.ToUniversalTime());
        return consent.Channel switch
        {
            "email" => TellAsync(ShopifyDocuments.SetEmailConsent, "customerEmailMarketingConsentUpdate", new() { EmailConsent = new(CustomerGid(customerId), input) }, cancellationToken),
            "sms" => TellAsync(ShopifyDocuments.SetSmsConsent, "customerSmsMarketingConsentUpdate", new() { SmsConsent = new(CustomerGid(customerId), input) }, cancellationToken),
            _ => Never("a channel that Shopify takes no consent for"),
        };
    }

    /// <summary>Adds tags to a customer; those that it has stay.</summary>
    public Task<CallFailure?> AddTagsAsync(string customerId, IReadOnlyList<string> tags, CancellationToken cancellationToken, bool finishes = false) =>
        TellAsync(ShopifyDocuments.AddTags, "tagsAdd", new() { Id = CustomerGid(customerId), Tags = tags }, cancellationToken, finishes);

    public Task<CallFailure?> RemoveTagsAsync(string customerId, IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        TellAsync(ShopifyDocuments.RemoveTags, "tagsRemove", new() { Id = CustomerGid(customerId), Tags = tags }, cancellationToken);

    /// <summary>Writes metafields of one customer, all of them or none.</summary>
    public Task<CallFailure?> SetMetafieldsAsync(string customerId, IReadOnlyList<ShopifyMetafield> metafields, CancellationToken cancellationToken) =>
        TellAsync(ShopifyDocuments.SetMetafields, "metafieldsSet", new() { Metafields = [.. metafields.Select(field => field with { OwnerId = CustomerGid(customerId) })] }, cancellationToken);

    /// <summary>A page of the subscriptions made through the API; those of an app's configuration do not show.</summary>
    public async Task<Answer<Page<VendorSubscription>>> SubscriptionsAsync(string? cursor, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(ShopifyDocuments.Subscriptions, new() { First = PageSize, After = cursor }, cancellationToken);
        return answer.Then("a page of webhooks", reply => ShopifySubscriptions.Read(reply.Data));
    }

    public Task<CallFailure?> SubscribeAsync(string topic, Uri address, CancellationToken cancellationToken) =>
        TellAsync(ShopifyDocuments.Subscribe, "webhookSubscriptionCreate", new() { Topic = ShopifySubscriptions.EnumOf(topic), Uri = address.AbsoluteUri }, cancellationToken);

    /// <param name="id">As <see cref="SubscriptionsAsync"/> names it.</param>
    /// <param name="cancellationToken">The caller's own.</param>
    public Task<CallFailure?> UnsubscribeAsync(string id, CancellationToken cancellationToken) =>
        TellAsync(ShopifyDocuments.Unsubscribe, "webhookSubscriptionDelete", new() { Id = id }, cancellationToken);

    private async Task<CallFailure?> TellAsync(string document, string mutation, ShopifyVariables variables, CancellationToken cancellationToken, bool finishes = false)
    {
        var (reply, failure) = await AskAsync(document, variables, cancellationToken, finishes);
        return reply is null ? failure : reply.FailureOf(mutation);
    }

    private Task<Answer<Page<VendorItem>>> PageAsync(string document, string list, ShopifyWalk walk, Func<ShopifyWalk, string> search, CancellationToken cancellationToken) =>
        PageAsync(document, list, walk.After, search(walk), (items, after) =>
            new([.. items.Where(item => item.UpdatedAt is not { } at || at >= walk.Since)], after is null ? null : walk.Next(after, items, search)?.ToString()), cancellationToken);

    private Task<Answer<Page<VendorItem>>> RollAsync(string document, string list, ShopifyRoll roll, CancellationToken cancellationToken) =>
        PageAsync(document, list, roll.After, roll.Search, (items, after) => new(items, after is null ? null : roll.Next(after, items).ToString()), cancellationToken);

    private async Task<Answer<Page<VendorItem>>> PageAsync(
        string document, string list, string? after, string? search, Func<IReadOnlyList<VendorItem>, string?, Page<VendorItem>> turn, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(document, new() { First = PageSize, After = after, Search = search }, cancellationToken);
        return answer.Then($"a page of {list}", reply =>
        {
            var page = reply.Data.Object(Encoding.UTF8.GetBytes(list)) ?? throw new UnreadableBodyException($"{list} is missing");
            List<VendorItem> items = [.. page.Objects("nodes"u8).Select(Item)];
            return turn(items, page.Object("pageInfo"u8) is { } info && info.Flag("hasNextPage"u8) ? info.Text("endCursor"u8) : null);
        });
    }

    private static VendorItem Item(JsonElement node) => new(node.RequiredId("id"u8), node.Time("updatedAt"u8), node);

    private static string CustomerGid(string id) => "gid://shopify/Customer/" + id;

    private static string? StateOf(string state) => state switch { "granted" => "SUBSCRIBED", "denied" => "UNSUBSCRIBED", "pending" => "PENDING", _ => null };

    private static Task<CallFailure?> Never(string why) => Task.FromResult<CallFailure?>(new(FailureKind.Refused, why, null));
}
