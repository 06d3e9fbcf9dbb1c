using System.Security.Cryptography;

namespace ValueChainHub.Connectors.Kit;

/// <summary>RSA-SHA256 signatures (PKCS#1 v1.5) that vendors put into a header as base64 text.</summary>
internal static class RsaSignature
{
    /// <summary>Is the header the base64 text of a signature of these bytes? What a lenient decoder would accept besides is refused.</summary>
    public static bool IsBase64Of(string header, RSAParameters key, ReadOnlySpan<byte> signed)
    {
        var signature = new byte[key.Modulus!.Length];
        if (!Convert.TryFromBase64String(header, signature, out var written) || written != signature.Length || Convert.ToBase64String(signature) != header)
            return false;
        using var rsa = RSA.Create(key);
        return rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}
