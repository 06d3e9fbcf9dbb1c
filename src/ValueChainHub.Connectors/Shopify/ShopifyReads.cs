using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>Answers of the Admin API: the same registers as the webhooks, with the weight of an authoritative read.</summary>
internal static class ShopifyReads
{
    public static ShopifyTopics.Reader? Reader(string topic) => topic switch
    {
        ShopifyTopics.FetchedOrder => Order,
        ShopifyTopics.FetchedReturn => Return,
        ShopifyTopics.FetchedCustomer => Customer,
        _ => null,
    };

    private static void Order(JsonElement answer, TranslationDraft draft)
    {
        var body = Data(answer, "order"u8);
        var (id, at) = (body.RequiredId("id"u8), body.Time("updatedAt"u8));
        var key = draft.Key("order", id);
        var customer = body.Object("customer"u8) is { } account ? Account(account, draft, eventType: null) : null;
        draft.At = at;
        Identify(body, draft, customer);
        draft.Touch(key, Homing.Shopper);
        ShopifyOrders.Refer(draft, key, body.Text("name"u8), body.Text("number"u8));

        var order = Order(body, id, isGuest: customer is null);
        draft.Tell(EventCatalogue.OrderUpdated, key, at, draft.Write(key, Homing.Shopper, FacetNames.Core, new(at, draft.Source, ShopifyOrders.Rank(order)), order));
        foreach (var fulfillment in body.Objects("fulfillments"u8))
            Fulfillment(fulfillment, draft, key);
        foreach (var refund in body.Objects("refunds"u8))
            Refund(refund, draft, key, order.Total?.Currency);
        foreach (var item in Nodes(body, "returns"u8))
        {
            var returnId = item.RequiredId("id"u8);
            ShopifyEntities.WriteReturn(draft, key, Homing.Shopper, FacetNames.Return(returnId), at, returnId, id, ShopifyEntities.ReturnStatus(item.Word("status"u8)));
        }
    }

    private static void Return(JsonElement answer, TranslationDraft draft)
    {
        var body = Data(answer, "return"u8);
        var order = body.Object("order"u8) ?? throw new UnreadableBodyException("order is missing");
        var (id, orderId, at) = (body.RequiredId("id"u8), order.RequiredId("id"u8), order.Time("updatedAt"u8));
        draft.At = at;
        ShopifyEntities.WriteReturn(
            draft, draft.Key("order", orderId), Homing.Shopper, FacetNames.Return(id), at, id, orderId, ShopifyEntities.ReturnStatus(body.Word("status"u8)));
    }

    private static JsonElement Data(JsonElement answer, ReadOnlySpan<byte> name) =>
        answer.Object("data"u8)?.Object(name) ?? throw new UnreadableBodyException("data is missing");

    private static Order Order(JsonElement body, string id, bool isGuest) => new()
    {
        Id = id,
        Number = body.Text("name"u8),
        PlacedAt = body.Time("processedAt"u8) ?? body.Time("createdAt"u8),
        CancelledAt = body.Time("cancelledAt"u8),
        CancelReason = body.Word("cancelReason"u8),
        Test = body.Flag("test"u8),
        FinancialStatus = body.Word("displayFinancialStatus"u8),
        Total = Money(body, "totalPriceSet"u8, "shopMoney"u8),
        TotalPresented = Money(body, "totalPriceSet"u8, "presentmentMoney"u8),
        Channel = body.Word("sourceName"u8),
        GuestEmail = isGuest ? body.Text("email"u8) : null,
        GuestPhone = isGuest ? body.Text("phone"u8) : null,
        GuestName = isGuest ? body.Object("billingAddress"u8)?.Text("name"u8) ?? body.Object("shippingAddress"u8)?.Text("name"u8) : null,
        Items = [.. Nodes(body, "lineItems"u8).Select(line => new OrderItem(
            line.Text("title"u8), line.Text("sku"u8), line.Whole("quantity"u8) ?? 0, Money(line, "originalUnitPriceSet"u8, "shopMoney"u8)?.AmountText))],
    };

