using System.Text.Json;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Klaviyo;

public sealed partial class KlaviyoConnector : ISavedBodyReader
{
    public string ExampleFile => "klaviyo/0001.json";

    /// <summary>A request of Klaviyo's names itself: the webhook it is of, and the topic of each event.</summary>
    public string? TopicOf(SavedBody saved)
    {
        var envelope = Envelope.Of(saved.Body);
        return envelope.WebhookId is not null || envelope.Topic != KlaviyoTopics.Several ? envelope.Topic : null;
    }

    /// <summary>Its bodies carry no sums.</summary>
    public IReadOnlyList<string> AddUp(string topic, JsonElement body) => [];
}
