using System.Text.Json.Nodes;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.Shopify.GraphQl;

namespace ValueChainHub.Sandbox.Vendors.Shopify;

/// <summary>Answers of the Admin API, field by field as they are asked for: GraphQL names, times in UTC.</summary>
internal sealed class ShopifyAnswers(string shop)
{
    private readonly string _currency = Shops.CurrencyOf(shop);

    public JsonObject Order(GraphQlField of, ShopOrder order) => of.Answer("Order", field => field.Name switch
    {
        "id" => ShopifyBodies.Gid("Order", order.Id),
        "name" => order.Number,
        "number" => order.Purchase.Number,
        "createdAt" or "processedAt" => order.PlacedAt.Utc(),
        "updatedAt" => order.UpdatedAt.Utc(),
        "cancelledAt" => order.CancelledAt?.Utc(),
        "cancelReason" => order.CancelledAt is null ? null : "CUSTOMER",
        "test" => order.IsTest,
        "displayFinancialStatus" => order.FinancialStatus.ToUpperInvariant(),
        "sourceName" => order.IsTill ? "pos" : "web",
        "email" => order.IsTill ? null : order.Shopper.Email,
        "phone" => order.Customer is null && !order.IsTill ? order.Shopper.Phone : null,
        "currencyCode" => _currency,
        "totalPriceSet" => Set(field, order.Total),
        "billingAddress" or "shippingAddress" => order.IsTill ? null : Address(field, order.Shopper),
        "customer" => order.Customer is null ? null : Customer(field, order.Customer),
        "lineItems" => field.Connection("LineItemConnection", order.Lines, Line),
        "fulfillments" => field.List(order.Fulfillments, Fulfillment),
        "refunds" => field.List(order.Refunds, Refund),
        "returns" => field.Connection<ShopReturn>("ReturnConnection", order.Return is { } one ? [one] : [], (part, found) => Return(part, found, order)),
        _ => throw GraphQlField.NoSuch(field, "Order"),
    });

    public static JsonObject Return(GraphQlField of, ShopReturn one, ShopOrder order) => of.Answer("Return", field => field.Name switch
    {
        "id" => ShopifyBodies.Gid("Return", one.Id),
        "status" => one.Status.ToUpperInvariant(),
        "order" => field.Answer("Order", part => part.Name switch
        {
            "id" => ShopifyBodies.Gid("Order", order.Id),
            "updatedAt" => order.UpdatedAt.Utc(),
            _ => throw GraphQlField.NoSuch(part, "Order"),
        }),
        _ => throw GraphQlField.NoSuch(field, "Return"),
    });

    public static JsonObject Customer(GraphQlField of, ShopCustomer customer) => of.Answer("Customer", field => field.Name switch
    {
        "id" => ShopifyBodies.Gid("Customer", customer.Id),
        "firstName" => customer.Shopper.First,
        "lastName" => customer.Shopper.Last,
        "displayName" => customer.Shopper.Name,
        "state" => "ENABLED",
        "locale" => customer.Locale,
        "note" => customer.Note,
        "createdAt" => customer.CreatedAt.Utc(),
        "updatedAt" => customer.UpdatedAt.Utc(),
        "tags" => new JsonArray([.. customer.Tags.Select(tag => (JsonNode)tag)]),
        "defaultEmailAddress" => Contact(field, "CustomerEmailAddress", "emailAddress", customer.Shopper.Email, customer.Consents.GetValueOrDefault(Channel.Email)),
        "defaultPhoneNumber" => customer.Shopper.Phone is { } phone ? Contact(field, "CustomerPhoneNumber", "phoneNumber", phone, customer.Consents.GetValueOrDefault(Channel.Sms)) : null,
        _ => throw GraphQlField.NoSuch(field, "Customer"),
    });

    private static JsonObject Contact(GraphQlField of, string type, string name, string value, ShopConsent? act) => of.Answer(type, field => field.Name switch
    {
        "marketingState" => ShopConsent.WordOf(act).ToUpperInvariant(),
        "marketingUpdatedAt" => act?.At.Utc(),
        "whatsAppMarketingConsent" when name == "phoneNumber" => null,
        _ => field.Name == name ? value : throw GraphQlField.NoSuch(field, type),
    });

