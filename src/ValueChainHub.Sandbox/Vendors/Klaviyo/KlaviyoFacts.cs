using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;

namespace ValueChainHub.Sandbox.Vendors.Klaviyo;

/// <summary>What an event says, in the words of the books.</summary>
internal static class KlaviyoFacts
{
    public static IEnumerable<Fact> Of(MarketingEvent one)
    {
        return one.Profile.IsStranger ? [] : [new PartyFact(one.Party, one.At, one.Profile.Name, one.Profile.Email, one.Profile.Phone), .. Meaning(one)];
    }

    private static IEnumerable<Fact> Meaning(MarketingEvent one)
    {
        if (one.Metric == Metric.Received)
            return [Message(one, MessageEvent.Received), Trouble(one, "bounced", isOver: true)];
        if (one.Metric == Metric.Opened)
            return [Message(one, one.IsByMachine ? MessageEvent.OpenedByMachine : MessageEvent.Opened)];
        if (one.Metric == Metric.Clicked)
            return [Message(one, MessageEvent.Clicked)];
        if (one.Metric == Metric.Bounced)
            return [Message(one, MessageEvent.Bounced), Trouble(one, "bounced", isOver: false)];
        if (one.Metric == Metric.MarkedAsSpam)
            return [Message(one, MessageEvent.MarkedAsSpam), Trouble(one, "complained", isOver: false), Consent(one, Channel.Email, isGranted: false)];
        if (one.Metric == Metric.Subscribed)
            return [Consent(one, Channel.Email, isGranted: true), Trouble(one, "complained", isOver: true), Trouble(one, "suppressed", isOver: true)];
        if (one.Metric == Metric.Unsubscribed)
            return [Consent(one, Channel.Email, isGranted: false)];
        if (one.Metric == Metric.SubscribedToSms || one.Metric == Metric.UnsubscribedFromSms)
            return [Consent(one, Channel.Sms, one.Metric == Metric.SubscribedToSms)];
        return [];
    }

    private static MessageFact Message(MarketingEvent one, MessageEvent happened) => new(one.Id, one.Party, one.At, happened);

    private static TroubleFact Trouble(MarketingEvent one, string trouble, bool isOver) => new(one.Party, one.At, "email", one.Profile.Shopper.Email, trouble, isOver);

    private static ConsentFact Consent(MarketingEvent one, Channel channel, bool isGranted) => new(
        one.Party, one.At, channel == Channel.Email ? "email" : "sms", channel == Channel.Email ? one.Profile.Shopper.Email : one.Profile.Shopper.OwnPhone!, "marketing",
        isGranted ? "granted" : "denied");
}
