using System.Security.Cryptography;

namespace ValueChainHub.Connectors.Kit;

/// <summary>HMAC signatures that vendors put into a header as hex text, some with the name of the hash before it (<c>sha256=</c>).</summary>
internal static class HexSignature
{
    /// <summary>Is the header exactly the prefix and the lower-case hex of the HMAC over both parts, one after the other? For vendors that sign a time: the body, then its text, or the other way round.</summary>
    public static bool IsOf(string header, string prefix, HashAlgorithmName hash, ReadOnlySpan<byte> key, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> then = default)
    {
        using var hmac = IncrementalHash.CreateHMAC(hash, key);
        hmac.AppendData(signed);
        hmac.AppendData(then);
        return FixedText.AreEqual(header, prefix + Convert.ToHexStringLower(hmac.GetHashAndReset()));
    }
}
