using System.Globalization;
using ValueChainHub.Sandbox.Story;

namespace ValueChainHub.Sandbox.Vendors.Shopify;

/// <summary>A shop with a past: so many customers and orders, the same for the same seed, none of which is kept in memory before it is changed.</summary>
/// <remarks>They are in no books: a past is to be walked through and counted, not to be told of.</remarks>
/// <param name="Seed">Another seed, other people.</param>
/// <param name="Customers">They came in the first two of three years.</param>
/// <param name="Orders">They were placed in the third.</param>
/// <param name="Until">When the past ends, in whole seconds.</param>
public sealed record ShopSeed(int Seed, int Customers, int Orders, DateTimeOffset Until)
{
    /// <summary>Shoppers and orders of a story have lower numbers.</summary>
    internal const int First = 1_000_000;

    private const string Mailbox = "customer", Domain = "@example.com";

    private static readonly string[] FirstNames = ["Ada", "Grace", "Mary", "Katherine", "Dorothy", "Annie", "Hedy", "Radia", "Alan", "Edsger", "Donald", "Niklaus"];
    private static readonly string[] LastNames = ["Marsh", "Hill", "Rivers", "Stone", "Field", "Brook", "Wood", "Vale", "Moor", "Lake", "Dale", "Ford", "Heath"];
    private static readonly Line[] Goods = [new("Linen shirt", "LIN-01", 1, 59.90m), new("Wool socks", "SOX-03", 2, 12.50m), new("Rain jacket", "JKT-07", 1, 149.00m), new("Cap", "CAP-05", 1, 19.99m)];

    /// <summary>What the past adds up to: by customer, counted from 0, the address, and how many orders over how much there are.</summary>
    public IReadOnlyList<(string Email, int Orders, decimal Spent)> AddUp()
    {
        var sums = new (int Orders, decimal Spent)[Customers];
        for (var index = 0; index < Orders; index++)
        {
            ref var sum = ref sums[OwnerOf(index)];
            sum = (sum.Orders + 1, sum.Spent + PurchaseOf(index).Total);
        }
        return [.. sums.Select((sum, index) => (EmailOf(index), sum.Orders, sum.Spent))];
    }

    internal static bool Has(Shopper shopper) => shopper.Number >= First;

    /// <summary>Ids and times of last change, in the order of those.</summary>
    internal IEnumerable<(DateTimeOffset At, long Id)> AllCustomers => Enumerable.Range(0, Customers).Select(index => (JoinedAt(index), ShopCustomer.FirstId + First + index));

    internal IEnumerable<(DateTimeOffset At, long Id)> AllOrders => Enumerable.Range(0, Orders).Select(index => (PlacedAt(index), ShopOrder.FirstId + First + index));

    internal ShopCustomer? Customer(long id, string shop) => IndexOf(id - ShopCustomer.FirstId, Customers) is { } index ? new(ShopperOf(index, shop), JoinedAt(index)) : null;

    internal ShopOrder? Order(long id, string shop, Func<long, ShopCustomer?> customerOf)
    {
        if (IndexOf(id - ShopOrder.FirstId, Orders) is not { } index)
            return null;
        var owner = OwnerOf(index);
        return new(PurchaseOf(index), ShopperOf(owner, shop), customerOf(ShopCustomer.FirstId + First + owner), PlacedAt(index)) { FinancialStatus = "paid" };
    }

    /// <summary>The id that this address would have.</summary>
    internal long? IdOf(string email) =>
        email.StartsWith(Mailbox, StringComparison.Ordinal) && email.EndsWith(Domain, StringComparison.Ordinal)
        && int.TryParse(email.AsSpan()[Mailbox.Length..^Domain.Length], CultureInfo.InvariantCulture, out var number) && IndexOf(number, Customers) is not null
            ? ShopCustomer.FirstId + number
            : null;

    private int OwnerOf(int order) => (int)(Mix(order) % (uint)Customers);

    private static Purchase PurchaseOf(int order) =>
        new(First + order, First + order, PurchaseKind.Web, [.. Goods.Skip(order % Goods.Length).Take(1 + (order % 2))], 5.90m);

    private static string EmailOf(int index) => string.Create(CultureInfo.InvariantCulture, $"{Mailbox}{First + index}{Domain}");

    private static int? IndexOf(long number, int count) => number - First is >= 0 and var index && index < count ? (int)index : null;

    private Shopper ShopperOf(int index, string shop)
    {
        var (number, mixed) = (First + index, Mix(index));
        var phone = mixed % 2 == 0 ? string.Create(CultureInfo.InvariantCulture, $"+1555{3_000_000 + index}") : null;
        return new(number, FirstNames[mixed / 2 % (uint)FirstNames.Length], LastNames[mixed / 64 % (uint)LastNames.Length], EmailOf(index), phone, shop, IsGuest: false, SharesPhone: false);
    }

    private DateTimeOffset JoinedAt(int index) => Spread(Until.AddYears(-3), Until.AddYears(-1), index, Customers);

    private DateTimeOffset PlacedAt(int index) => Spread(Until.AddYears(-1), Until, index, Orders);

    private static DateTimeOffset Spread(DateTimeOffset from, DateTimeOffset until, int index, int count) =>
        from.AddSeconds(Math.Floor((until - from).TotalSeconds * index / count));

    /// <summary>Scatters an index (the finalizer of MurmurHash3).</summary>
    private uint Mix(int index)
    {
        var hash = (uint)index ^ ((uint)Seed * 0x9E3779B9);
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }
}
