using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.Klaviyo;
using ValueChainHub.Sandbox.Vendors.Shopify;

namespace ValueChainHub.Sandbox.Vendors;

/// <summary>The one list of simulated vendors' accounts.</summary>
public static class SandboxVendors
{
    public static IReadOnlyList<ISandboxVendor> All(SandboxBooks books) =>
    [
        new ShopifySandbox(Shops.Home, books),
        new ShopifySandbox(Shops.Abroad, books),
        new KlaviyoSandbox("klaviyo", books),
    ];
}
