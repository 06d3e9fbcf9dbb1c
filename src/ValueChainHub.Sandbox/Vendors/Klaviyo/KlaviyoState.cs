using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;

namespace ValueChainHub.Sandbox.Vendors.Klaviyo;

/// <summary>A profile of the account.</summary>
internal sealed class MarketingProfile(string account, Shopper shopper, DateTimeOffset createdAt)
{
    public string Id { get; } = "01K" + Bodies.Hex(23, account, "profile", Bodies.Number(shopper.Number)).ToUpperInvariant();
    public Shopper Shopper { get; } = shopper;
    public DateTimeOffset CreatedAt { get; } = createdAt;
    public DateTimeOffset UpdatedAt { get; set; } = createdAt;
    public Party Party => Party.Account(account, Id, Shopper.Number);
}

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
