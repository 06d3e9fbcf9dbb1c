using System.Security.Cryptography;
using System.Text;

namespace ValueChainHub.Hosting.Http;

/// <summary>The hub's keys. A presented key is compared in constant time with every one of them.</summary>
/// <remarks>
/// 1. No key where one is needed: <see cref="HubProblem.KeyMissing"/>; a key that is none of the hub's: <see cref="HubProblem.KeyUnknown"/>.
/// 2. A key of a lower role than needed: 403.
/// 3. The header wins over the parameter; the admin key is never taken from the parameter, whatever the operation needs.
/// </remarks>
public sealed class HubKeys
{
    public const string HeaderName = "x-functions-key";
    public const string QueryName = "code";

    // The longest key worth hashing. What is longer is none of ours, and hashing it would be work for a stranger.
    private const int LongestKey = 512;

    private readonly (byte[] Digest, HubRole Role)[] _keys;

    public HubKeys(string adminKey, string? operatorKey, string? readerKey)
    {
        (string? Key, HubRole Role)[] all = [(adminKey, HubRole.Admin), (operatorKey, HubRole.Operator), (readerKey, HubRole.Reader)];
        _keys = [.. all.Where(entry => entry.Key is not null).Select(entry => (Digest(entry.Key!), entry.Role))];
    }

    /// <summary>Null when a caller with these keys may do what needs <paramref name="needed"/>; otherwise why not. <paramref name="role"/> is the caller's.</summary>
    public HubProblem? Check(HubRole needed, string? headerKey, string? queryKey, out HubRole role)
    {
        role = HubRole.None;
        if (needed == HubRole.None)
            return null;
        var fromHeader = !string.IsNullOrEmpty(headerKey);
        var presented = fromHeader ? headerKey : queryKey;
        if (string.IsNullOrEmpty(presented))
            return HubProblem.KeyMissing;
        role = RoleOf(presented);
        if (role == HubRole.None || (role == HubRole.Admin && !fromHeader))
            return HubProblem.KeyUnknown;
        return role >= needed ? null : HubProblem.RoleTooLow(role, needed);
    }

    private HubRole RoleOf(string presented)
    {
        if (presented.Length > LongestKey)
            return HubRole.None;
        var digest = Digest(presented);
        var found = HubRole.None;
        foreach (var (known, role) in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(digest, known))
                found = role;
        }
        return found;
    }

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
