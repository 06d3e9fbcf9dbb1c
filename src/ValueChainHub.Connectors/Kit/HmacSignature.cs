using System.Security.Cryptography;
using System.Text;

namespace ValueChainHub.Connectors.Kit;

/// <summary>HMAC-SHA256 signatures that vendors put into a header as base64 text.</summary>
internal static class HmacSignature
{
    private const int TextLength = 44;

    /// <summary>The base64 text that a vendor with this key writes for these bytes.</summary>
    public static string Base64(ReadOnlySpan<byte> key, ReadOnlySpan<byte> signed)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, signed, hash);
        return Convert.ToBase64String(hash);
    }

    /// <summary>Is the header exactly the expected text? Compared in fixed time, as text: what a lenient decoder would accept besides is refused.</summary>
    public static bool IsBase64Of(string header, ReadOnlySpan<byte> key, ReadOnlySpan<byte> signed)
    {
        if (header.Length != TextLength)
            return false;
        Span<byte> given = stackalloc byte[TextLength];
        Span<byte> expected = stackalloc byte[TextLength];
        if (!Encoding.ASCII.TryGetBytes(header, given, out var written) || written != TextLength || !System.Text.Ascii.IsValid(header))
            return false;
        Encoding.ASCII.GetBytes(Base64(key, signed), expected);
        return CryptographicOperations.FixedTimeEquals(given, expected);
    }
}
