using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>The customer inside another body, and the contacts that are its own.</summary>
internal sealed record ShopifyCustomer(string Id, Identifier? Email, Identifier? Phone);

/// <summary>Customers: accounts, their merges and tags, and the copies of them inside orders and checkouts.</summary>
internal static class ShopifyCustomers
{
    /// <summary>customers/create, update, enable, disable: the account itself.</summary>
    public static void Read(JsonElement body, TranslationDraft draft, string eventType)
    {
        var (id, at) = (body.OwnId(), body.Time("updated_at"u8));
        var key = draft.Key("customer", id);
        var account = Account(body, id);
        draft.At = at;
        draft.Claim(Identifier.Account(draft.Connector, id));
        draft.Tell(eventType, key, at, draft.Write(key, Homing.Account, FacetNames.Core, new(at, draft.Source, Rank(account)), account));
        ShopifyConsents.Write(body, draft, key, account.Email, account.Phone);
    }

    /// <summary>customers/delete: terminal for this id.</summary>
    public static void Delete(JsonElement body, TranslationDraft draft)
    {
        var id = body.OwnId();
        draft.Claim(Identifier.Account(draft.Connector, id));
        ShopifyEntities.Delete(draft, draft.Key("customer", id), Homing.Account, EventCatalogue.AccountDeleted);
    }

    /// <summary>customers/merge: an edge between both accounts once it is completed, otherwise a note on the kept one (SEMANTICS 1).</summary>
    public static void Merge(JsonElement body, TranslationDraft draft)
    {
        var kept = body.RequiredId("admin_graphql_api_customer_kept_id"u8);
        var deleted = body.RequiredId("admin_graphql_api_customer_deleted_id"u8);
        var status = body.Word("status"u8) ?? throw new UnreadableBodyException("status is missing");
        var key = draft.Key("customer", kept);
        draft.Claim(Identifier.Account(draft.Connector, kept));
        if (status == "completed")
            draft.Claim(Identifier.Account(draft.Connector, deleted));
        var rank = status switch { "completed" => 3, "failed" => 2, "in_progress" => 1, _ => 0 };
        var json = draft.Write(key, Homing.Account, "merge/" + deleted, new(null, draft.Source, rank), new AccountMerge(kept, deleted, status));
        draft.Tell(EventCatalogue.AccountsMerged, key, null, json);
    }

    /// <summary>customer.tags_added, customer.tags_removed: a register for each tag, since the body names only those that changed.</summary>
    public static void Tags(JsonElement body, TranslationDraft draft, bool isPresent)
    {
        var (id, at) = (body.RequiredId("customerId"u8), body.Time("occurredAt"u8));
        var key = draft.Key("customer", id);
        draft.At = at;
        draft.Claim(Identifier.Account(draft.Connector, id));
        draft.Touch(key, Homing.Account);
        foreach (var text in body.Texts("tags"u8))
        {
            if (text?.Trim() is not { Length: > 0 } tag)
                continue;
            var json = draft.Write(key, Homing.Account, FacetNames.Tag(tag), new(at, draft.Source, isPresent ? 0 : 1), new AccountTag(id, tag, isPresent));
            draft.Tell(EventCatalogue.AccountTagged, key, at, json);
        }
    }

    /// <summary>
    /// The customer inside an order or a checkout: claimed, and written with the time of the body that holds it (SEMANTICS 2).
    /// Null when there is none with an id: a guest's, or a till's.
    /// </summary>
    public static ShopifyCustomer? Embedded(JsonElement holder, TranslationDraft draft, DateTimeOffset? holderUpdatedAt)
    {
        if (holder.Object("customer"u8) is not { } body || (body.Id("id"u8) ?? body.Id("admin_graphql_api_id"u8)) is not { } id)
            return null;
        var key = draft.Key("customer", id);
        var account = Account(body, id);
        draft.Claim(Identifier.Account(draft.Connector, id));
        draft.Touch(key, Homing.Account);
        WriteCopy(body, draft, key, account, holderUpdatedAt);
        ShopifyConsents.Write(body, draft, key, account.Email, account.Phone);
        return new(id, Identifier.Email(account.Email), Identifier.Phone(account.Phone));
    }

    /// <summary>For equal times: an account is made disabled or invited and enabled later.</summary>
    public static int Rank(Account account) => account.State switch { "invited" => 1, "declined" => 2, "enabled" => 3, _ => 0 };

    private static void WriteCopy(JsonElement body, TranslationDraft draft, EntityKey key, Account account, DateTimeOffset? at)
    {
        var (hasName, hasEmail, hasPhone) = (body.Has("first_name"u8) && body.Has("last_name"u8), body.Has("email"u8), body.Has("phone"u8));
        AccountCopies.Write(draft, key, account, new(at, SourceClass.Embedded, Rank(account)), hasName, hasEmail, hasPhone);
    }

    private static Account Account(JsonElement body, string id) => new()
    {
        Id = id,
        Name = body.Name(),
        Email = body.Text("email"u8),
        Phone = body.Text("phone"u8),
        State = body.Word("state"u8),
        Locale = body.Text("locale"u8),
        CreatedAt = body.Time("created_at"u8),
    };
}