    private static void Identify(JsonElement body, TranslationDraft draft, ShopifyCustomer? customer)
    {
        var (email, phone) = (Identifier.Email(body.Text("email"u8)), Identifier.Phone(body.Text("phone"u8)));
        if (customer is null)
        {
            draft.Claim(email);
            draft.Claim(phone);
        }
        Identifier?[] contacts =
        [
            email, phone,
            Identifier.Phone(body.Object("billingAddress"u8)?.Text("phone"u8)), Identifier.Phone(body.Object("shippingAddress"u8)?.Text("phone"u8)),
        ];
        foreach (var contact in contacts)
        {
            if (contact != customer?.Email && contact != customer?.Phone)
                draft.Find(contact);
        }
    }

    private static void Customer(JsonElement answer, TranslationDraft draft)
    {
        var body = Data(answer, "customer"u8);
        draft.At = body.Time("updatedAt"u8);
        Account(body, draft, EventCatalogue.AccountUpdated);
    }

    /// <summary>An account, alone or as the read of its order answers it, with its own time.</summary>
    private static ShopifyCustomer Account(JsonElement body, TranslationDraft draft, string? eventType)
    {
        var (id, at) = (body.RequiredId("id"u8), body.Time("updatedAt"u8));
        var key = draft.Key("customer", id);
        var (email, phone) = (body.Object("defaultEmailAddress"u8), body.Object("defaultPhoneNumber"u8));
        var account = new Account
        {
            Id = id,
            Name = ShopifyBody.Join(body.Text("firstName"u8), body.Text("lastName"u8)),
            Email = email?.Text("emailAddress"u8),
            Phone = phone?.Text("phoneNumber"u8),
            State = body.Word("state"u8),
            Locale = body.Text("locale"u8),
            CreatedAt = body.Time("createdAt"u8),
        };
        var customer = new ShopifyCustomer(id, Identifier.Email(account.Email), Identifier.Phone(account.Phone));
        draft.Claim(Identifier.Account(draft.Connector, id));
        var json = draft.Write(key, Homing.Account, FacetNames.Core, new(at, draft.Source, ShopifyCustomers.Rank(account)), account);
        if (eventType is not null)
            draft.Tell(eventType, key, at, json);
        if (email is { } address)
            ShopifyConsents.State(draft, key, "email", customer.Email, address.Word("marketingState"u8), address.Time("marketingUpdatedAt"u8));
        if (phone is { } number)
        {
            ShopifyConsents.State(draft, key, "sms", customer.Phone, number.Word("marketingState"u8), number.Time("marketingUpdatedAt"u8));
            if (number.Object("whatsAppMarketingConsent"u8) is { } whatsApp)
                ShopifyConsents.State(draft, key, "whatsapp", customer.Phone, whatsApp.Word("state"u8), whatsApp.Time("updatedAt"u8));
        }
        return customer;
    }

    private static void Fulfillment(JsonElement body, TranslationDraft draft, EntityKey order)
    {
        var (id, at, createdAt) = (body.RequiredId("id"u8), body.Time("updatedAt"u8), body.Time("createdAt"u8));
        var status = ShopifyParcels.FulfillmentStatus(body.Word("status"u8));
        var (carrier, tracking) = ((string?)null, new List<(string?, string?)>());
        foreach (var info in body.Objects("trackingInfo"u8))
        {
            carrier ??= info.Text("company"u8);
            tracking.Add((info.Text("number"u8), info.Text("url"u8)));
        }
        var fulfillment = new Fulfillment
        {
            Id = id,
            OrderId = order.Id,
            Status = status,
            ShippedAt = status == "shipped" ? createdAt : null,
            EstimatedAt = body.Time("estimatedDeliveryAt"u8),
            Parcels = ShopifyParcels.Labels(carrier, tracking),
        };
        ShopifyParcels.Write(draft, fulfillment, at, draft.Source);
        if (ShopifyParcels.Milestone(body.Word("displayStatus"u8)) is not { } milestone)
            return;
        var happenedAt = milestone switch
        {
            ParcelStatuses.Delivered => body.Time("deliveredAt"u8) ?? at,
            ParcelStatuses.InTransit => body.Time("inTransitAt"u8) ?? at,
            _ => at,
        };
        ShopifyParcels.WriteMilestone(
            draft, order, new(id, order.Id, milestone, happenedAt, fulfillment.EstimatedAt), new(happenedAt, draft.Source, ParcelStatuses.Rank(milestone)));
    }

