namespace ValueChainHub.Sandbox.Story;

/// <summary>A person of the story. Invented: the addresses are of reserved domains, the numbers of a reserved exchange.</summary>
/// <param name="Number">Counts from 1; the vendors derive their ids from it.</param>
/// <param name="First">First name.</param>
/// <param name="Last">Last name; a family has one.</param>
/// <param name="Email">Always there: who has none is nobody the vendors can tell of.</param>
/// <param name="Phone">E.164; null for most.</param>
/// <param name="Shop">The storefront they buy at, by its connector's name.</param>
/// <param name="IsGuest">Buys without an account.</param>
/// <param name="SharesPhone">Another person has the same phone. Only the storefront knows it, so that no vendor's account of one can be taken for the other's.</param>
public sealed record Shopper(int Number, string First, string Last, string Email, string? Phone, string Shop, bool IsGuest, bool SharesPhone)
{
    /// <summary>The phone as systems other than the storefront know it.</summary>
    public string? OwnPhone => SharesPhone ? null : Phone;

    public string Name => $"{First} {Last}";
}

/// <summary>The storefronts: one for each currency, as a brand with two countries has them.</summary>
public static class Shops
{
    public const string Home = "shopify";
    public const string Abroad = "shopify-eu";

    public static string CurrencyOf(string shop) => shop == Home ? "USD" : "EUR";
}
