using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using ValueChainHub.Core.Chain;

namespace ValueChainHub.Core.Identity;

/// <summary>Ids derived from content by a key of the hub: equal content, equal id; without the key nobody can test a guess (DESIGN 4).</summary>
public sealed class DerivedIds(byte[] key)
{
    private const string OwnHome = "own-";

    private readonly byte[] _key = key.Length >= 16 ? key : throw new ArgumentException("The id key needs at least 16 bytes.", nameof(key));

    /// <summary>The id of an identifier. It is at once the partition of the identifier, the id of the profile anchored in it, and the id of the customer whose strongest identifier it is.</summary>
    public string Of(Identifier identifier) => Hash('i', identifier.Kind, identifier.Value);

    /// <summary>The partition of an entity's home record.</summary>
    public string OfEntity(EntityKey key) => Hash('e', key.Connector, key.Type, key.Id);

    /// <summary>The partition of an entity that lives by itself.</summary>
    public string OfOwnHome(EntityKey key) => OwnHome + OfEntity(key);

    /// <summary>Whether a partition is that of an entity that lives by itself, and not a profile's.</summary>
    public static bool IsOwnHome(string partition) => partition.StartsWith(OwnHome, StringComparison.Ordinal);

    /// <summary>The partition of a reference such as an order number.</summary>
    public string OfReference(string kind, string value) => "ref-" + Hash('r', kind, value);

    /// <summary>The id of a chain event: type, subject, the vendor's time and the content. Twins collapse; changed content is another event.</summary>
    public string OfEvent(ChainEventDraft draft) =>
        Hash('v', draft.Type, draft.Subject.ToString(), draft.Time?.UtcTicks.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "", draft.Data);

    /// <summary>The id of an event about identity, of the parts that make it one.</summary>
    public string OfNotice(string type, params ReadOnlySpan<string> parts) => Hash('n', [type, .. parts]);

    private string Hash(char space, params ReadOnlySpan<string> parts)
    {
        var length = 1;
        foreach (var part in parts)
            length += Encoding.UTF8.GetMaxByteCount(part.Length) + 1;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            rented[0] = (byte)space;
            var written = 1;
            foreach (var part in parts)
            {
                written += Encoding.UTF8.GetBytes(part, rented.AsSpan(written));
                rented[written++] = 0;
            }
            Span<byte> digest = stackalloc byte[32];
            HMACSHA256.HashData(_key, rented.AsSpan(0, written), digest);
            return Convert.ToHexStringLower(digest[..16]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }
}
