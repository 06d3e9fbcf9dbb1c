using Refit;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>Shopify's Admin API: GraphQL over one address, in one dated version.</summary>
internal interface IShopifyAdminApi
{
    [Post("/admin/api/2026-07/graphql.json")]
    Task<HttpResponseMessage> QueryAsync([Body] ShopifyQuery query, [Header("X-Shopify-Access-Token")] string accessToken, CancellationToken cancellationToken);
}

/// <summary>A GraphQL request.</summary>
internal sealed record ShopifyQuery(string Query, ShopifyVariables Variables);

/// <summary>The variables of our documents.</summary>
internal sealed record ShopifyVariables(string Id);

/// <summary>The GraphQL documents that the hub sends. Their cost stays below the 1,000 points of one query.</summary>
internal static class ShopifyDocuments
{
    private const string Money = "{ shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } }";

    private const string Shop = "{ shopMoney { amount currencyCode } }";

    public const string Order =
        $$"""
        query HubOrder($id: ID!) {
          order(id: $id) {
            id name number createdAt processedAt updatedAt cancelledAt cancelReason test displayFinancialStatus sourceName email phone currencyCode
            totalPriceSet {{Money}}
            billingAddress { name phone }
            shippingAddress { name phone }
            customer {
              id firstName lastName state locale createdAt updatedAt
              defaultEmailAddress { emailAddress marketingState marketingUpdatedAt }
              defaultPhoneNumber { phoneNumber marketingState marketingUpdatedAt whatsAppMarketingConsent { state updatedAt } }
            }
            lineItems(first: 50) { nodes { title sku quantity originalUnitPriceSet {{Shop}} } }
            fulfillments(first: 20) {
              id status displayStatus createdAt updatedAt deliveredAt estimatedDeliveryAt inTransitAt
              trackingInfo(first: 10) { company number url }
            }
            refunds(first: 10) {
              id createdAt processedAt updatedAt
              return { id }
              duties { amountSet {{Shop}} }
              refundLineItems(first: 20) { nodes { subtotalSet {{Shop}} totalTaxSet {{Shop}} } pageInfo { hasNextPage } }
              refundShippingLines(first: 5) { nodes { subtotalAmountSet {{Shop}} taxAmountSet {{Shop}} } pageInfo { hasNextPage } }
              orderAdjustments(first: 5) { nodes { amountSet {{Shop}} taxAmountSet {{Shop}} } pageInfo { hasNextPage } }
              transactions(first: 5) { nodes { kind status amountSet {{Shop}} } pageInfo { hasNextPage } }
            }
            returns(first: 20) { nodes { id status } }
          }
        }
        """;

    public const string Return = "query HubReturn($id: ID!) { return(id: $id) { id status order { id updatedAt } } }";
}
