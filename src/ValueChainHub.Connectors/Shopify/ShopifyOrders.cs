using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>Order bodies: the order itself and the copies of its customer, refunds and fulfillments inside it.</summary>
internal static class ShopifyOrders
{
    /// <summary>orders/create, updated, paid, fulfilled, partially_fulfilled, cancelled: the whole order.</summary>
    public static void Read(JsonElement body, TranslationDraft draft, string eventType)
    {
        var id = body.OwnId();
        var key = draft.Key("order", id);
        var updatedAt = body.Time("updated_at"u8);
        var customer = ShopifyCustomers.Embedded(body, draft, updatedAt);
        draft.At = updatedAt ?? body.Time("created_at"u8);
        Identify(body, draft, customer);
        draft.Touch(key, Homing.Shopper);
        Refer(draft, key, body.Text("name"u8), body.Text("order_number"u8));

        if (!IsThin(body))
        {
            var order = Order(body, id, isGuest: customer is null);
            var json = draft.Write(key, Homing.Shopper, FacetNames.Core, new(updatedAt, draft.Source, Rank(order)), order);
            draft.Tell(eventType, key, EventTime(eventType, order, updatedAt), json);
        }
        else
        {
            draft.Tell(eventType, key, updatedAt, ChainJson.Write(new Order { Id = id }));
            draft.Fetch("order/" + id, "the order's body carries none of its fields");
        }
        var currency = body.Currency("currency"u8);
        foreach (var refund in body.Objects("refunds"u8))
            ShopifyRefunds.Write(refund, draft, id, SourceClass.Embedded, currency);
        foreach (var fulfillment in body.Objects("fulfillments"u8))
            ShopifyParcels.WriteFulfillment(fulfillment, draft, id, SourceClass.Embedded);
    }

    /// <summary>orders/delete: terminal for this id.</summary>
    public static void Delete(JsonElement body, TranslationDraft draft) =>
        ShopifyEntities.Delete(draft, draft.Key("order", body.OwnId()), Homing.Shopper, EventCatalogue.OrderDeleted);

    /// <summary>orders/edited: says that something was edited, not what the order is now.</summary>
    public static void Edited(JsonElement body, TranslationDraft draft)
    {
        var edit = body.Object("order_edit"u8) ?? throw new UnreadableBodyException("order_edit is missing");
        var (id, orderId, at) = (edit.RequiredId("id"u8), edit.RequiredId("order_id"u8), edit.Time("created_at"u8));
        var key = draft.Key("order", orderId);
        var json = draft.Write(key, Homing.Shopper, "edit/" + id, new(at, draft.Source, 0), new OrderEdit(orderId, id));
        draft.At = at;
        draft.Tell(EventCatalogue.OrderEdited, key, at, json);
        draft.Fetch("order/" + orderId, "the order was edited");
    }

    /// <summary>The number people use, without <c>#</c> and in upper case, and the bare number when it differs.</summary>
    public static void Refer(TranslationDraft draft, EntityKey key, string? name, string? number)
    {
        draft.Refer(key, Homing.Shopper, "order", name?.TrimStart('#').Trim().ToUpperInvariant());
        draft.Refer(key, Homing.Shopper, "order", number?.TrimStart('#').Trim().ToUpperInvariant());
    }

    /// <summary>For equal times (Shopify's have whole seconds): cancelled over refunded over paid over pending.</summary>
    public static int Rank(Order order) => (order.CancelledAt is null ? 0 : 100) + order.FinancialStatus switch
    {
        FinancialStatuses.Pending => 1,
        FinancialStatuses.Authorized => 2,
        FinancialStatuses.PartiallyPaid => 3,
        FinancialStatuses.Paid => 4,
        FinancialStatuses.Voided => 5,
        FinancialStatuses.PartiallyRefunded => 6,
        FinancialStatuses.Refunded => 7,
        _ => 0,
    };

    /// <summary>When what the event tells happened; the same for every delivery of it.</summary>
    public static DateTimeOffset? EventTime(string eventType, Order order, DateTimeOffset? updatedAt) => eventType switch
    {
        EventCatalogue.OrderPlaced => order.PlacedAt ?? updatedAt,
        EventCatalogue.OrderCancelled => order.CancelledAt ?? updatedAt,
        _ => updatedAt,
    };

    private static Order Order(JsonElement body, string id, bool isGuest)
    {
        var currency = body.Currency("currency"u8);
        return new()
        {
            Id = id,
            Number = body.Text("name"u8) ?? body.Text("order_number"u8),
            PlacedAt = body.Time("processed_at"u8) ?? body.Time("created_at"u8),
            CancelledAt = body.Time("cancelled_at"u8),
            CancelReason = body.Word("cancel_reason"u8),
            Test = body.Flag("test"u8),
            FinancialStatus = body.Word("financial_status"u8),
            Total = currency is null ? ShopifyBody.Side(body, "total_price_set"u8, "shop_money"u8) : body.ShopMoney("total_price_set"u8, "total_price"u8, currency),
            TotalPresented = body.PresentmentMoney("total_price_set"u8),
            Channel = body.Word("source_name"u8),
            GuestEmail = isGuest ? Contact(body) : null,
            GuestPhone = isGuest ? body.Text("phone"u8) : null,
            GuestName = isGuest ? AddressName(body, "billing_address"u8) ?? AddressName(body, "shipping_address"u8) : null,
            Items = Items(body, currency),
        };
    }

    /// <summary>A subscription may leave fields out; a body without any of these is a hint, and an absent field never writes.</summary>
    private static bool IsThin(JsonElement body) =>
        !(body.Has("financial_status"u8) || body.Has("total_price"u8) || body.Has("total_price_set"u8) || body.Has("created_at"u8) || body.Has("line_items"u8));

    /// <summary>An order links to its customer's account; a guest's order to the contact it names; all other contacts only find (SEMANTICS 1).</summary>
    private static void Identify(JsonElement body, TranslationDraft draft, ShopifyCustomer? customer)
    {
        if (customer is null)
        {
            draft.Claim(Identifier.Email(Contact(body)));
            draft.Claim(Identifier.Phone(body.Text("phone"u8)));
        }
        FindUnless(draft, customer, Identifier.Email(body.Text("email"u8)));
        FindUnless(draft, customer, Identifier.Email(body.Text("contact_email"u8)));
        FindUnless(draft, customer, Identifier.Phone(body.Text("phone"u8)));
        FindUnless(draft, customer, AddressPhone(body, "billing_address"u8));
        FindUnless(draft, customer, AddressPhone(body, "shipping_address"u8));
    }

    private static void FindUnless(TranslationDraft draft, ShopifyCustomer? customer, Identifier? contact)
    {
        if (contact is { } value && value != customer?.Email && value != customer?.Phone)
            draft.Find(value);
    }

    private static string? Contact(JsonElement body) => body.Text("email"u8) ?? body.Text("contact_email"u8);

    private static string? AddressName(JsonElement body, ReadOnlySpan<byte> address) => body.Object(address) is { } at ? at.Text("name"u8) ?? at.Name() : null;

    private static Identifier? AddressPhone(JsonElement body, ReadOnlySpan<byte> address) => Identifier.Phone(body.Object(address)?.Text("phone"u8));

    internal static List<OrderItem> Items(JsonElement body, string? currency)
    {
        var items = new List<OrderItem>();
        foreach (var line in body.Objects("line_items"u8))
        {
            var price = line.ShopMoney("price_set"u8, "price"u8, currency);
            items.Add(new(line.Text("title"u8), line.Text("sku"u8), line.Whole("quantity"u8) ?? 0, price?.AmountText));
        }
        return items;
    }
}
