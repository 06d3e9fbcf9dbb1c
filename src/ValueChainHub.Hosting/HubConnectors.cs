using ValueChainHub.Core.Connectors;
using ValueChainHub.Hosting.Settings;

namespace ValueChainHub.Hosting;

/// <summary>Makes the connectors that have settings.</summary>
internal static class HubConnectors
{
    /// <summary>The connectors, or <see cref="HubSettingsException"/> naming the first setting that is missing, default or too short.</summary>
    public static IReadOnlyList<IConnector> Create(HubSettings settings, IReadOnlyList<IVendor> vendors)
    {
        try
        {
            return [.. settings.Connectors.Select(connector => VendorOf(connector, vendors).Create(connector))];
        }
        catch (ConnectorSettingsException fault)
        {
            throw new HubSettingsException(fault.Message);
        }
    }

    /// <summary>The vendor that a connector's settings name.</summary>
    internal static IVendor VendorOf(ConnectorSettings connector, IReadOnlyList<IVendor> vendors)
    {
        var name = connector.Optional("Vendor") ?? connector.Name;
        return vendors.FirstOrDefault(vendor => string.Equals(vendor.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw connector.Fault("Vendor", $"names no vendor that the hub knows. Set it to one of: {string.Join(", ", vendors.Select(vendor => vendor.Name).Order(StringComparer.Ordinal))}");
    }
}
