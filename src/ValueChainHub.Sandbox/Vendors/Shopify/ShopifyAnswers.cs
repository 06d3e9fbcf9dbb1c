using System.Text.Json.Nodes;
using ValueChainHub.Sandbox.Story;

namespace ValueChainHub.Sandbox.Vendors.Shopify;

/// <summary>Answers of the Admin API to the queries that the hub sends: GraphQL names, times in UTC, connections with nodes.</summary>
internal sealed class ShopifyAnswers(string shop)
{
    private readonly string _currency = Shops.CurrencyOf(shop);

    public JsonObject Order(ShopOrder order) => new()
    {
        ["id"] = ShopifyBodies.Gid("Order", order.Id),
        ["name"] = order.Number,
        ["number"] = order.Purchase.Number,
        ["createdAt"] = order.PlacedAt.Utc(),
        ["processedAt"] = order.PlacedAt.Utc(),
        ["updatedAt"] = order.UpdatedAt.Utc(),
        ["cancelledAt"] = order.CancelledAt?.Utc(),
        ["cancelReason"] = order.CancelledAt is null ? null : "CUSTOMER",
        ["test"] = order.IsTest,
        ["displayFinancialStatus"] = order.FinancialStatus.ToUpperInvariant(),
        ["sourceName"] = order.IsTill ? "pos" : "web",
        ["email"] = order.IsTill ? null : order.Shopper.Email,
        ["phone"] = order.Customer is null && !order.IsTill ? order.Shopper.Phone : null,
        ["currencyCode"] = _currency,
        ["totalPriceSet"] = Set(order.Total),
        ["billingAddress"] = order.IsTill ? null : new JsonObject { ["name"] = order.Shopper.Name, ["phone"] = null },
        ["shippingAddress"] = order.IsTill ? null : new JsonObject { ["name"] = order.Shopper.Name, ["phone"] = null },
        ["customer"] = order.Customer is null ? null : Customer(order.Customer),
        ["lineItems"] = Nodes(order.Lines.Select(line => new JsonObject
        {
            ["title"] = line.Title,
            ["sku"] = line.Sku,
            ["quantity"] = line.Quantity,
            ["originalUnitPriceSet"] = Set(line.Price),
        })),
        ["fulfillments"] = new JsonArray([.. order.Fulfillments.Select(Fulfillment)]),
        ["refunds"] = new JsonArray([.. order.Refunds.Select(Refund)]),
        ["returns"] = Nodes(order.Return is { } one ? [Return(one)] : []),
    };

    public static JsonObject Return(ShopReturn one) => new() { ["id"] = ShopifyBodies.Gid("Return", one.Id), ["status"] = one.Status.ToUpperInvariant() };

    private static JsonObject Customer(ShopCustomer customer) => new()
    {
        ["id"] = ShopifyBodies.Gid("Customer", customer.Id),
        ["firstName"] = customer.Shopper.First,
        ["lastName"] = customer.Shopper.Last,
        ["state"] = "ENABLED",
        ["locale"] = "en",
        ["createdAt"] = customer.CreatedAt.Utc(),
        ["updatedAt"] = customer.UpdatedAt.Utc(),
        ["defaultEmailAddress"] = Address("emailAddress", customer.Shopper.Email, customer, Channel.Email),
        ["defaultPhoneNumber"] = customer.Shopper.Phone is { } phone ? Address("phoneNumber", phone, customer, Channel.Sms) : null,
    };

    private static JsonObject Address(string name, string value, ShopCustomer customer, Channel channel)
    {
        var isKnown = customer.Consents.TryGetValue(channel, out var act);
        return new()
        {
            [name] = value,
            ["marketingState"] = !isKnown ? "NOT_SUBSCRIBED" : act.IsGranted ? "SUBSCRIBED" : "UNSUBSCRIBED",
            ["marketingUpdatedAt"] = isKnown ? act.At.Utc() : null,
        };
    }

    private static JsonObject Fulfillment(ShopFulfillment fulfillment) => new()
    {
        ["id"] = ShopifyBodies.Gid("Fulfillment", fulfillment.Id),
        ["status"] = "SUCCESS",
        ["displayStatus"] = fulfillment.Status is { } status ? ShopifyBodies.Word(status).ToUpperInvariant() : "FULFILLED",
        ["createdAt"] = fulfillment.CreatedAt.Utc(),
        ["updatedAt"] = fulfillment.UpdatedAt.Utc(),
        ["deliveredAt"] = fulfillment.Status == ScanStatus.Delivered ? fulfillment.UpdatedAt.Utc() : null,
        ["estimatedDeliveryAt"] = null,
        ["inTransitAt"] = fulfillment.Status == ScanStatus.InTransit ? fulfillment.UpdatedAt.Utc() : null,
        ["trackingInfo"] = new JsonArray(new JsonObject
        {
            ["company"] = ShopifyBodies.Company(fulfillment.Package.Carrier),
            ["number"] = fulfillment.Package.Number,
            ["url"] = fulfillment.Package.Number is { } number ? ShopifyBodies.Url(fulfillment.Package.Carrier, number) : null,
        }),
    };

    private JsonObject Refund(ShopRefund refund) => new()
    {
        ["id"] = ShopifyBodies.Gid("Refund", refund.Id),
        ["createdAt"] = refund.At.Utc(),
        ["processedAt"] = refund.At.Utc(),
        ["updatedAt"] = refund.At.Utc(),
        ["return"] = null,
        ["duties"] = new JsonArray(),
        ["refundLineItems"] = Nodes([new JsonObject { ["subtotalSet"] = Set(refund.Lines), ["totalTaxSet"] = Set(0) }]),
        ["refundShippingLines"] = Nodes([]),
        ["orderAdjustments"] = Nodes(refund.Kept == 0 ? [] : [new JsonObject { ["amountSet"] = Set(refund.Kept), ["taxAmountSet"] = Set(0) }]),
        ["transactions"] = Nodes([new JsonObject { ["kind"] = "REFUND", ["status"] = "SUCCESS", ["amountSet"] = Set(refund.Amount) }]),
    };

    private static JsonObject Nodes(IEnumerable<JsonObject> nodes) => new()
    {
        ["nodes"] = new JsonArray([.. nodes]),
        ["pageInfo"] = new JsonObject { ["hasNextPage"] = false },
    };

    private JsonObject Set(decimal amount) => new()
    {
        ["shopMoney"] = new JsonObject { ["amount"] = amount.Text(), ["currencyCode"] = _currency },
        ["presentmentMoney"] = new JsonObject { ["amount"] = amount.Text(), ["currencyCode"] = _currency },
    };
}
