using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>The three mandatory privacy topics: recorded as requests, for people to act on within 30 days.</summary>
internal static class ShopifyPrivacy
{
    /// <summary>customers/data_request.</summary>
    public static void Access(JsonElement body, TranslationDraft draft) =>
        Customer(body, draft, "access", body.Object("data_request"u8) is { } request ? request.OwnId() : null, Orders(body, "orders_requested"u8));

    /// <summary>customers/redact.</summary>
    public static void Erase(JsonElement body, TranslationDraft draft) => Customer(body, draft, "erase", null, Orders(body, "orders_to_redact"u8));

    /// <summary>shop/redact: 48 hours after the app was removed.</summary>
    public static void EraseShop(JsonElement body, TranslationDraft draft)
    {
        var key = draft.Key("shop", body.RequiredId("shop_id"u8));
        Record(draft, key, Homing.Own, new(null, "erase-shop", null, []));
    }

    private static void Customer(JsonElement body, TranslationDraft draft, string kind, string? requestId, IReadOnlyList<string> orders)
    {
        var customer = body.Object("customer"u8) ?? throw new UnreadableBodyException("customer is missing");
        var (id, email, phone) = (customer.Id("id"u8), Identifier.Email(customer.Text("email"u8)), Identifier.Phone(customer.Text("phone"u8)));
        if (id is not null)
        {
            draft.Claim(Identifier.Account(draft.Connector, id));
            draft.Find(email);
            draft.Find(phone);
            Record(draft, draft.Key("customer", id), Homing.Account, new(requestId, kind, id, orders));
            return;
        }
        // A guest has no account: the request itself is the entity, named without personal data.
        draft.Claim(email);
        draft.Claim(phone);
        Record(draft, draft.Key("privacy", requestId ?? Digest(body)), Homing.Shopper, new(requestId, kind, null, orders));
    }

    private static void Record(TranslationDraft draft, EntityKey key, Homing homing, PrivacyRequest request)
    {
        var facet = request.RequestId is { } id ? $"privacy/{request.Kind}/{id}" : $"privacy/{request.Kind}";
        var json = draft.Write(key, homing, facet, new(null, draft.Source, 0), request);
        draft.Tell(EventCatalogue.PrivacyRequested, key, null, json);
    }

    private static List<string> Orders(JsonElement body, ReadOnlySpan<byte> name)
    {
        var orders = new List<string>();
        foreach (var id in body.Texts(name))
        {
            if (!string.IsNullOrWhiteSpace(id))
                orders.Add(ShopifyBody.IdOf(id) ?? throw JsonBody.Wrong(name, "a list of ids"));
        }
        return orders;
    }

    private static string Digest(JsonElement body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body.GetRawText())).AsSpan(0, 16));
}
