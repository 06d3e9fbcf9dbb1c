using System.Text.Json.Serialization;
using Refit;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>Shopify's Admin API: GraphQL over one address, in one dated version.</summary>
internal interface IShopifyAdminApi
{
    [Post("/admin/api/2026-07/graphql.json")]
    Task<HttpResponseMessage> QueryAsync([Body] ShopifyQuery query, [Header("X-Shopify-Access-Token")] string accessToken, CancellationToken cancellationToken);
}

/// <summary>A GraphQL request: one of <see cref="ShopifyDocuments"/> and what it asks for.</summary>
internal sealed record ShopifyQuery(string Query, ShopifyVariables Variables);

/// <summary>The variables of our documents, named as there; those that a document does not have stay null and are not sent.</summary>
internal sealed record ShopifyVariables
{
    public string? Id { get; init; }

    public int? First { get; init; }

    public string? After { get; init; }

    public string? Search { get; init; }

    /// <summary>The document that a bulk operation runs.</summary>
    public string? Export { get; init; }

    public bool? IsGrouped { get; init; }

    public string? Topic { get; init; }

    public string? Uri { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public IReadOnlyList<ShopifyMetafield>? Metafields { get; init; }

    public ShopifyCustomerIdentifier? Identifier { get; init; }

    public ShopifyCustomerInput? Customer { get; init; }

    public ShopifyEmailConsentInput? EmailConsent { get; init; }

    public ShopifySmsConsentInput? SmsConsent { get; init; }
}

/// <summary>CustomerIdentifierInput: exactly one of them.</summary>
internal sealed record ShopifyCustomerIdentifier(string? EmailAddress, string? PhoneNumber);

/// <summary>CustomerInput: what is null is left as it is.</summary>
internal sealed record ShopifyCustomerInput
{
    public required string Id { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public string? Email { get; init; }

    public string? Phone { get; init; }

    public string? Locale { get; init; }

    public string? Note { get; init; }
}

/// <summary>CustomerEmailMarketingConsentUpdateInput.</summary>
internal sealed record ShopifyEmailConsentInput(string CustomerId, ShopifyConsentInput EmailMarketingConsent);

/// <summary>CustomerSmsMarketingConsentUpdateInput.</summary>
internal sealed record ShopifySmsConsentInput(string CustomerId, ShopifyConsentInput SmsMarketingConsent);

/// <summary>The state, and when the customer said so.</summary>
internal sealed record ShopifyConsentInput(string MarketingState, DateTimeOffset? ConsentUpdatedAt);

/// <summary>MetafieldsSetInput.</summary>
internal sealed record ShopifyMetafield(string OwnerId, string Namespace, string Key, string Type, string Value);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ShopifyQuery))]
internal sealed partial class ShopifyJson : JsonSerializerContext;
