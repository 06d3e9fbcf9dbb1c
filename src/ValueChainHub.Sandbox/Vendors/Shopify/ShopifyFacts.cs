using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;

namespace ValueChainHub.Sandbox.Vendors.Shopify;

/// <summary>What the shop's bodies say, in the words of the books.</summary>
internal static class ShopifyFacts
{
    /// <summary>A customer's body, also inside others.</summary>
    public static IEnumerable<Fact> Of(ShopCustomer customer, DateTimeOffset at)
    {
        var shopper = customer.Shopper;
        yield return new PartyFact(customer.Party, at, shopper.Name, shopper.Email, shopper.Phone);
        foreach (var (channel, act) in customer.Consents)
            yield return Consent(customer, channel, act);
    }

    public static ConsentFact Consent(ShopCustomer customer, Channel channel, ShopConsent act)
    {
        var address = channel == Channel.Email ? customer.Shopper.Email : customer.Shopper.Phone!;
        return new(customer.Party, act.At, channel == Channel.Email ? "email" : "sms", address, "marketing", act.State);
    }

    /// <summary>An order's body with everything in it.</summary>
    public static IEnumerable<Fact> Of(ShopOrder order, bool withReturns = false)
    {
        yield return new OrderFact(
            order.Key, order.UpdatedAt, order.Party, order.Number, order.PlacedAt, order.FinancialStatus, order.CancelledAt is not null, order.IsTest,
            Shops.CurrencyOf(order.Shopper.Shop), order.Total);
        foreach (var fact in Whose(order))
            yield return fact;
        foreach (var refund in order.Refunds)
            yield return Of(order, refund);
        foreach (var fact in order.Fulfillments.SelectMany(fulfillment => Of(order, fulfillment)))
            yield return fact;
        if (withReturns && order.Return is { } one)
            yield return Of(order, one);
    }

    public static RefundFact Of(ShopOrder order, ShopRefund refund) => new(order.Key, Bodies.Number(refund.Id), refund.At, refund.Amount);

    public static ReturnFact Of(ShopOrder order, ShopReturn one) => new(order.Key, Bodies.Number(one.Id), one.At);

    /// <summary>A fulfillment's body: its parcel, and the last that was heard of it.</summary>
    public static IEnumerable<Fact> Of(ShopOrder order, ShopFulfillment fulfillment)
    {
        var package = fulfillment.Package;
        yield return new ParcelFact(order.Key, Bodies.Number(fulfillment.Id), fulfillment.UpdatedAt, package.Carrier, package.Number, IsCancelled: false);
        if (fulfillment.Status is { } status)
            yield return Scan(order, fulfillment, status, fulfillment.UpdatedAt);
    }

    public static ShopScanFact Scan(ShopOrder order, ShopFulfillment fulfillment, ScanStatus status, DateTimeOffset at) => new(order.Key, Bodies.Number(fulfillment.Id), at, status);

    private static IEnumerable<Fact> Whose(ShopOrder order) => order switch
    {
        { Customer: { } customer } => Of(customer, order.UpdatedAt),
        { IsTill: true } => [],
        _ => [new PartyFact(order.Party!, order.UpdatedAt, order.Shopper.Name, order.Shopper.Email, order.Shopper.Phone)],
    };
}
