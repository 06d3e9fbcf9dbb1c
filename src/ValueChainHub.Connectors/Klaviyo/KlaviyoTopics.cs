using System.Collections.Frozen;

namespace ValueChainHub.Connectors.Klaviyo;

/// <summary>What an event of Klaviyo's own metrics means.</summary>
internal enum KlaviyoMeaning
{
    /// <summary>Stored and not acted on.</summary>
    None,
    Received,
    Opened,
    Clicked,
    Bounced,
    Failed,
    Complained,
    Subscribed,
    Unsubscribed,

    /// <summary>Taken off by the brand: no act of the person.</summary>
    Suppressed,
}

/// <summary>A topic: what it means, by which channel.</summary>
/// <param name="Meaning">What it means.</param>
/// <param name="Channel"><c>email</c>, <c>sms</c>, <c>push</c>.</param>
/// <param name="Reason">Why it is not acted on.</param>
internal sealed record KlaviyoTopic(KlaviyoMeaning Meaning, string Channel, string? Reason = null);

/// <summary>What is done with each topic. A topic that is not here is stored and counted as suppressed.</summary>
/// <remarks>A topic is <c>event:klaviyo.</c> and the name of its metric in lower case with underscores, so webhooks and polls share one table.</remarks>
internal static class KlaviyoTopics
{
    public const string Prefix = "event:klaviyo.";

    /// <summary>The topic of a request that holds events of several.</summary>
    public const string Several = "events";

    /// <summary>Under which a profile of the list is stored; never a webhook's.</summary>
    public const string ListedProfile = "rest/profile";

    private const string NoGrant = "being on a list is no consent";

    private static readonly FrozenDictionary<string, KlaviyoTopic> ByName = new Dictionary<string, KlaviyoTopic>(StringComparer.Ordinal)
    {
        ["received_email"] = new(KlaviyoMeaning.Received, "email"),
        ["opened_email"] = new(KlaviyoMeaning.Opened, "email"),
        ["clicked_email"] = new(KlaviyoMeaning.Clicked, "email"),
        ["bounced_email"] = new(KlaviyoMeaning.Bounced, "email"),
        ["dropped_email"] = new(KlaviyoMeaning.Failed, "email"),
        ["marked_email_as_spam"] = new(KlaviyoMeaning.Complained, "email"),
        ["subscribed_to_email_marketing"] = new(KlaviyoMeaning.Subscribed, "email"),
        ["unsubscribed_from_email_marketing"] = new(KlaviyoMeaning.Unsubscribed, "email"),
        ["manually_suppressed_from_email_marketing"] = new(KlaviyoMeaning.Suppressed, "email"),
        ["received_sms"] = new(KlaviyoMeaning.Received, "sms"),
        ["clicked_sms"] = new(KlaviyoMeaning.Clicked, "sms"),
        ["failed_to_deliver_sms"] = new(KlaviyoMeaning.Failed, "sms"),
        ["subscribed_to_sms_marketing"] = new(KlaviyoMeaning.Subscribed, "sms"),
        ["unsubscribed_from_sms_marketing"] = new(KlaviyoMeaning.Unsubscribed, "sms"),
        ["received_push"] = new(KlaviyoMeaning.Received, "push"),
        ["opened_push"] = new(KlaviyoMeaning.Opened, "push"),
        ["bounced_push"] = new(KlaviyoMeaning.Bounced, "push"),
        ["sent_sms"] = new(KlaviyoMeaning.None, "sms", "a message of the shopper's is a matter of service"),
        ["subscribed_to_list"] = new(KlaviyoMeaning.None, "email", NoGrant),
        ["unsubscribed_from_list"] = new(KlaviyoMeaning.None, "email", NoGrant),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Other names of the same.</summary>
    private static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["email_delivered"] = "received_email",
        ["email_opened"] = "opened_email",
        ["email_clicked"] = "clicked_email",
        ["email_bounced"] = "bounced_email",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The metrics worth asking for.</summary>
    public static IReadOnlyList<string> Polled { get; } =
        [.. ByName.Where(topic => topic.Value.Meaning != KlaviyoMeaning.None).Select(topic => topic.Key).Order(StringComparer.Ordinal)];

    public static KlaviyoTopic? Find(string topic)
    {
        if (!topic.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var name = topic[Prefix.Length..];
        return ByName.GetValueOrDefault(Aliases.GetValueOrDefault(name, name));
    }

    /// <summary><c>Opened Email</c> as its topic has it: <c>opened_email</c>.</summary>
    public static string NameOf(string metric) => metric.Trim().ToLowerInvariant().Replace(' ', '_');
}
