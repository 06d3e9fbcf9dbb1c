using Microsoft.Extensions.Configuration;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Hosting.Settings;

namespace ValueChainHub.Hosting.Connect;

/// <summary>One configured connector, ready to be set up at its vendor. Reads settings only: no directory, no keys, no store.</summary>
/// <param name="Name">The connector's name.</param>
/// <param name="Vendor">The vendor's name.</param>
/// <param name="Address">Where the hub takes its webhooks; null while <c>Hub__PublicUrl</c> is not set.</param>
/// <param name="Setup">What looks at the account and subscribes.</param>
public sealed record VendorConnection(string Name, string Vendor, Uri? Address, IVendorSetup Setup)
{
    /// <summary>The connector of this name, or <see cref="HubSettingsException"/> with what to set.</summary>
    public static VendorConnection Read(IConfiguration configuration, HubPlugs plugs, string name)
    {
        var (connectors, publicUrl) = HubSettings.ReadConnectors(configuration);
        if (connectors.FirstOrDefault(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase)) is not { } settings)
            throw new HubSettingsException(Unknown(name, connectors, plugs.Vendors));
        if (publicUrl is not null && publicUrl.Scheme != Uri.UriSchemeHttps && !settings.AllowLoopback)
            throw new HubSettingsException("Hub__PublicUrl is not https, and vendors send webhooks to https only. Set it to the address of the proxy that ends TLS in front of the hub.");
        try
        {
            var vendor = HubConnectors.VendorOf(settings, plugs.Vendors);
            var setup = vendor as ISetupVendor ?? throw new HubSettingsException($"{vendor.Name} has nothing to connect by command. See the README of its folder.");
            return new(settings.Name, vendor.Name, VendorAccounts.AddressOf(publicUrl, settings.Name), setup.Setup(settings));
        }
        catch (ConnectorSettingsException fault)
        {
            throw new HubSettingsException(fault.Message);
        }
    }

    private static string Unknown(string name, IReadOnlyList<ConnectorSettings> connectors, IReadOnlyList<IVendor> vendors)
    {
        if (connectors.Count > 0)
            return $"No connector is named '{name}'. Configured are: {string.Join(", ", connectors.Select(one => one.Name))}. A new one begins with Connectors__<name>__Vendor.";
        var known = vendors.FirstOrDefault(vendor => string.Equals(vendor.Name, name, StringComparison.OrdinalIgnoreCase))?.Name;
        return known is null
            ? $"No connector is configured, and '{name}' is no vendor that the hub knows. It knows: {string.Join(", ", vendors.Select(vendor => vendor.Name).Order(StringComparer.Ordinal))}."
            : $"No connector is configured. Set Connectors__{known}__ApiKey and what else the README of {known} lists, in the environment or in appsettings.json, and call it again.";
    }
}
