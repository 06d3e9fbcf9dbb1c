using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.Gladly;
using ValueChainHub.Sandbox.Vendors.Klaviyo;
using ValueChainHub.Sandbox.Vendors.ShipStation;
using ValueChainHub.Sandbox.Vendors.Shopify;

namespace ValueChainHub.Sandbox.Vendors;

/// <summary>The one list of simulated vendors' accounts.</summary>
public static class SandboxVendors
{
    /// <summary>Two months pass in seconds, so limits are granted for a day's traffic in each of them.</summary>
    private const int CallsPerMinute = 20_000;

    private const int PointsPerSecond = 10_000;

    /// <param name="books">Kept by all of them.</param>
    /// <param name="past">What the first shop has from before the story.</param>
    public static IReadOnlyList<ISandboxVendor> All(SandboxBooks books, ShopSeed? past = null) =>
    [
        new ShopifySandbox(Shops.Home, books, PointsPerSecond, past),
        new ShopifySandbox(Shops.Abroad, books, PointsPerSecond),
        new ShipStationSandbox(books, CallsPerMinute),
        new GladlySandbox(books, CallsPerMinute / 60),
        new KlaviyoSandbox("klaviyo", books, new(CallsPerMinute, CallsPerMinute, CallsPerMinute, CallsPerMinute)),
    ];
}
