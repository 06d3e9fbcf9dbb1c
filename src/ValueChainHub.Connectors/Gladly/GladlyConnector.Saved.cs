using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Gladly;

public sealed partial class GladlyConnector : ISavedBodyReader
{
    public string ExampleFile => "gladly/0001.json";

    /// <summary>A webhook of Gladly's names its type, who began it, and what it is about.</summary>
    public string? TopicOf(SavedBody saved)
    {
        try
        {
            var type = saved.Body.Text("type"u8)?.ToUpperInvariant();
            var isWebhook = type is not null && IsPlain(type) && (type == GladlyTopics.Ping || type.Contains('/', StringComparison.Ordinal)) && saved.Body.Text("id"u8) is not null && saved.Body.Has("timestamp"u8);
            return isWebhook && (saved.IsNamed || saved.Body.Has("initiator"u8)) ? type : null;
        }
        catch (UnreadableBodyException)
        {
            return null;
        }
    }

    /// <summary>Its bodies carry no sums.</summary>
    public IReadOnlyList<string> AddUp(string topic, JsonElement body) => [];
}
