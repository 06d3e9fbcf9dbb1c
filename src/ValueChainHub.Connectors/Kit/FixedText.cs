using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ValueChainHub.Connectors.Kit;

/// <summary>Compares what came in with what must be there, in a time that says nothing of where they differ.</summary>
internal static class FixedText
{
    /// <summary>The same characters, and no others that merely mean the same. Hashed first, so that not even the length shows.</summary>
    public static bool AreEqual(string given, string expected)
    {
        Span<byte> one = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> other = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(given.AsSpan()), one);
        SHA256.HashData(MemoryMarshal.AsBytes(expected.AsSpan()), other);
        return CryptographicOperations.FixedTimeEquals(one, other);
    }
}
