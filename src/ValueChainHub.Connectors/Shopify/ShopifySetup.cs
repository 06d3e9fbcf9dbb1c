using System.Text.Json;
using System.Text.Json.Nodes;
using Refit;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>The Admin API as far as it is needed to set a shop up.</summary>
internal interface IShopifySetupApi
{
    [Post("/admin/api/2026-07/graphql.json")]
    Task<HttpResponseMessage> QueryAsync([Body] JsonObject query, [Header("X-Shopify-Access-Token")] string accessToken, CancellationToken cancellationToken);
}

/// <summary>Sets a shop up: the token, its scopes, its webhooks.</summary>
internal sealed class ShopifySetup(string prefix, IShopifySetupApi? api, string? token, SetupCalls? calls) : IVendorSetup
{
    private const string ApiVersion = "2026-07";

    private const string Look =
        """
        query HubSetup($after: String) {
          shop { myshopifyDomain }
          currentAppInstallation { accessScopes { handle } }
          webhookSubscriptions(first: 100, after: $after) { nodes { id topic uri apiVersion { handle } } pageInfo { hasNextPage endCursor } }
        }
        """;

    private const string Create =
        """
        mutation HubSubscribe($topic: WebhookSubscriptionTopic!, $uri: String!) {
          webhookSubscriptionCreate(topic: $topic, webhookSubscription: { uri: $uri, format: JSON }) { webhookSubscription { id } userErrors { field } }
        }
        """;

    private const int MostPages = 20;

    /// <summary>Which scope a topic's name begins to need.</summary>
    private static readonly (string Start, string Scope)[] Scopes =
    [
        ("customers/merge", "read_customer_merge"), ("customer", "read_customers"), ("fulfillment", "read_fulfillments"), ("returns/", "read_returns"), ("products/", "read_products"),
        ("inventory_levels/", "read_inventory"), ("disputes/", "read_shopify_payments_disputes"), ("orders/", "read_orders"), ("refunds/", "read_orders"), ("checkouts/", "read_orders"), ("carts/", "read_orders"),
    ];

    public IReadOnlyList<string> Topics => ShopifyTopics.Subscribed;

    public string TestDelivery => "Shopify's API sends no test delivery: change a product or place a test order, and look at GET /api/connectors.";

    public async Task<SetupLook> LookAsync(CancellationToken cancellationToken)
    {
        if (api is null)
            return SetupLook.Blind(SetupNote.Fault($"{prefix}ApiKey is not set. Set it to the app's Admin API access token and {prefix}ShopDomain to the shop's myshopify.com domain; or subscribe the topics by hand."));
        var (found, scopes, shop) = (new List<VendorSubscription>(), new HashSet<string>(StringComparer.Ordinal), "");
        string? after = null;
        for (var page = 0; page < MostPages; page++)
        {
            var (data, fault) = await QueryAsync("the shop's webhooks", Look, new() { ["after"] = after }, cancellationToken);
            if (fault is not null)
                return SetupLook.Blind(SetupNote.Fault(fault));
            try
            {
                after = Collect(data, found, scopes, out shop);
            }
            catch (UnreadableBodyException)
            {
                return SetupLook.Blind(SetupNote.Fault($"Shopify's answer is not what its schema {ApiVersion} says. Check {prefix}BaseUrl."));
            }
            if (after is null)
                break;
        }
        var barred = Topics.Where(topic => !IsGranted(topic, scopes)).ToDictionary(topic => topic, topic => $"needs the scope {ScopeOf(topic)}", StringComparer.Ordinal);
        return new(Notes(shop, barred), found, barred);
    }