    private static JsonObject Address(GraphQlField of, Shopper shopper) => of.Answer("MailingAddress", field => field.Name switch
    {
        "name" => shopper.Name,
        "phone" => null,
        _ => throw GraphQlField.NoSuch(field, "MailingAddress"),
    });

    private JsonObject Line(GraphQlField of, Line line) => of.Answer("LineItem", field => field.Name switch
    {
        "id" => ShopifyBodies.Gid("LineItem", ShopifyBodies.LineId(line)),
        "title" => line.Title,
        "sku" => line.Sku,
        "quantity" => line.Quantity,
        "originalUnitPriceSet" => Set(field, line.Price),
        _ => throw GraphQlField.NoSuch(field, "LineItem"),
    });

    private static JsonObject Fulfillment(GraphQlField of, ShopFulfillment fulfillment) => of.Answer("Fulfillment", field => field.Name switch
    {
        "id" => ShopifyBodies.Gid("Fulfillment", fulfillment.Id),
        "status" => "SUCCESS",
        "displayStatus" => fulfillment.Status is { } status ? ShopifyBodies.Word(status).ToUpperInvariant() : "FULFILLED",
        "createdAt" => fulfillment.CreatedAt.Utc(),
        "updatedAt" => fulfillment.UpdatedAt.Utc(),
        "deliveredAt" => fulfillment.Status == ScanStatus.Delivered ? fulfillment.UpdatedAt.Utc() : null,
        "estimatedDeliveryAt" => null,
        "inTransitAt" => fulfillment.Status == ScanStatus.InTransit ? fulfillment.UpdatedAt.Utc() : null,
        "trackingInfo" => field.List([fulfillment.Package], Tracking),
        _ => throw GraphQlField.NoSuch(field, "Fulfillment"),
    });

    private static JsonObject Tracking(GraphQlField of, Package package) => of.Answer("FulfillmentTrackingInfo", field => field.Name switch
    {
        "company" => ShopifyBodies.Company(package.Carrier),
        "number" => package.Number,
        "url" => package.Number is { } number ? ShopifyBodies.Url(package.Carrier, number) : null,
        _ => throw GraphQlField.NoSuch(field, "FulfillmentTrackingInfo"),
    });

    private JsonObject Refund(GraphQlField of, ShopRefund refund) => of.Answer("Refund", field => field.Name switch
    {
        "id" => ShopifyBodies.Gid("Refund", refund.Id),
        "createdAt" or "processedAt" or "updatedAt" => refund.At.Utc(),
        "return" => null,
        "duties" => new JsonArray(),
        "refundLineItems" => Sums(field, "RefundLineItem", [refund.Lines], "subtotalSet", "totalTaxSet"),
        "refundShippingLines" => Sums(field, "RefundShippingLine", [], "subtotalAmountSet", "taxAmountSet"),
        "orderAdjustments" => Sums(field, "OrderAdjustment", refund.Kept == 0 ? [] : [refund.Kept], "amountSet", "taxAmountSet"),
        "transactions" => field.Connection("OrderTransactionConnection", [refund.Amount], Transaction),
        _ => throw GraphQlField.NoSuch(field, "Refund"),
    });

    /// <summary>A connection of sums without tax.</summary>
    private JsonObject Sums(GraphQlField of, string type, IReadOnlyList<decimal> amounts, string sum, string tax) =>
        of.Connection(type + "Connection", amounts, (node, amount) => node.Answer(type, field =>
            field.Name == sum ? Set(field, amount) : field.Name == tax ? Set(field, 0) : throw GraphQlField.NoSuch(field, type)));

    private JsonObject Transaction(GraphQlField of, decimal amount) => of.Answer("OrderTransaction", field => field.Name switch
    {
        "kind" => "REFUND",
        "status" => "SUCCESS",
        "amountSet" => Set(field, amount),
        _ => throw GraphQlField.NoSuch(field, "OrderTransaction"),
    });

    private JsonObject Set(GraphQlField of, decimal amount) => of.Answer("MoneyBag", side => side.Name switch
    {
        "shopMoney" or "presentmentMoney" => side.Answer("MoneyV2", field => field.Name switch
        {
            "amount" => amount.Text(),
            "currencyCode" => _currency,
            _ => throw GraphQlField.NoSuch(field, "MoneyV2"),
        }),
        _ => throw GraphQlField.NoSuch(side, "MoneyBag"),
    });
}
