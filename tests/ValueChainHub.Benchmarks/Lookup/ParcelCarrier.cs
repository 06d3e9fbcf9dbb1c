using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ValueChainHub.Benchmarks.Lookup;

/// <summary>ShipStation at the wire: publishes its key, and signs what it says of parcels.</summary>
internal sealed class ParcelCarrier : IAsyncDisposable
{
    private const string KeyId = "lookup-key";
    private readonly RSA _key = RSA.Create(2048);
    private readonly WebApplication _app;

    private ParcelCarrier(WebApplication app) => _app = app;

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Hub__AllowLoopbackVendors"] = "true",
        ["Connectors__shipstation__JwksUrl"] = _app.Urls.First() + "/jwks",
    };

    public static async Task<ParcelCarrier> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var carrier = new ParcelCarrier(builder.Build());
        carrier._app.MapGet("/jwks", (HttpContext context) => context.Response.WriteAsync(carrier.PublishedKeys()));
        await carrier._app.StartAsync(cancellationToken);
        return carrier;
    }

    public HttpRequestMessage Delivered(string trackingNumber)
    {
        var body = Encoding.UTF8.GetBytes($$$"""
            {"resource_url":"https://api.shipstation.com/v2/labels/se-1/track","resource_type":"TRACK_EVENT_V2",
             "data":{"tracking_number":"{{{trackingNumber}}}","carrier_code":"ups","status_code":"DE","status_description":"Delivered","actual_delivery_date":"2026-02-14T16:30:00Z",
             "events":[{"occurred_at":"2026-02-14T16:30:00Z","status_code":"DE","description":"Delivered"}]}}
            """);
        var time = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes(time + "."), .. body];
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/webhooks/shipstation") { Content = new ByteArrayContent(body) };
        request.Headers.Add("x-shipengine-timestamp", time);
        request.Headers.Add("x-shipengine-rsa-sha256-key-id", KeyId);
        request.Headers.TryAddWithoutValidation("x-shipengine-rsa-sha256-signature", Convert.ToBase64String(_key.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
        return request;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private string PublishedKeys()
    {
        var key = _key.ExportParameters(includePrivateParameters: false);
        return $$$"""{"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"{{{KeyId}}}","n":"{{{Base64Url.EncodeToString(key.Modulus)}}}","e":"{{{Base64Url.EncodeToString(key.Exponent)}}}"}]}""";
    }
}