    public async Task<IReadOnlyDictionary<string, string>> SubscribeAsync(IReadOnlyList<string> topics, Uri address, SetupLook look, CancellationToken cancellationToken)
    {
        var refused = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var topic in topics)
        {
            var variables = new JsonObject { ["topic"] = EnumOf(topic), ["uri"] = address.AbsoluteUri };
            var (data, fault) = await QueryAsync($"a webhook of {topic}", Create, variables, cancellationToken);
            if (fault is null && !IsCreated(data))
                fault = $"Shopify does not take it: the address must be https, public, and not one of Shopify's own; the topic may need a scope or an approval of the app.";
            if (fault is not null)
                refused[topic] = fault;
        }
        return refused;
    }

    private static List<SetupNote> Notes(string shop, Dictionary<string, string> barred)
    {
        var notes = new List<SetupNote> { SetupNote.Good($"the token is accepted by {shop}") };
        var missing = barred.Keys.Select(ScopeOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        notes.Add(missing.Count == 0
            ? SetupNote.Good("all scopes are granted")
            : SetupNote.Fault($"the app lacks the scopes {string.Join(", ", missing)}. Add them to the app, install it again, and set the new token."));
        notes.Add(SetupNote.Hint("customers/data_request, customers/redact and shop/redact are set in the app's configuration (compliance_topics), not here."));
        notes.Add(SetupNote.Hint("webhooks of an app's configuration (shopify.app.toml) do not show here; do not subscribe the same topics twice."));
        return notes;
    }

    private async Task<(JsonElement Data, string? Fault)> QueryAsync(string what, string query, JsonObject variables, CancellationToken cancellationToken)
    {
        var request = new JsonObject { ["query"] = query, ["variables"] = variables };
        var answer = await calls!.AskAsync(what, limit => api!.QueryAsync(request, token!, limit), cancellationToken);
        if (answer.Fault is not null)
            return (default, answer.Fault);
        try
        {
            if (answer.Body.ValueKind == JsonValueKind.Object && answer.Body.Field("errors"u8) is { } errors)
                return (default, FaultOf(what, errors));
            return answer.Body.ValueKind == JsonValueKind.Object && answer.Body.Object("data"u8) is { } data
                ? (data, null)
                : (default, $"Shopify's answer is not a GraphQL answer. Check {prefix}BaseUrl.");
        }
        catch (UnreadableBodyException)
        {
            return (default, $"Shopify's answer is not a GraphQL answer. Check {prefix}BaseUrl.");
        }
    }

    private string FaultOf(string what, JsonElement errors)
    {
        var code = errors.ValueKind == JsonValueKind.Array && errors.GetArrayLength() > 0 && errors[0].ValueKind == JsonValueKind.Object ? errors[0].Object("extensions"u8)?.Text("code"u8) : null;
        return code switch
        {
            "THROTTLED" => "Shopify asks to wait: the app's query points are used up (THROTTLED). Call it again in a minute.",
            "ACCESS_DENIED" => $"Shopify does not allow {what} with this token (ACCESS_DENIED). Give the app the scopes of the connector's README and set {prefix}ApiKey to its new token.",
            "INTERNAL_SERVER_ERROR" => "Shopify has trouble of its own (INTERNAL_SERVER_ERROR). Try again later; nothing is wrong on this side.",
            _ => $"Shopify refuses {what}. The app may be too old for API version {ApiVersion}.",
        };
    }

    private static string? Collect(JsonElement data, List<VendorSubscription> found, HashSet<string> scopes, out string shop)
    {
        shop = data.Object("shop"u8)?.Text("myshopifyDomain"u8) ?? throw new UnreadableBodyException("shop is missing");
        foreach (var scope in data.Object("currentAppInstallation"u8)?.Objects("accessScopes"u8) ?? default)
            scopes.Add(scope.Text("handle"u8) ?? "");
        var subscriptions = data.Object("webhookSubscriptions"u8) ?? throw new UnreadableBodyException("webhookSubscriptions is missing");
        foreach (var node in subscriptions.Objects("nodes"u8))
        {
            var version = node.Object("apiVersion"u8)?.Text("handle"u8);
            var trouble = version is null or ApiVersion ? null : $"is sent in API version {version}. Set the app's webhook API version to {ApiVersion}";
            found.Add(new(node.Text("id"u8) ?? "", [TopicOf(node.Text("topic"u8) ?? "")], node.Text("uri"u8) ?? "", trouble));
        }
        return subscriptions.Object("pageInfo"u8) is { } page && page.Flag("hasNextPage"u8) ? page.Text("endCursor"u8) : null;
    }

    private static bool IsCreated(JsonElement data)
    {
        try
        {
            return data.Object("webhookSubscriptionCreate"u8)?.Object("webhookSubscription"u8)?.Text("id"u8) is not null;
        }
        catch (UnreadableBodyException)
        {
            return false;
        }
    }

    private static string ScopeOf(string topic) => Array.Find(Scopes, scope => topic.StartsWith(scope.Start, StringComparison.Ordinal)).Scope ?? "";

    /// <summary>Who may write may read.</summary>
    private static bool IsGranted(string topic, HashSet<string> scopes) =>
        ScopeOf(topic) is not { Length: > 0 } scope || scopes.Contains(scope) || scopes.Contains("write" + scope["read".Length..]);

    /// <summary><c>orders/create</c> is <c>ORDERS_CREATE</c> in the schema.</summary>
    private static string EnumOf(string topic) => topic.ToUpperInvariant().Replace('/', '_').Replace('.', '_');

    private static string TopicOf(string name) => ShopifyTopics.Subscribed.FirstOrDefault(topic => EnumOf(topic) == name) ?? name;
}
