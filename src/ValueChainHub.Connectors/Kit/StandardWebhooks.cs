using System.Text;

namespace ValueChainHub.Connectors.Kit;

/// <summary>Standard Webhooks: HMAC-SHA256 over <c>{id}.{timestamp}.{body}</c>, as one of several signatures in a header.</summary>
internal static class StandardWebhooks
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    private const string SecretStart = "whsec_";
    private const string Version = "v1,";

    /// <summary>The key in a secret <c>whsec_{base64}</c>; null when it holds none. Vendors that use their secret as text have no need of it.</summary>
    public static byte[]? KeyOf(string secret)
    {
        var text = secret.StartsWith(SecretStart, StringComparison.Ordinal) ? secret[SecretStart.Length..] : secret;
        var key = new byte[text.Length];
        return Convert.TryFromBase64String(text, key, out var length) && length > 0 ? key[..length] : null;
    }

    /// <summary>Does one of the signatures, which stand apart by one space, sign exactly these? Versions other than ours are passed over. The time's window is the caller's (<see cref="SignedTime"/>).</summary>
    public static bool IsSigned(string signatures, ReadOnlySpan<byte> key, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var isSigned = false;
        foreach (var part in signatures.Split(' '))
        {
            if (part.Length == 0)
                return false;
            if (part.StartsWith(Version, StringComparison.Ordinal))
                isSigned |= HmacSignature.IsBase64Of(part[Version.Length..], key, signed);
        }
        return isSigned;
    }
}
