using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ValueChainHub.Connectors.ShipStation;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Testing.Connectors;

namespace ValueChainHub.Connectors.Tests.ShipStation;

/// <summary>What the tests of this connector share.</summary>
internal static class ShipStationTests
{
    public const string Number = "1Z0W7H770312345678";

    public static EntityKey Parcel { get; } = new("parcel", "tracking", "ups-" + Number);

    public static string RecordingsFolder { get; } = Path.Combine(AppContext.BaseDirectory, "ShipStation", "Recordings");

    public static IConnector Connector { get; } = Make([]);

    public static IConnector Make(Dictionary<string, string> settings, HttpMessageHandler? wire = null, TimeProvider? time = null, bool allowLoopback = true) =>
        ShipStationVendor.ShipStation(time ?? TimeProvider.System, wire is null ? null : _ => wire).Create(new ConnectorSettings("shipstation", settings, allowLoopback));

    public static JsonObject Body(string recording) => JsonNode.Parse(Recording.Read(Path.Combine(RecordingsFolder, recording + ".json")).Body)!.AsObject();

    public static Translation Raw(string topic, string body, DateTimeOffset? signedAt = null, IConnector? connector = null) => (connector ?? Connector).Translate(new(
        "shipstation", topic.StartsWith("fetched/", StringComparison.Ordinal) ? DeliveryKind.Fetch : DeliveryKind.Webhook, topic, new Dictionary<string, string>(), Encoding.UTF8.GetBytes(body), signedAt));

    /// <summary>What a recording means, changed as the test says.</summary>
    public static Translation.Translated Translate(string recording, Action<JsonObject>? change = null, DateTimeOffset? signedAt = null)
    {
        var body = Body(recording);
        change?.Invoke(body);
        return Raw(recording.Split('~')[0].Replace('-', '/'), body.ToJsonString(), signedAt).ShouldBeOfType<Translation.Translated>();
    }

    public static Facet? Facet(this Translation.Translated translated, EntityKey key, string name) =>
        translated.Entities.SingleOrDefault(entity => entity.Key == key)?.Facets.SingleOrDefault(facet => facet.Name == name);

    public static WebhookRequest Signed(RSA key, string keyId, string timestamp, ReadOnlyMemory<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(timestamp + "."), .. body.Span];
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["X-ShipEngine-RSA-SHA256-Key-Id"] = keyId,
            ["X-ShipEngine-Timestamp"] = timestamp,
            ["X-ShipEngine-RSA-SHA256-Signature"] = Convert.ToBase64String(key.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
        };
        return new("POST", new("https://hub.example/api/webhooks/shipstation"), headers, body);
    }

    public static string At(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The vendor at the wire: its published keys, and resources by their paths.</summary>
internal sealed class VendorAtTheWire : HttpMessageHandler
{
    public static RSA Present { get; } = RSA.Create(2048);

    public static RSA Previous { get; } = RSA.Create(2048);

    /// <summary>A key that is never published.</summary>
    public static RSA Other { get; } = RSA.Create(2048);

    public Dictionary<string, RSA> Keys { get; } = new(StringComparer.Ordinal) { ["key-1"] = Present, ["key-2"] = Previous };

    /// <summary>Answers by path and query.</summary>
    public Dictionary<string, string> Resources { get; } = new(StringComparer.Ordinal);

    /// <summary>What answers everything instead.</summary>
    public Func<HttpResponseMessage>? Answer { get; set; }

    public Exception? Fault { get; set; }

    public int Asked { get; private set; }

    public HttpRequestMessage? Request { get; private set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        (Asked, Request) = (Asked + 1, request);
        if (Fault is not null)
            throw Fault;
        return Task.FromResult(Answer?.Invoke() ?? AnswerOf(request.RequestUri!));
    }

    private HttpResponseMessage AnswerOf(Uri uri)
    {
        if (uri.AbsolutePath.StartsWith("/jwks", StringComparison.Ordinal))
            return Json(KeySet(uri.AbsolutePath == "/jwks/present" ? Keys.Where(key => key.Key == "key-1") : Keys));
        return Resources.TryGetValue(uri.PathAndQuery, out var body) ? Json(body) : new(HttpStatusCode.NotFound);
    }

    private static HttpResponseMessage Json(string body) => new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private static string KeySet(IEnumerable<KeyValuePair<string, RSA>> keys) =>
        new JsonObject { ["keys"] = new JsonArray([.. keys.Select(key => Key(key.Key, key.Value.ExportParameters(false)))]) }.ToJsonString();

    private static JsonNode Key(string id, RSAParameters key) => new JsonObject
    {
        ["kty"] = "RSA",
        ["use"] = "sig",
        ["alg"] = "RS256",
        ["kid"] = id,
        ["n"] = Base64Url.EncodeToString(key.Modulus),
        ["e"] = Base64Url.EncodeToString(key.Exponent),
    };
}
