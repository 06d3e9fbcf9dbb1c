using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.ShipStation;

public sealed partial class ShipStationConnector : ISavedBodyReader
{
    public string ExampleFile => Vendor + "/0001.json";

    /// <summary>A body names its topic itself, and by its resource the host, by which the two entries of this vendor are told apart.</summary>
    public string? TopicOf(SavedBody saved)
    {
        try
        {
            if (saved.Body.Text("resource_type"u8) is not { } topic || !saved.Body.Has("resource_url"u8))
                return null;
            return saved.IsNamed || _hosts.Contains(HostOf(saved.Body), StringComparer.OrdinalIgnoreCase) ? ShipStationTopics.Canonical(topic) : null;
        }
        catch (UnreadableBodyException)
        {
            return null;
        }
    }

    /// <summary>Its bodies carry no sums.</summary>
    public IReadOnlyList<string> AddUp(string topic, JsonElement body) => [];

    private static string? HostOf(JsonElement body) => Uri.TryCreate(body.Text("resource_url"u8), UriKind.Absolute, out var url) ? url.Authority : null;
}
