using System.Buffers.Text;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;

namespace ValueChainHub.Connectors.Kit;

/// <summary>RSA keys for signatures as a vendor publishes them (RFC 7517), by <c>kid</c>.</summary>
internal static class JsonWebKeys
{
    private const int ShortestModulus = 2048 / 8;
    private const int LongestModulus = 8192 / 8;

    public static FrozenDictionary<string, RSAParameters> None { get; } = FrozenDictionary<string, RSAParameters>.Empty;

    /// <summary>The keys that may verify RSA-SHA256; others are left out. Null when the text is no key set.</summary>
    public static FrozenDictionary<string, RSAParameters>? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.Has("keys"u8))
                return null;
            var keys = new Dictionary<string, RSAParameters>(StringComparer.Ordinal);
            foreach (var key in document.RootElement.Objects("keys"u8))
            {
                if (key.Text("kid"u8) is { } kid && ReadKey(key) is { } parameters)
                    keys[kid] = parameters;
            }
            return keys.ToFrozenDictionary(StringComparer.Ordinal);
        }
        catch (Exception unreadable) when (unreadable is JsonException or UnreadableBodyException)
        {
            return null;
        }
    }

    private static RSAParameters? ReadKey(JsonElement key)
    {
        var isForSignatures = key.Text("kty"u8) == "RSA" && key.Text("use"u8) is null or "sig" && key.Text("alg"u8) is null or "RS256";
        if (!isForSignatures || Decode(key.Text("n"u8)) is not { Length: >= ShortestModulus and <= LongestModulus } modulus || Decode(key.Text("e"u8)) is not { Length: > 0 and <= 8 } exponent)
            return null;
        return new RSAParameters { Modulus = modulus, Exponent = exponent };
    }

    private static byte[]? Decode(string? text)
    {
        if (text is null || !Base64Url.IsValid(text))
            return null;
        return Base64Url.DecodeFromChars(text).AsSpan().TrimStart((byte)0).ToArray();
    }
}
