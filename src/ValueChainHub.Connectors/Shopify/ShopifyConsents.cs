using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>Marketing consent of an address (SEMANTICS 4).</summary>
internal static class ShopifyConsents
{
    /// <summary>customers_email_marketing_consent/update.</summary>
    public static void Email(JsonElement body, TranslationDraft draft) =>
        Topic(draft, body.Id("customer_id"u8) ?? body.OwnId(), "email", Identifier.Email(body.Text("email_address"u8)), body.Object("email_marketing_consent"u8));

    /// <summary>customers_marketing_consent/update: by SMS.</summary>
    public static void Sms(JsonElement body, TranslationDraft draft) =>
        Topic(draft, body.Id("customer_id"u8) ?? body.OwnId(), "sms", Identifier.Phone(body.Text("phone"u8)), body.Object("sms_marketing_consent"u8));

    /// <summary>customers_whats_app_marketing_consent/update.</summary>
    public static void WhatsApp(JsonElement body, TranslationDraft draft)
    {
        var phone = Identifier.Phone(body.Text("phone_number"u8) ?? body.Text("phone"u8));
        Topic(draft, body.Id("customer_id"u8) ?? body.OwnId(), "whatsapp", phone, body.Object("whats_app_marketing_consent"u8));
    }

    /// <summary>The consents inside a customer, of its own addresses.</summary>
    public static void Write(JsonElement customer, TranslationDraft draft, EntityKey account, string? email, string? phone)
    {
        if (customer.Object("email_marketing_consent"u8) is { } byEmail)
            Write(draft, account, "email", Identifier.Email(email), byEmail);
        else if (!customer.Has("email_marketing_consent"u8))
            WriteLegacy(customer, draft, account, Identifier.Email(email));
        if (customer.Object("sms_marketing_consent"u8) is { } bySms)
            Write(draft, account, "sms", Identifier.Phone(phone), bySms);
        if (customer.Object("whats_app_marketing_consent"u8) is { } byWhatsApp)
            Write(draft, account, "whatsapp", Identifier.Phone(phone), byWhatsApp);
    }

    /// <summary>One statement. Nothing when the address identifies nobody or the vendor states nothing.</summary>
    public static bool State(TranslationDraft draft, EntityKey account, string channel, Identifier? address, string? word, DateTimeOffset? actAt)
    {
        if (address is not { } of || StateOf(word, actAt) is not { } state)
            return false;
        Consents.State(draft, account, channel, of, Consents.Marketing, state, actAt);
        return true;
    }

    /// <summary><c>not_subscribed</c> with a time is an act, read restrictively; without one it is what every customer starts with, and no statement.</summary>
    public static string? StateOf(string? word, DateTimeOffset? actAt) => word switch
    {
        "subscribed" => "granted",
        "unsubscribed" or "redacted" => "denied",
        "not_subscribed" when actAt is not null => "denied",
        "pending" => "pending",
        _ => null,
    };

    private static void Topic(TranslationDraft draft, string customerId, string channel, Identifier? address, JsonElement? consent)
    {
        var account = draft.Key("customer", customerId);
        draft.Claim(Identifier.Account(draft.Connector, customerId));
        draft.Find(address);
        if (consent is not { } stated || !Write(draft, account, channel, address, stated))
            draft.Suppress("states no consent");
    }

    private static bool Write(TranslationDraft draft, EntityKey account, string channel, Identifier? address, JsonElement consent)
    {
        var actAt = consent.Time("consent_updated_at"u8) ?? consent.Time("updated_at"u8);
        draft.At ??= actAt;
        return State(draft, account, channel, address, consent.Word("state"u8), actAt);
    }

    /// <summary>Before 2022: a flag and a time. A flag without a time is a default, not an act.</summary>
    private static void WriteLegacy(JsonElement customer, TranslationDraft draft, EntityKey account, Identifier? address)
    {
        if (customer.Time("accepts_marketing_updated_at"u8) is { } actAt && customer.Field("accepts_marketing"u8) is not null)
            State(draft, account, "email", address, customer.Flag("accepts_marketing"u8) ? "subscribed" : "unsubscribed", actAt);
    }
}
