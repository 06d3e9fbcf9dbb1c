using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ValueChainHub.EndToEnd.Tests.Support;

/// <summary>A webhook as Shopify sends it.</summary>
/// <param name="Topic">What happened.</param>
/// <param name="Body">The raw bytes.</param>
/// <param name="Id">Shopify's id of the delivery.</param>
/// <param name="Connector">The connector it is sent to.</param>
internal sealed record Webhook(string Topic, byte[] Body, string Id, string Connector = Webhook.Shop)
{
    public const string Shop = "shopify";
    public const string OtherShop = "shopify-eu";
    private static long _made;

    public Webhook(string topic, JsonNode body, string connector = Shop)
        : this(topic, Encoding.UTF8.GetBytes(body.ToJsonString()), $"wh-{Interlocked.Increment(ref _made)}", connector)
    {
    }

    public static string Sign(ReadOnlySpan<byte> body, string secret) => Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    /// <summary>The request; signed with the secret unless another signature is given, and with none when that is empty.</summary>
    public HttpRequestMessage Request(string secret, string? signature = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/webhooks/" + Connector) { Content = new ByteArrayContent(Body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-Shopify-Topic", Topic);
        request.Headers.Add("X-Shopify-Webhook-Id", Id);
        request.Headers.Add("X-Shopify-API-Version", "2026-07");
        signature ??= Sign(Body, secret);
        if (signature.Length > 0)
            request.Headers.TryAddWithoutValidation("X-Shopify-Hmac-Sha256", signature);
        return request;
    }
}
