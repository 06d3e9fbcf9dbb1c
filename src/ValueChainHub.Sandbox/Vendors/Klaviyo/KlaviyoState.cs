using System.Text.Json.Nodes;
using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;

namespace ValueChainHub.Sandbox.Vendors.Klaviyo;

/// <summary>A profile of the account.</summary>
internal sealed class MarketingProfile(string account, Shopper shopper, DateTimeOffset createdAt)
{
    /// <summary>Profiles of people that are in no books have higher numbers.</summary>
    public const int FirstStranger = 2_000_000;

    public string Id { get; } = "01K" + Bodies.Hex(23, account, "profile", Bodies.Number(shopper.Number)).ToUpperInvariant();

    /// <summary>With the name and the addresses that the profile has now; an empty text for what it has not.</summary>
    public Shopper Shopper { get; set; } = shopper;
    public DateTimeOffset CreatedAt { get; } = createdAt;
    public DateTimeOffset UpdatedAt { get; set; } = createdAt;

    /// <summary>What was said last, by channel.</summary>
    public Dictionary<Channel, MarketingConsent> Consents { get; } = [];

    public bool IsSuppressed { get; set; }

    /// <summary>The brand's own.</summary>
    public SortedDictionary<string, JsonNode?> Properties { get; } = new(StringComparer.Ordinal);
    public string? Email => Shopper.Email.Length == 0 ? null : Shopper.Email;
    public string? Phone => Shopper.OwnPhone;
    public string? Name => string.IsNullOrWhiteSpace(Shopper.Name) ? null : Shopper.Name.Trim();
    public bool IsStranger => Shopper.Number >= FirstStranger;
    public Party Party => Party.Account(account, Id, Shopper.Number);
}

/// <summary>What a profile said of a channel, and when.</summary>
internal sealed record MarketingConsent(bool IsGranted, DateTimeOffset At);

/// <summary>Something that happened to a profile, with the profile as it was then.</summary>
/// <param name="Id">Klaviyo's id of the event.</param>
/// <param name="Metric">What happened.</param>
/// <param name="Newsletter">Which message; null for an act without one.</param>
internal sealed record MarketingEvent(string Id, Metric Metric, MarketingProfile Profile, DateTimeOffset At, int? Newsletter, bool IsByMachine)
{
    public Party Party => Profile.Party;
}

/// <summary>A kind of event: its name, and its topic.</summary>
internal sealed record Metric(string Name)
{
    public static Metric Received { get; } = new("Received Email");
    public static Metric Opened { get; } = new("Opened Email");
    public static Metric Clicked { get; } = new("Clicked Email");
    public static Metric Bounced { get; } = new("Bounced Email");
    public static Metric MarkedAsSpam { get; } = new("Marked Email as Spam");
    public static Metric SubscribedToList { get; } = new("Subscribed to List");
    public static Metric Subscribed { get; } = new("Subscribed to Email Marketing");
    public static Metric Unsubscribed { get; } = new("Unsubscribed from Email Marketing");
    public static Metric SubscribedToSms { get; } = new("Subscribed to SMS Marketing");
    public static Metric UnsubscribedFromSms { get; } = new("Unsubscribed from SMS Marketing");

    public static IReadOnlyList<Metric> All { get; } =
        [Received, Opened, Clicked, Bounced, MarkedAsSpam, SubscribedToList, Subscribed, Unsubscribed, SubscribedToSms, UnsubscribedFromSms];

    public string Id { get; } = "M" + Bodies.Hex(5, "metric", Name).ToUpperInvariant();

    public string Topic { get; } = "event:klaviyo." + Name.ToLowerInvariant().Replace(' ', '_');
}
