using System.Security.Cryptography;
using System.Text;

namespace ValueChainHub.Connectors.Kit;

/// <summary>A text that only the vendor and the hub know, sent as it is: a Basic credential, a static header.</summary>
/// <remarks>Kept and compared as its hash, so that neither the time a comparison takes nor a printed object says anything about it, its length included.</remarks>
internal sealed class SharedSecret(string text)
{
    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>What the header <c>Authorization</c> holds for this user and password.</summary>
    public static SharedSecret Basic(string user, string password) => new(BasicHeader(user, password));

    public static string BasicHeader(string user, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    /// <summary>Exactly this text, compared in fixed time; no other spelling of it is taken.</summary>
    public bool Is(string given)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(given), hash);
        return CryptographicOperations.FixedTimeEquals(hash, _hash);
    }
}
