using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Gladly;

/// <summary>Webhooks as Gladly keeps them.</summary>
internal static class GladlyWebhooks
{
    public static VendorSubscription Read(JsonElement webhook)
    {
        if (webhook.ValueKind != JsonValueKind.Object)
            throw new UnreadableBodyException("the answer is not a list of webhooks");
        return new(webhook.Text("id"u8) ?? "", [.. webhook.Texts("events"u8).OfType<string>()], webhook.Text("url"u8) ?? "", TroubleOf(webhook));
    }

    private static string? TroubleOf(JsonElement webhook)
    {
        if (webhook.Text("disabledAtDueToRetryLimit"u8) is not null)
            return "was switched off by Gladly because it was not answered. Enable it again in Gladly once the hub runs";
        return webhook.Has("enabled"u8) && !webhook.Flag("enabled"u8) ? "is there, but switched off. Enable it in Gladly" : null;
    }
}
