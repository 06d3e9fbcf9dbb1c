using ValueChainHub.Connectors.Shopify;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors;

/// <summary>The one list of vendors. A folder beside this file that is not on it is found by a test.</summary>
public static class Vendors
{
    /// <param name="time">What the waits that vendors ask for are counted from.</param>
    public static IReadOnlyList<IVendor> All(TimeProvider time) =>
    [
        new ShopifyVendor(time),
    ];

    /// <summary>The vendor of this name, or null.</summary>
    public static IVendor? Find(string name, TimeProvider time) =>
        All(time).FirstOrDefault(vendor => string.Equals(vendor.Name, name, StringComparison.OrdinalIgnoreCase));
}
