using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.ShipStation;

/// <summary>Proves that a request is the vendor's: RSA-SHA256 (PKCS#1 v1.5) over <c>{timestamp}.{raw body}</c>, by the published key that the request names, within five minutes.</summary>
internal static class ShipStationSignature
{
    private const string KeyIdHeader = "x-shipengine-rsa-sha256-key-id";
    private const string SignatureHeader = "x-shipengine-rsa-sha256-signature";
    private const string TimestampHeader = "x-shipengine-timestamp";
    private const int LongestHeader = 2_000;

    /// <summary>How far the signed time may lie from ours, both edges included.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>The key that a complete request names; null for one that cannot be genuine, whatever the keys.</summary>
    public static string? KeyIdOf(WebhookRequest request) =>
        request.Header(SignatureHeader) is { Length: > 0 and <= LongestHeader } && request.Header(TimestampHeader) is { Length: > 0 and <= LongestHeader } ? request.Header(KeyIdHeader) : null;

    public static WebhookVerdict Verify(WebhookRequest request, IReadOnlyDictionary<string, RSAParameters> keys, DateTimeOffset now)
    {
        if (KeyIdOf(request) is not { } keyId)
            return Refused($"{SignatureHeader}, {TimestampHeader} or {KeyIdHeader} is missing");
        if (!keys.TryGetValue(keyId, out var key))
            return Refused($"{KeyIdHeader} names no key that the vendor publishes");
        var timestamp = request.Header(TimestampHeader)!;
        byte[] signed = [.. Encoding.UTF8.GetBytes(timestamp + "."), .. request.Body.Span];
        if (!RsaSignature.IsBase64Of(request.Header(SignatureHeader)!, key, signed))
            return Refused($"{SignatureHeader} does not match the body");

        if (!DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var signedAt))
            return new WebhookVerdict.Refused(RejectionReason.Malformed, $"{TimestampHeader} is not a time");
        if ((now - signedAt).Duration() > Window)
            return new WebhookVerdict.Refused(RejectionReason.Window, $"{TimestampHeader} is more than five minutes away");
        var id = "sha256-" + Convert.ToHexStringLower(SHA256.HashData(signed));
        return new WebhookVerdict.Genuine(id, TopicOf(request.Body), signedAt, new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The body names its topic itself. A genuine body that does not is kept all the same.</summary>
    private static string TopicOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.Text("resource_type"u8) is { } topic
                ? ShipStationTopics.Canonical(topic)
                : ShipStationTopics.Unreadable;
        }
        catch (Exception unreadable) when (unreadable is JsonException or UnreadableBodyException)
        {
            return ShipStationTopics.Unreadable;
        }
    }

    private static WebhookVerdict.Refused Refused(string detail) => new(RejectionReason.Signature, detail);
}