    /// <summary>As in SEMANTICS 3. GraphQL keeps refunded shipping in a list of its own, REST bodies among the adjustments. A refund that is cut off is left alone.</summary>
    private static void Refund(JsonElement body, TranslationDraft draft, EntityKey order, string? currency)
    {
        if (IsCut(body, "refundLineItems"u8) || IsCut(body, "refundShippingLines"u8) || IsCut(body, "orderAdjustments"u8) || IsCut(body, "transactions"u8))
            return;
        var (id, createdAt) = (body.RequiredId("id"u8), body.Time("createdAt"u8) ?? body.Time("processedAt"u8));
        var (lines, shipping, adjustments) = (Nodes(body, "refundLineItems"u8), Nodes(body, "refundShippingLines"u8), Nodes(body, "orderAdjustments"u8));
        var sum = new MoneySum(currency);
        foreach (var line in lines)
            sum.Add(Money(line, "subtotalSet"u8, "shopMoney"u8)).Add(Money(line, "totalTaxSet"u8, "shopMoney"u8));
        foreach (var line in shipping)
            sum.Add(Money(line, "subtotalAmountSet"u8, "shopMoney"u8)).Add(Money(line, "taxAmountSet"u8, "shopMoney"u8));
        foreach (var adjustment in adjustments)
            sum.Less(Money(adjustment, "amountSet"u8, "shopMoney"u8)).Less(Money(adjustment, "taxAmountSet"u8, "shopMoney"u8));
        if (lines.Count + shipping.Count + adjustments.Count > 0)
        {
            foreach (var duty in body.Objects("duties"u8))
                sum.Add(Money(duty, "amountSet"u8, "shopMoney"u8));
        }
        else
        {
            foreach (var transaction in Nodes(body, "transactions"u8))
            {
                if (transaction.Word("kind"u8) == "refund" && transaction.Word("status"u8) == "success")
                    sum.Add(Money(transaction, "amountSet"u8, "shopMoney"u8));
            }
        }
        var refund = new Refund(id, order.Id, sum.Total, createdAt, body.Object("return"u8)?.RequiredId("id"u8));
        draft.Write(order, Homing.Shopper, FacetNames.Refund(id), new(sum.Total is null ? null : body.Time("updatedAt"u8) ?? createdAt, draft.Source, 0), refund);
    }

    private static Money? Money(JsonElement body, ReadOnlySpan<byte> set, ReadOnlySpan<byte> side)
    {
        if (body.Object(set)?.Object(side) is not { } money || money.Amount("amount"u8) is not { } amount)
            return null;
        return money.Currency("currencyCode"u8) is { } currency ? new Money(currency, amount) : null;
    }

    private static List<JsonElement> Nodes(JsonElement body, ReadOnlySpan<byte> connection)
    {
        var nodes = new List<JsonElement>();
        if (body.Object(connection) is { } list)
        {
            foreach (var node in list.Objects("nodes"u8))
                nodes.Add(node);
        }
        return nodes;
    }

    private static bool IsCut(JsonElement body, ReadOnlySpan<byte> connection) => body.Object(connection)?.Object("pageInfo"u8)?.Flag("hasNextPage"u8) ?? false;
}
