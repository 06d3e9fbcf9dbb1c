namespace ValueChainHub.Connectors.Shopify;

/// <summary>The GraphQL documents that the hub sends. Their cost stays below the 1,000 points of one query.</summary>
internal static class ShopifyDocuments
{
    private const string Money = "{ shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } }";

    private const string Shop = "{ shopMoney { amount currencyCode } }";

    private const string CustomerFields =
        """
        id firstName lastName state locale createdAt updatedAt
        defaultEmailAddress { emailAddress marketingState marketingUpdatedAt }
        defaultPhoneNumber { phoneNumber marketingState marketingUpdatedAt whatsAppMarketingConsent { state updatedAt } }
        """;

    private const string LineFields = $$"""title sku quantity originalUnitPriceSet {{Shop}}""";

    /// <summary>What an order says itself; its lines, refunds and returns are lists of their own.</summary>
    private const string OrderFields =
        $$"""
        id name number createdAt processedAt updatedAt cancelledAt cancelReason test displayFinancialStatus sourceName email phone currencyCode
        totalPriceSet {{Money}}
        billingAddress { name phone }
        shippingAddress { name phone }
        customer { {{CustomerFields}} }
        fulfillments(first: 20) {
          id status displayStatus createdAt updatedAt deliveredAt estimatedDeliveryAt inTransitAt
          trackingInfo(first: 10) { company number url }
        }
        """;

    public const string Order =
        $$"""
        query HubOrder($id: ID!) {
          order(id: $id) {
            {{OrderFields}}
            lineItems(first: 50) { nodes { {{LineFields}} } }
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

    /// <summary>What a bulk operation writes of each order: all that <see cref="Order"/> reads, but for refunds, whose lists a bulk operation cannot have. That there are some is enough to read the order by itself.</summary>
    public const string EveryOrder =
        $$"""
        query HubEveryOrder {
          orders {
            edges {
              node {
                {{OrderFields}}
                refunds(first: 1) { id }
                lineItems { edges { node { id {{LineFields}} } } }
                returns { edges { node { id status } } }
              }
            }
          }
        }
        """;

    public const string EveryCustomer = $$"""query HubEveryCustomer { customers { edges { node { {{CustomerFields}} tags } } } }""";

    public const string RunExport =
        """
        mutation HubRunExport($export: String!, $isGrouped: Boolean!) {
          bulkOperationRunQuery(query: $export, groupObjects: $isGrouped) { bulkOperation { id } userErrors { code field } }
        }
        """;

    public const string Export = "query HubExport($id: ID!) { bulkOperation(id: $id) { id status errorCode createdAt objectCount url } }";

    /// <summary>The latest of this app, latest first.</summary>
    public const string Exports = "query HubExports($first: Int!) { bulkOperations(first: $first, sortKey: CREATED_AT, reverse: true) { nodes { id status createdAt query } } }";

    public const string Return = "query HubReturn($id: ID!) { return(id: $id) { id status order { id updatedAt } } }";

    public const string Customer = $$"""query HubCustomer($id: ID!) { customer(id: $id) { {{CustomerFields}} tags } }""";

    public const string CustomerBy = $$"""query HubCustomerBy($identifier: CustomerIdentifierInput!) { customerByIdentifier(identifier: $identifier) { {{CustomerFields}} tags } }""";

    /// <summary>Which orders changed. Their refunds and parcels would not fit into the points of one query: an order is read by itself.</summary>
    public const string Orders =
        """
        query HubOrders($first: Int!, $after: String, $search: String!) {
          orders(first: $first, after: $after, query: $search, sortKey: UPDATED_AT) {
            nodes { id name createdAt updatedAt cancelledAt displayFinancialStatus customer { id } }
            pageInfo { hasNextPage endCursor }
          }
        }
        """;

    public const string Customers =
        $$"""
        query HubCustomers($first: Int!, $after: String, $search: String!) {
          customers(first: $first, after: $after, query: $search, sortKey: UPDATED_AT) {
            nodes { {{CustomerFields}} tags }
            pageInfo { hasNextPage endCursor }
          }
        }
        """;

    /// <summary>All of them, in the order of their making, which no change disturbs.</summary>
    public const string AllOrders =
        """
        query HubAllOrders($first: Int!, $after: String, $search: String) {
          orders(first: $first, after: $after, query: $search, sortKey: ID) {
            nodes { id name createdAt updatedAt cancelledAt displayFinancialStatus customer { id } }
            pageInfo { hasNextPage endCursor }
          }
        }
        """;

    /// <inheritdoc cref="AllOrders"/>
    public const string AllCustomers =
        $$"""
        query HubAllCustomers($first: Int!, $after: String, $search: String) {
          customers(first: $first, after: $after, query: $search, sortKey: ID) {
            nodes { {{CustomerFields}} tags }
            pageInfo { hasNextPage endCursor }
          }
        }
        """;

    public const string CountOrders = "query HubCountOrders { ordersCount(limit: null) { count precision } }";

    public const string CountCustomers = "query HubCountCustomers { customersCount(limit: null) { count precision } }";

    public const string UpdateCustomer =
        "mutation HubUpdateCustomer($customer: CustomerInput!) { customerUpdate(input: $customer) { customer { id updatedAt } userErrors { field } } }";

    public const string SetEmailConsent =
        """
        mutation HubSetEmailConsent($emailConsent: CustomerEmailMarketingConsentUpdateInput!) {
          customerEmailMarketingConsentUpdate(input: $emailConsent) { customer { id updatedAt } userErrors { code field } }
        }
        """;

    public const string SetSmsConsent =
        """
        mutation HubSetSmsConsent($smsConsent: CustomerSmsMarketingConsentUpdateInput!) {
          customerSmsMarketingConsentUpdate(input: $smsConsent) { customer { id updatedAt } userErrors { code field } }
        }
        """;

    public const string AddTags = "mutation HubAddTags($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { node { id } userErrors { field } } }";

    public const string RemoveTags = "mutation HubRemoveTags($id: ID!, $tags: [String!]!) { tagsRemove(id: $id, tags: $tags) { node { id } userErrors { field } } }";

    public const string SetMetafields =
        "mutation HubSetMetafields($metafields: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $metafields) { metafields { id } userErrors { code field } } }";

    public const string Setup =
        """
        query HubSetup($after: String) {
          shop { myshopifyDomain }
          currentAppInstallation { accessScopes { handle } }
          webhookSubscriptions(first: 100, after: $after) { nodes { id topic uri apiVersion { handle } } pageInfo { hasNextPage endCursor } }
        }
        """;

    public const string Subscriptions =
        """
        query HubSubscriptions($first: Int!, $after: String) {
          webhookSubscriptions(first: $first, after: $after) { nodes { id topic uri updatedAt apiVersion { handle } } pageInfo { hasNextPage endCursor } }
        }
        """;

    public const string Subscribe =
        """
        mutation HubSubscribe($topic: WebhookSubscriptionTopic!, $uri: String!) {
          webhookSubscriptionCreate(topic: $topic, webhookSubscription: { uri: $uri, format: JSON }) { webhookSubscription { id } userErrors { field } }
        }
        """;

    public const string Unsubscribe = "mutation HubUnsubscribe($id: ID!) { webhookSubscriptionDelete(id: $id) { deletedWebhookSubscriptionId userErrors { field } } }";
}
