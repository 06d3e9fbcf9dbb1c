using ValueChainHub.Sandbox.Story;

namespace ValueChainHub.EndToEnd.Tests.Sandbox.InStep;

/// <summary>What the shoppers of a story have said of their addresses, by whichever vendor: the last word of each counts.</summary>
internal sealed record Statement(string Channel, string Address, string State, DateTimeOffset At)
{
    /// <summary>When it was said, last and before that without another word in between: a vendor that was told it once is not told it again.</summary>
    public IReadOnlyList<DateTimeOffset> Times { get; private init; } = [];

    public static IReadOnlyList<Statement> Last(ShopStory story) =>
        [.. story.Acts.Select(Of).OfType<Statement>().GroupBy(one => (one.Channel, one.Address), (_, same) => Last([.. same.OrderByDescending(one => one.At)]))];

    private static Statement Last(List<Statement> newestFirst) =>
        newestFirst[0] with { Times = [.. newestFirst.TakeWhile(one => one.State == newestFirst[0].State).Select(one => one.At)] };

    private static Statement? Of(Act act) => act switch
    {
        ShopConsentChanged one => Of(one.Shopper, WordOf(one.Channel), one.IsGranted, one.At),
        MarketingConsentChanged one => Of(one.Shopper, WordOf(one.Channel), one.IsGranted, one.At),
        MessageAct { Event: MessageEvent.MarkedAsSpam } one => Of(one.Shopper, "email", isGranted: false, one.At),
        _ => null,
    };

    private static Statement? Of(Shopper shopper, string channel, bool isGranted, DateTimeOffset at) =>
        new(channel, channel == "email" ? shopper.Email : shopper.OwnPhone!, isGranted ? "granted" : "denied", at);

    private static string WordOf(Enum channel) => channel.ToString().ToLowerInvariant();
}
