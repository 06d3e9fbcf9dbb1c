using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>Checkouts and carts: what may become an order. Neither carries a link that opens it, so no such link leaves this class.</summary>
internal static class ShopifyCheckouts
{
    /// <summary>checkouts/create, checkouts/update. A guest's is anchored at the e-mail it names; all other contacts only find.</summary>
    public static void Read(JsonElement body, TranslationDraft draft, string eventType)
    {
        var (id, at) = (CheckoutId(body), body.Time("updated_at"u8));
        var key = draft.Key("checkout", id);
        var email = body.Text("email"u8);
        var customer = ShopifyCustomers.Embedded(body, draft, at);
        draft.At = at;
        if (customer is null)
            draft.Claim(Identifier.Email(email));
        Find(draft, customer, Identifier.Email(email));
        Find(draft, customer, Identifier.Phone(body.Text("phone"u8)));
        Find(draft, customer, Identifier.Phone(body.Object("billing_address"u8)?.Text("phone"u8)));
        Find(draft, customer, Identifier.Phone(body.Object("shipping_address"u8)?.Text("phone"u8)));

        var currency = body.Currency("currency"u8);
        var checkout = new Checkout
        {
            Id = id,
            Total = currency is null ? null : body.ShopMoney("total_price_set"u8, "total_price"u8, currency),
            CompletedAt = body.Time("completed_at"u8),
            Email = customer is null ? email : null,
            Items = ShopifyOrders.Items(body, currency),
        };
        var version = new FacetVersion(at, draft.Source, checkout.CompletedAt is null ? 0 : 1);
        draft.Tell(eventType, key, at, draft.Write(key, Homing.Shopper, FacetNames.Core, version, checkout));
    }

    /// <summary>checkouts/delete.</summary>
    public static void Delete(JsonElement body, TranslationDraft draft) =>
        ShopifyEntities.Delete(draft, draft.Key("checkout", CheckoutId(body)), Homing.Shopper, EventCatalogue.CheckoutDeleted);

    /// <summary>carts/create, carts/update: a cart names nobody.</summary>
    public static void Cart(JsonElement body, TranslationDraft draft)
    {
        var (token, at) = (Token(body, "id"u8) ?? Token(body, "token"u8) ?? throw new UnreadableBodyException("id is missing"), body.Time("updated_at"u8));
        var key = draft.Key("cart", token);
        var (total, items) = (new MoneySum(null), new List<OrderItem>());
        foreach (var line in body.Objects("line_items"u8))
        {
            // A cart does not say its currency, so only its money sets say how much it is.
            total.Add(ShopifyBody.Side(line, "line_price_set"u8, "shop_money"u8));
            items.Add(new(line.Text("title"u8), line.Text("sku"u8), line.Whole("quantity"u8) ?? 0, ShopifyBody.Side(line, "price_set"u8, "shop_money"u8)?.AmountText));
        }
        var cart = new Checkout { Id = token, Total = total.Total, Items = items };
        draft.At = at;
        draft.Tell(EventCatalogue.CartUpdated, key, at, draft.Write(key, Homing.Shopper, FacetNames.Core, new(at, draft.Source, 0), cart));
    }

    private static string CheckoutId(JsonElement body) => body.Id("id"u8) ?? Token(body, "token"u8) ?? throw new UnreadableBodyException("id is missing");

    /// <summary>A token up to its key: with the key anybody could open the cart.</summary>
    private static string? Token(JsonElement body, ReadOnlySpan<byte> name) => body.Text(name)?.Split('?')[0] is { Length: > 0 } token ? token : null;

    private static void Find(TranslationDraft draft, ShopifyCustomer? customer, Identifier? contact)
    {
        if (contact is { } value && value != customer?.Email && value != customer?.Phone)
            draft.Find(value);
    }
}
