using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ValueChainHub.Connectors.Shopify;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Testing.Connectors;

namespace ValueChainHub.Connectors.Tests.Shopify;

/// <summary>What the tests of this connector share.</summary>
internal static class ShopifyTests
{
    public const long OrderId = 9007199254740993001;

    public static string RecordingsFolder { get; } = Path.Combine(AppContext.BaseDirectory, "Shopify", "Recordings");

    public static IConnector Connector { get; } = Make(new() { ["WebhookSecret"] = "hush" });

    public static EntityKey Order { get; } = new("shopify", "order", "9007199254740993001");

    public static EntityKey Customer { get; } = new("shopify", "customer", "7348219056411237001");

    public static IConnector Make(Dictionary<string, string> settings, string name = "shopify") =>
        new ShopifyVendor(TimeProvider.System).Create(new ConnectorSettings(name, settings, allowLoopback: true));

    public static JsonObject Body(string recording) => JsonNode.Parse(Recording.Read(Path.Combine(RecordingsFolder, recording + ".json")).Body)!.AsObject();

    public static string TopicOf(string recording) => recording.Split('~')[0].Replace('-', '/');

    /// <summary>What a recording means, changed as the test says.</summary>
    public static Translation.Translated Translate(string recording, Action<JsonObject>? change = null, string? topic = null)
    {
        var body = Body(recording);
        change?.Invoke(body);
        return Raw(topic ?? TopicOf(recording), body.ToJsonString()).ShouldBeOfType<Translation.Translated>();
    }

    public static Translation Raw(string topic, string body) => Connector.Translate(new(
        "shopify", topic.StartsWith("graphql/", StringComparison.Ordinal) ? DeliveryKind.Fetch : DeliveryKind.Webhook, topic, new Dictionary<string, string>(), Encoding.UTF8.GetBytes(body), null));

    public static EntityChange Entity(this Translation.Translated translated, EntityKey key) => translated.Entities.Single(entity => entity.Key == key);

    public static Facet? Facet(this Translation.Translated translated, EntityKey key, string name) =>
        translated.Entities.SingleOrDefault(entity => entity.Key == key)?.Facets.SingleOrDefault(facet => facet.Name == name);

    /// <summary>The value of a register that must be there.</summary>
    public static T Value<T>(this Translation.Translated translated, EntityKey key, string facet) => ChainJson.Read<T>(translated.Facet(key, facet).ShouldNotBeNull(facet).Value);

    public static string[] Claims(this Translation.Translated translated) => [.. translated.Identity.Claims.Select(claim => $"{claim.Kind}:{claim.Value}")];

    public static string[] Finds(this Translation.Translated translated) => [.. translated.Identity.Finds.Select(find => $"{find.Kind}:{find.Value}")];

    public static WebhookRequest Signed(string? topic, string? deliveryId, ReadOnlyMemory<byte> body, string secret, params (string Name, string Value)[] others)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["X-Shopify-Hmac-Sha256"] = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body.Span)),
        };
        if (topic is not null)
            headers["X-Shopify-Topic"] = topic;
        if (deliveryId is not null)
            headers["X-Shopify-Webhook-Id"] = deliveryId;
        foreach (var (name, value) in others)
            headers[name] = value;
        return new("POST", new("https://hub.example/api/webhooks/shopify"), headers, body);
    }
}
