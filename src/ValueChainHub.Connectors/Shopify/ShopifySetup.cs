using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>Sets a shop up: the token, its scopes, its webhooks.</summary>
internal sealed class ShopifySetup(string prefix, IShopifyAdminApi? api, string? token, SetupCalls? calls) : IVendorSetup
{
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
            var (data, fault) = await QueryAsync("the shop's webhooks", ShopifyDocuments.Setup, new() { After = after }, cancellationToken);
            if (fault is not null)
                return SetupLook.Blind(SetupNote.Fault(fault));
            try
            {
                after = Collect(data, found, scopes, out shop);
            }
            catch (UnreadableBodyException)
            {
                return SetupLook.Blind(SetupNote.Fault($"Shopify's answer is not what its schema {ShopifySubscriptions.ApiVersion} says. Check {prefix}BaseUrl."));
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
            var variables = new ShopifyVariables { Topic = ShopifySubscriptions.EnumOf(topic), Uri = address.AbsoluteUri };
            var (data, fault) = await QueryAsync($"a webhook of {topic}", ShopifyDocuments.Subscribe, variables, cancellationToken);
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

    private async Task<(JsonElement Data, string? Fault)> QueryAsync(string what, string document, ShopifyVariables variables, CancellationToken cancellationToken)
    {
        var answer = await calls!.AskAsync(what, limit => api!.QueryAsync(new(document, variables), token!, limit), cancellationToken);
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
            _ => $"Shopify refuses {what}. The app may be too old for API version {ShopifySubscriptions.ApiVersion}.",
        };
    }

    private static string? Collect(JsonElement data, List<VendorSubscription> found, HashSet<string> scopes, out string shop)
    {
        shop = data.Object("shop"u8)?.Text("myshopifyDomain"u8) ?? throw new UnreadableBodyException("shop is missing");
        foreach (var scope in data.Object("currentAppInstallation"u8)?.Objects("accessScopes"u8) ?? default)
            scopes.Add(scope.Text("handle"u8) ?? "");
        var page = ShopifySubscriptions.Read(data);
        found.AddRange(page.Items);
        return page.Cursor;
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
}
