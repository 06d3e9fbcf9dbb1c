using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ValueChainHub.Connectors.Klaviyo;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;
using ValueChainHub.Testing.Connectors;

namespace ValueChainHub.Connectors.Tests.Klaviyo;

/// <summary>What the tests of this connector share.</summary>
internal static class KlaviyoTests
{
    public const string WebhookId = "01JWEBHOOKDEMO";

    public static string RecordingsFolder { get; } = Path.Combine(AppContext.BaseDirectory, "Klaviyo", "Recordings");

    public static IConnector Connector { get; } = Make(new() { ["WebhookSecret"] = "klaviyo-secret" });

    public static EntityKey Ada { get; } = new("klaviyo", "customer", "01JPROFILEADA");

    public static EntityKey Bob { get; } = new("klaviyo", "customer", "01JPROFILEBOB");

    /// <summary>Every recording under the topic that its body has.</summary>
    public static IReadOnlyList<Recording> Recordings() => [.. Recording.All(RecordingsFolder).Select(recording => recording with { Topic = TopicOf(recording.Name) })];

    public static string TopicOf(string recording) => recording.StartsWith("events", StringComparison.Ordinal) ? "events" : "event:klaviyo." + recording.Split('~')[0];

    public static EntityKey Message(string id) => new("klaviyo", EntityTypes.MessageEvent, id);

    public static IConnector Make(Dictionary<string, string> settings, string name = "klaviyo") =>
        new KlaviyoVendor(TimeProvider.System).Create(new ConnectorSettings(name, settings, allowLoopback: true));

    public static JsonObject Body(string recording) => JsonNode.Parse(Recording.Read(Path.Combine(RecordingsFolder, recording + ".json")).Body)!.AsObject();

    /// <summary>What a recording means, changed as the test says; the test is given the first event's document.</summary>
    public static Translation Raw(string recording, Action<JsonNode>? change = null)
    {
        var body = Body(recording);
        change?.Invoke(body["data"]![0]!["payload"]!);
        return Raw(TopicOf(recording), Encoding.UTF8.GetBytes(body.ToJsonString()));
    }

    public static Translation Raw(string topic, byte[] body, DeliveryKind kind = DeliveryKind.Webhook) =>
        Connector.Translate(new("klaviyo", kind, topic, new Dictionary<string, string>(), body, null));

    public static Translation.Translated Translate(string recording, Action<JsonNode>? change = null) => Raw(recording, change).ShouldBeOfType<Translation.Translated>();

    public static JsonNode Attributes(this JsonNode document) => document["data"]!["attributes"]!;

    public static JsonNode Profile(this JsonNode document) => document["included"]![0]!["attributes"]!;

    public static Facet? Facet(this Translation.Translated translated, EntityKey key, string name) =>
        translated.Entities.SingleOrDefault(entity => entity.Key == key)?.Facets.SingleOrDefault(facet => facet.Name == name);

    public static T Value<T>(this Translation.Translated translated, EntityKey key, string facet) => ChainJson.Read<T>(translated.Facet(key, facet).ShouldNotBeNull(facet).Value);

    /// <summary>The one customer that these deliveries are about.</summary>
    public static CustomerRecord Record(params Translation.Translated[] deliveries) => Records(deliveries).ShouldHaveSingleItem();

    public static IReadOnlyList<CustomerRecord> Records(params Translation.Translated[] deliveries) =>
        [.. new ChainModel(new DerivedIds(new byte[32]), new GraphLimits(), deliveries, []).Records().Values];

    public static WebhookRequest Signed(ReadOnlyMemory<byte> body, string secret, DateTimeOffset at, string? webhookId = WebhookId, string? timestamp = null)
    {
        var time = timestamp ?? at.UtcDateTime.ToString("r");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Klaviyo-Signature"] = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. body.Span, .. Encoding.UTF8.GetBytes(time)])),
            ["Klaviyo-Timestamp"] = time,
        };
        if (webhookId is not null)
            headers["Klaviyo-Webhook-Id"] = webhookId;
        return new("POST", new("https://hub.example/api/webhooks/klaviyo"), headers, body);
    }
}
