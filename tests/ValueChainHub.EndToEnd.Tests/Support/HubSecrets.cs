namespace ValueChainHub.EndToEnd.Tests.Support;

/// <summary>The keys and secrets of the hubs under test, and the settings that name them.</summary>
internal static class HubSecrets
{
    public const string AdminKey = "canary-admin-key-0000000000000001";
    public const string OperatorKey = "canary-operator-key-0000000000002";
    public const string ReaderKey = "canary-reader-key-000000000000003";
    public const string IdKey = "canary-identity-key-0123456789abcdef";
    public const string WebhookSecret = "canary-webhook-secret-of-now";
    public const string PreviousWebhookSecret = "canary-webhook-secret-of-before";

    /// <summary>Settings of a hub with two shops of one vendor.</summary>
    public static Dictionary<string, string> Settings(string dataDirectory) => new(StringComparer.OrdinalIgnoreCase)
    {
        ["Hub:DataDirectory"] = dataDirectory,
        ["Hub:AdminKey"] = AdminKey,
        ["Hub:OperatorKey"] = OperatorKey,
        ["Hub:ReaderKey"] = ReaderKey,
        ["Hub:IdKey"] = IdKey,
        // What the clock begins would ask vendors that a test counts the calls of.
        ["Hub:ReconcileEveryMinutes"] = "0",
        [$"Connectors:{Webhook.Shop}:WebhookSecret"] = WebhookSecret,
        [$"Connectors:{Webhook.Shop}:PreviousWebhookSecret"] = PreviousWebhookSecret,
        [$"Connectors:{Webhook.OtherShop}:Vendor"] = "shopify",
        [$"Connectors:{Webhook.OtherShop}:WebhookSecret"] = WebhookSecret,
    };
}
