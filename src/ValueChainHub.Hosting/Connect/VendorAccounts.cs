using System.Collections.Concurrent;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Reconciliation;
using ValueChainHub.Hosting.Settings;

namespace ValueChainHub.Hosting.Connect;

/// <summary>The accounts of the configured connectors, as far as their webhooks can be looked after.</summary>
internal sealed class VendorAccounts(HubSettings settings, IReadOnlyList<IVendor> vendors)
{
    private readonly ConcurrentDictionary<string, VendorAccount?> _known = new(StringComparer.Ordinal);

    /// <summary>The account of a connector; null when its vendor has nothing to look at.</summary>
    public VendorAccount? Find(string connector) => _known.GetOrAdd(connector, Make);

    /// <summary>Where a connector takes its webhooks.</summary>
    public static Uri? AddressOf(Uri? publicUrl, string connector) => publicUrl is null ? null : new Uri($"{publicUrl.AbsoluteUri.TrimEnd('/')}/api/webhooks/{connector}");

    private VendorAccount? Make(string connector) =>
        settings.Connectors.FirstOrDefault(one => one.Name == connector) is { } own && HubConnectors.VendorOf(own, vendors) is ISetupVendor vendor
            ? new(vendor.Setup(own), AddressOf(settings.PublicUrl, connector))
            : null;
}
