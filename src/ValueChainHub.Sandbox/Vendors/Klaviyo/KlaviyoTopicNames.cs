namespace ValueChainHub.Sandbox.Vendors.Klaviyo;

/// <summary>The topics that an account's webhooks may have: one for each of Klaviyo's own metrics.</summary>
internal static class KlaviyoTopicNames
{
    private static readonly string[] Others =
    [
        "dropped_email", "manually_suppressed_from_email_marketing", "received_sms", "clicked_sms", "failed_to_deliver_sms", "sent_sms", "received_push", "opened_push", "bounced_push",
        "unsubscribed_from_list",
    ];

    public static IReadOnlyList<string> All { get; } =
        [.. Metric.All.Select(metric => metric.Topic).Concat(Others.Select(name => "event:klaviyo." + name)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
