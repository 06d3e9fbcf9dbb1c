using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>Products, stock, the shop, disputes and returns.</summary>
internal static class ShopifyEntities
{
    /// <summary>A tombstone: terminal, whatever comes later. The bodies of deletes carry an id and no time.</summary>
    public static void Delete(TranslationDraft draft, EntityKey key, Homing homing, string eventType)
    {
        var json = draft.Write(key, homing, FacetNames.Deleted, new(null, draft.Source, 0), new Deleted(key.Id));
        draft.Tell(eventType, key, null, json);
    }

    /// <summary>products/create, products/update.</summary>
    public static void Product(JsonElement body, TranslationDraft draft)
    {
        var (id, at) = (body.OwnId(), body.Time("updated_at"u8));
        var key = draft.Key("product", id);
        var product = new Product(id, body.Text("title"u8), body.Word("status"u8), body.Text("product_type"u8));
        draft.At = at;
        draft.Tell(EventCatalogue.ProductChanged, key, at, draft.Write(key, Homing.Own, FacetNames.Core, new(at, draft.Source, 0), product));
    }

    /// <summary>products/delete.</summary>
    public static void DeleteProduct(JsonElement body, TranslationDraft draft) =>
        Delete(draft, draft.Key("product", body.OwnId()), Homing.Own, EventCatalogue.ProductDeleted);

    /// <summary>inventory_levels/update and connect: the stock of one item at one place; the pair is its name.</summary>
    public static void Stock(JsonElement body, TranslationDraft draft)
    {
        var (item, location, at) = (body.RequiredId("inventory_item_id"u8), body.Id("location_id"u8), body.Time("updated_at"u8));
        var key = draft.Key("stock", location is null ? item : $"{item}-{location}");
        var stock = new Stock(item, location, body.Whole("available"u8));
        draft.At = at;
        draft.Tell(EventCatalogue.StockChanged, key, at, draft.Write(key, Homing.Own, FacetNames.Core, new(at, draft.Source, 0), stock));
    }

    /// <summary>app/uninstalled: the shop's own body.</summary>
    public static void Uninstalled(JsonElement body, TranslationDraft draft)
    {
        var (id, at) = (body.OwnId(), body.Time("updated_at"u8));
        var key = draft.Key("shop", id);
        var shop = new Shop(id, body.Text("myshopify_domain"u8) ?? body.Text("domain"u8));
        draft.At = at;
        draft.Tell(EventCatalogue.ShopDisconnected, key, at, draft.Write(key, Homing.Own, "disconnected", new(at, draft.Source, 0), shop));
    }

    /// <summary>disputes/create, disputes/update: a register of the order it is about. A dispute has no time of change, so its latest known step orders it.</summary>
    public static void Dispute(JsonElement body, TranslationDraft draft)
    {
        var (id, orderId) = (body.OwnId(), body.Id("order_id"u8));
        var at = Latest(body.Time("initiated_at"u8), body.Time("evidence_sent_on"u8), body.Time("finalized_on"u8));
        var amount = body.Amount("amount"u8) is { } value && body.Currency("currency"u8) is { } currency ? new Money(currency, value) : (Money?)null;
        var dispute = new Dispute(id, orderId, body.Word("type"u8), body.Word("reason"u8), body.Word("status"u8), amount);
        var version = new FacetVersion(at, draft.Source, DisputeRank(dispute.Status));
        var (key, homing, facet) = orderId is null
            ? (draft.Key("dispute", id), Homing.Own, FacetNames.Core)
            : (draft.Key("order", orderId), Homing.Shopper, FacetNames.Dispute(id));
        draft.At = at;
        draft.Tell(EventCatalogue.DisputeChanged, key, at, draft.Write(key, homing, facet, version, dispute));
    }

    /// <summary>returns/*: thin bodies without a time. What they say counts, and the order is fetched for the rest.</summary>
    public static void Return(JsonElement body, TranslationDraft draft, string? statusOfTopic)
    {
        var id = body.OwnId();
        var status = ReturnStatus(body.Word("status"u8)) ?? statusOfTopic;
        var orderId = body.Object("order"u8) is { } order ? order.OwnId() : body.Id("order_id"u8);
        if (orderId is null)
        {
            // A decline does not say whose return it is; the fetched return does.
            WriteReturn(draft, draft.Key("return", id), Homing.Own, FacetNames.Core, null, id, null, status);
            draft.Fetch("return/" + id, "the return's body does not name its order");
            return;
        }
        WriteReturn(draft, draft.Key("order", orderId), Homing.Shopper, FacetNames.Return(id), null, id, orderId, status);
        draft.Fetch("order/" + orderId, "a return changed");
    }

    public static void WriteReturn(
        TranslationDraft draft, EntityKey key, Homing homing, string facet, DateTimeOffset? at, string id, string? orderId, string? status)
    {
        draft.Touch(key, homing);
        if (status is null)
            return;
        var json = draft.Write(key, homing, facet, new(at, draft.Source, ReturnRank(status)), new OrderReturn(id, orderId, status));
        draft.Tell(EventCatalogue.ReturnChanged, key, null, json);
    }

    /// <summary>Shopify's word in ours; null for a word that is not known.</summary>
    public static string? ReturnStatus(string? word) => word switch
    {
        "requested" or "open" or "declined" or "closed" => word,
        "canceled" or "cancelled" => "cancelled",
        _ => null,
    };

    private static int ReturnRank(string status) => status switch { "requested" => 1, "open" => 2, "closed" => 3, "declined" => 4, "cancelled" => 5, _ => 0 };

    private static int DisputeRank(string? status) => status switch
    {
        "needs_response" => 1,
        "under_review" => 2,
        "charge_refunded" => 3,
        "accepted" => 4,
        "lost" => 5,
        "won" => 6,
        _ => 0,
    };

    private static DateTimeOffset? Latest(params ReadOnlySpan<DateTimeOffset?> times)
    {
        DateTimeOffset? latest = null;
        foreach (var time in times)
            latest = latest is null || time > latest ? time ?? latest : latest;
        return latest;
    }
}
