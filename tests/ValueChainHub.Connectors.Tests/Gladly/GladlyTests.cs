using System.Text;
using System.Text.Json.Nodes;
using ValueChainHub.Connectors.Gladly;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Testing.Connectors;

namespace ValueChainHub.Connectors.Tests.Gladly;

/// <summary>What the tests of this connector share.</summary>
internal static class GladlyTests
{
    public const string CustomerId = "q3Vn0-TestCustomer_AAA";
    public const string OtherCustomerId = "b7Xk2-TestCustomer_BBB";

    public static string RecordingsFolder { get; } = Path.Combine(AppContext.BaseDirectory, "Gladly", "Recordings");

    public static GladlyConnector Connector { get; } = Make(new() { ["WebhookUser"] = "hub", ["WebhookPassword"] = "hush-hush" });

    public static EntityKey Customer { get; } = new("gladly", "customer", CustomerId);

    public static EntityKey Conversation { get; } = new("gladly", "conversation", "v9Conv-Test_00000000A");

    public static EntityKey OtherConversation { get; } = new("gladly", "conversation", "v9Conv-Test_00000000B");

    public static GladlyConnector Make(Dictionary<string, string> settings, string name = "gladly") =>
        (GladlyConnector)new GladlyVendor(TimeProvider.System).Create(new ConnectorSettings(name, settings, allowLoopback: true));

    public static JsonObject Body(string recording) => JsonNode.Parse(Recording.Read(Path.Combine(RecordingsFolder, recording + ".json")).Body)!.AsObject();

    public static Translation.Translated Translate(string recording, Action<JsonObject>? change = null)
    {
        var body = Body(recording);
        change?.Invoke(body);
        return Raw(recording.Split('~')[0].Replace('-', '/'), body.ToJsonString()).ShouldBeOfType<Translation.Translated>();
    }

    public static Translation Raw(string topic, string body) => Connector.Translate(new("gladly", KindOf(topic), topic, new Dictionary<string, string>(), Encoding.UTF8.GetBytes(body), null));

    public static DeliveryKind KindOf(string topic) => topic.StartsWith("rest/", StringComparison.Ordinal) ? DeliveryKind.Fetch : DeliveryKind.Webhook;

    public static Facet? Facet(this Translation.Translated translated, EntityKey key, string name) =>
        translated.Entities.SingleOrDefault(entity => entity.Key == key)?.Facets.SingleOrDefault(facet => facet.Name == name);

    /// <summary>The value of a register that must be there.</summary>
    public static T Value<T>(this Translation.Translated translated, EntityKey key, string facet) => ChainJson.Read<T>(translated.Facet(key, facet).ShouldNotBeNull(facet).Value);

    public static string[] Claims(this Translation.Translated translated) => [.. translated.Identity.Claims.Select(claim => $"{claim.Kind}:{claim.Value}")];

    public static string[] Finds(this Translation.Translated translated) => [.. translated.Identity.Finds.Select(find => $"{find.Kind}:{find.Value}")];

    public static string[] Fetches(this Translation.Translated translated) => [.. translated.Fetches.Select(fetch => fetch.Resource)];

    public static WebhookRequest Sent(ReadOnlyMemory<byte> body, params (string Name, string Value)[] headers) =>
        new("POST", new("https://hub.example/api/webhooks/gladly"), headers.ToDictionary(header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase), body);

    public static string Basic(string user, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
}
