using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ValueChainHub.Sandbox.Vendors;

/// <summary>What bodies of all vendors need: bytes, amounts, times, and ids that are the same in every run.</summary>
internal static class Bodies
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Bytes(this JsonNode body) => JsonSerializer.SerializeToUtf8Bytes(body, Plain);

    /// <summary><c>12.50</c></summary>
    public static string Text(this decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary><c>2026-01-15T10:30:00Z</c></summary>
    public static string Utc(this DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary><c>2026-01-15T05:30:00-05:00</c></summary>
    public static string InZone(this DateTimeOffset time, int hours) => time.ToOffset(TimeSpan.FromHours(hours)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary>Hexadecimal digits that depend on the words alone.</summary>
    public static string Hex(int digits, params ReadOnlySpan<string> words) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('|', words!))))[..digits];

    /// <summary><c>01234567-89ab-cdef-0123-456789abcdef</c></summary>
    public static string Guid(params ReadOnlySpan<string> words) => new Guid(Convert.FromHexString(Hex(32, words))).ToString();
}
