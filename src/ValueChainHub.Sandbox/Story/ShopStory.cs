namespace ValueChainHub.Sandbox.Story;

/// <summary>What shoppers do in two months, and what is done for them.</summary>
/// <param name="Shoppers">Who.</param>
/// <param name="Acts">In the order of their times.</param>
public sealed record ShopStory(IReadOnlyList<Shopper> Shoppers, IReadOnlyList<Act> Acts)
{
    private static readonly TimeSpan Length = TimeSpan.FromDays(60);

    /// <summary>The same for the same arguments.</summary>
    /// <param name="seed">Another seed, another story.</param>
    /// <param name="shoppers">How many.</param>
    /// <param name="now">When the story ends; what would happen later does not.</param>
    public static ShopStory Draw(int seed, int shoppers, DateTimeOffset now)
    {
        var end = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        var random = new Random(seed);
        var people = People.Draw(random, shoppers);
        var counters = new PurchaseCounters();
        var acts = new List<Act>();
        foreach (var shopper in people)
            acts.AddRange(new Life(random, shopper, counters, end - Length).Draw().Where(act => act.At <= end));
        return new(people, [.. acts.OrderBy(act => act.At).ThenBy(act => act.Shopper.Number)]);
    }
}

/// <summary>Numbers of purchases: over all shops, and each shop's own.</summary>
internal sealed class PurchaseCounters
{
    private const int First = 1001;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private int _ids;

    public (int Id, int Number) Next(string shop)
    {
        _numbers[shop] = _numbers.GetValueOrDefault(shop, First - 1) + 1;
        return (++_ids, _numbers[shop]);
    }
}
