using ValueChainHub.Connectors.Gladly;
using ValueChainHub.Connectors.Klaviyo;
using ValueChainHub.Connectors.ShipStation;
using ValueChainHub.Connectors.Shopify;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors;

/// <summary>The one list of vendors. A folder beside this file that is not on it is found by a test.</summary>
public static class Vendors
{
    public static IReadOnlyList<IVendor> All(TimeProvider time) =>
    [
        new GladlyVendor(time),
        new KlaviyoVendor(time),
        new ShopifyVendor(time),
        ShipStationVendor.ShipStation(time),
        ShipStationVendor.ShipEngine(time),
    ];
}
