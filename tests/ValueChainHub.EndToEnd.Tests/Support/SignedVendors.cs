using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ValueChainHub.EndToEnd.Tests.Support;

/// <summary>Bodies signed as the vendors beside Shopify sign them, at one moment, with the settings that make a hub believe them. Publishes the key of ShipStation.</summary>
internal sealed class SignedVendors : IAsyncDisposable
{
    private const string DeskPassword = "canary-desk-password";
    private const string LookupKey = "canary-lookup-signing-key";
    private const string LookupPath = "/api/lookup/gladly";
    private const string KlaviyoSecret = "canary-klaviyo-secret";
    private const string KeyId = "key-1";

    private readonly RSA _key = RSA.Create(2048);
    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;
    private readonly WebApplication _app;

    private SignedVendors(WebApplication app) => _app = app;

    /// <summary>A hub with all vendors.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Hub:AllowLoopbackVendors"] = "true",
        ["Connectors:gladly:WebhookUser"] = "hub",
        ["Connectors:gladly:WebhookPassword"] = DeskPassword,
        ["Connectors:gladly:LookupSigningKey"] = LookupKey,
        ["Connectors:klaviyo:WebhookSecret"] = KlaviyoSecret,
        ["Connectors:shipstation:JwksUrl"] = _app.Urls.First() + "/jwks",
        ["Connectors:shipengine:JwksUrl"] = _app.Urls.First() + "/jwks",
    };

    public static async Task<SignedVendors> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var vendors = new SignedVendors(builder.Build());
        vendors._app.MapGet("/jwks", (HttpContext context) => context.Response.WriteAsync(vendors.PublishedKeys()));
        await vendors._app.StartAsync(TestContext.Current.CancellationToken);
        return vendors;
    }

    public static HttpRequestMessage Gladly(byte[] body) =>
        To("gladly", body, ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("hub:" + DeskPassword))));

    public static HttpRequestMessage Gladly(string id, string type, JsonNode content) =>
        Gladly(Encoding.UTF8.GetBytes(new JsonObject { ["id"] = id, ["type"] = type, ["timestamp"] = "2026-03-02T09:00:00Z", ["content"] = content }.ToJsonString()));

    /// <summary>Gladly asks who somebody is.</summary>
    public static HttpRequestMessage Lookup(JsonNode lookup)
    {
        var (body, stamp) = (lookup.ToJsonString(), DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        var normalized = $"POST\n{LookupPath}\n\ngladly-time:{stamp}\n\ngladly-time\n{Hash(body)}";
        var day = HMACSHA256.HashData(Encoding.UTF8.GetBytes(LookupKey), Encoding.UTF8.GetBytes(stamp[..8]));
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(day, Encoding.UTF8.GetBytes($"hmac-sha256\n{stamp}\n{Hash(normalized)}")));
        var request = new HttpRequestMessage(HttpMethod.Post, LookupPath) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Gladly-Time", stamp);
        request.Headers.TryAddWithoutValidation("Gladly-Authorization", $"SigningAlgorithm=hmac-sha256, SignedHeaders=gladly-time, Signature={signature}");
        return request;

        static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    public HttpRequestMessage Klaviyo(byte[] body)
    {
        var time = _now.UtcDateTime.ToString("R", CultureInfo.InvariantCulture);
        byte[] signed = [.. body, .. Encoding.UTF8.GetBytes(time)];
        return To(
            "klaviyo", body,
            ("Klaviyo-Timestamp", time),
            ("Klaviyo-Webhook-Id", JsonNode.Parse(body)!["meta"]!["klaviyo_webhook_id"]!.GetValue<string>()),
            ("Klaviyo-Signature", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(KlaviyoSecret), signed))));
    }

    /// <param name="connector"><c>shipstation</c> or <c>shipengine</c>.</param>
    /// <param name="body">The raw bytes.</param>
    public HttpRequestMessage ShipStation(string connector, byte[] body)
    {
        var time = _now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes(time + "."), .. body];
        return To(
            connector, body,
            ("x-shipengine-timestamp", time),
            ("x-shipengine-rsa-sha256-key-id", KeyId),
            ("x-shipengine-rsa-sha256-signature", Convert.ToBase64String(_key.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))));
    }

    /// <summary>ShipStation says where a parcel of UPS is.</summary>
    public HttpRequestMessage Tracking(string number, string statusCode, string at) => ShipStation("shipstation", Encoding.UTF8.GetBytes(new JsonObject
    {
        ["resource_url"] = "https://api.shipstation.com/v2/labels/se-1/track",
        ["resource_type"] = "TRACK_EVENT_V2",
        ["data"] = new JsonObject
        {
            ["tracking_number"] = number,
            ["carrier_code"] = "ups",
            ["status_code"] = statusCode,
            ["actual_delivery_date"] = statusCode == "DE" ? at : null,
            ["events"] = new JsonArray(new JsonObject { ["occurred_at"] = at, ["status_code"] = statusCode }),
        },
    }.ToJsonString()));

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private string PublishedKeys()
    {
        var key = _key.ExportParameters(includePrivateParameters: false);
        var published = new JsonObject
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["alg"] = "RS256",
            ["kid"] = KeyId,
            ["n"] = Base64Url.EncodeToString(key.Modulus),
            ["e"] = Base64Url.EncodeToString(key.Exponent),
        };
        return new JsonObject { ["keys"] = new JsonArray(published) }.ToJsonString();
    }

    private static HttpRequestMessage To(string connector, byte[] body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/webhooks/" + connector) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
