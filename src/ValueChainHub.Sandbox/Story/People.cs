using System.Globalization;

namespace ValueChainHub.Sandbox.Story;

/// <summary>Draws the shoppers.</summary>
internal static class People
{
    private static readonly string[] FirstNames =
        ["Ada", "Grace", "Mary", "Katherine", "Dorothy", "Annie", "Hedy", "Radia", "Barbara", "Frances", "Alan", "Edsger", "Donald", "Niklaus", "John", "Tony", "Leslie", "Robin"];

    private static readonly string[] LastNames =
        ["Marsh", "Hill", "Rivers", "Stone", "Field", "Brook", "Wood", "Vale", "Moor", "Lake", "Dale", "Ford", "Heath", "Glen", "Shaw", "Lane", "Green", "Winter"];

    public static IReadOnlyList<Shopper> Draw(Random random, int count)
    {
        var shoppers = new List<Shopper>();
        for (var number = 1; number <= count; number++)
            shoppers.Add(number % 10 == 4 ? Relative(random, shoppers, number) : Single(random, number));
        return shoppers;
    }

    private static Shopper Single(Random random, int number)
    {
        var (first, last) = (FirstNames[random.Next(FirstNames.Length)], LastNames[random.Next(LastNames.Length)]);
        var isHeadOfFamily = number % 10 == 3;
        var phone = isHeadOfFamily || number % 10 == 9 || random.NextDouble() < 0.5 ? string.Create(CultureInfo.InvariantCulture, $"+1555{2_000_000 + number}") : null;
        var shop = random.NextDouble() < 0.25 ? Shops.Abroad : Shops.Home;
        return new(number, first, last, EmailOf(first, last, number), phone, shop, IsGuest: !isHeadOfFamily && number % 10 == 6, SharesPhone: isHeadOfFamily);
    }

    /// <summary>Shares the last name and the phone of the one before, at the same shop.</summary>
    private static Shopper Relative(Random random, List<Shopper> shoppers, int number)
    {
        var (head, first) = (shoppers[^1], FirstNames[random.Next(FirstNames.Length)]);
        return head with { Number = number, First = first, Email = EmailOf(first, head.Last, number) };
    }

    private static string EmailOf(string first, string last, int number) => string.Create(CultureInfo.InvariantCulture, $"{first}.{last}{number}@example.com").ToLowerInvariant();
}
