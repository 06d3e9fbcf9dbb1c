using System.Text;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>A shop is walked by its customers, which come whole, and its orders, which are read by themselves where the hub's version is older. From the beginning it writes both into files of its own, whole.</summary>
public sealed partial class ShopifyConnector : IWalkConnector
{
    private const string CustomersStream = "customers";
    private const string OrdersStream = "orders";

    /// <summary>Shopify's search index is filled after the fact [K].</summary>
    private static readonly TimeSpan IndexDelay = TimeSpan.FromMinutes(10);

    private static readonly WalkStream[] Streams = [new(CustomersStream) { Overlap = IndexDelay }, new(OrdersStream) { Overlap = IndexDelay }];

    public bool CanWalk => _admin is not null;

    public IReadOnlyList<WalkStream> WalkStreams => Streams;

    public async Task<WalkOutcome> WalkAsync(WalkRequest request, CancellationToken cancellationToken)
    {
        if (_admin is not { } admin)
            return Walks.NoKey;
        var isOrders = request.Stream == OrdersStream;
        if (!isOrders && request.Stream != CustomersStream)
            return Walks.NoStream;
        if (request.Since is not { } since)
            return ShopifyExport.Read(request.Cursor) is { } export && _exports is not null
                ? await _exports.PageAsync(isOrders ? Orders : Customers, export, request.Until, cancellationToken)
                : await RollAsync(admin, isOrders, request.Cursor, cancellationToken);
        var answer = isOrders ? await admin.OrdersAsync(since, request.Cursor, cancellationToken) : await admin.CustomersAsync(since, request.Cursor, cancellationToken);
        return Walks.Of(answer, null, Thing(isOrders));
    }

    /// <summary>The file of a bulk operation is not the shop's: what is written to the shop meanwhile does not hold it up.</summary>
    public bool CallsVendor(WalkRequest request) => !(request.Since is null && ShopifyExport.Read(request.Cursor) is { } export && _exports?.HasFileOf(export) == true);

    public async Task<CountOutcome> CountAsync(string stream, CancellationToken cancellationToken)
    {
        if (_admin is null)
            return new CountOutcome.Failed(FailureKind.Unauthorized, "no ApiKey is set");
        var (count, failure) = await _admin.CountAsync(stream, cancellationToken);
        return count is null ? Walks.NotCounted(failure!.Value) : new CountOutcome.Counted(count.Count);
    }

    private async Task<WalkOutcome> RollAsync(ShopifyAdmin admin, bool isOrders, string? cursor, CancellationToken cancellationToken)
    {
        var roll = ShopifyRoll.Read(cursor);
        var answer = isOrders ? await admin.AllOrdersAsync(roll, cancellationToken) : await admin.AllCustomersAsync(roll, cancellationToken);
        return Walks.Of(answer, answer.Value is { } page ? roll.Tail(page.Items).ToString() : null, Thing(isOrders));
    }

    private ShopifyExportKind Orders => new(ShopifyDocuments.EveryOrder, HasParts: true, WholeOrder);

    private ShopifyExportKind Customers => new(ShopifyDocuments.EveryCustomer, HasParts: false, record => CustomerThing(record.Item));

    /// <summary>An order whose refunds are elsewhere is read by itself; any other is here, in the form in which one is answered by itself.</summary>
    private IEnumerable<WalkedThing> WholeOrder(ShopifyRecord record)
    {
        var order = record.Item;
        if (record.HasRefunds)
            return OrderThing(order);
        return [new WalkedThing.State(order.Id, order.UpdatedAt, new EntityKey(Name, "order", order.Id), ShopifyTopics.FetchedOrder, record.AsOrder())];
    }

    private Func<VendorItem, IEnumerable<WalkedThing>> Thing(bool isOrders) => isOrders ? OrderThing : CustomerThing;

    private IEnumerable<WalkedThing> OrderThing(VendorItem order) =>
        [new WalkedThing.Pointer(order.Id, order.UpdatedAt, new EntityKey(Name, "order", order.Id), Homing.Shopper, "order/" + order.Id)];

    /// <summary>In the form in which one customer is answered by itself.</summary>
    private IEnumerable<WalkedThing> CustomerThing(VendorItem customer)
    {
        var body = Encoding.UTF8.GetBytes($$$"""{"data":{"customer":{{{customer.Body.GetRawText()}}} } }""");
        return [new WalkedThing.State(customer.Id, customer.UpdatedAt, new EntityKey(Name, "customer", customer.Id), ShopifyTopics.FetchedCustomer, body)];
    }
}
