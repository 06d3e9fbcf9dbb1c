using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace ValueChainHub.CosmosWire.Store;

/// <summary>The place of a partition key among the ranges: hash version 2, as upper-case hexadecimal.</summary>
/// <remarks>Check value, seen in the SDK's own requests: "t1" gives 3D48BB14DA9D090D22112C96695028B6.</remarks>
internal static class EffectivePartitionKey
{
    private const byte StringMarker = 0x08;
    private const byte EndOfComponent = 0xFF;

    public static string Of(string partitionKey)
    {
        byte[] component = [StringMarker, .. Encoding.UTF8.GetBytes(partitionKey), EndOfComponent];
        var (low, high) = Murmur3(component);
        Span<byte> hash = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(hash, high);
        BinaryPrimitives.WriteUInt64BigEndian(hash[8..], low);
        hash[0] &= 0x3F;
        return Convert.ToHexString(hash);
    }

    /// <summary>MurmurHash3, x64, 128 bits, seed 0.</summary>
    private static (ulong Low, ulong High) Murmur3(ReadOnlySpan<byte> data)
    {
        ulong low = 0, high = 0;
        var rest = data;
        for (; rest.Length >= 16; rest = rest[16..])
        {
            low = BitOperations.RotateLeft(low ^ MixLow(BinaryPrimitives.ReadUInt64LittleEndian(rest)), 27) + high;
            low = low * 5 + 0x52dce729;
            high = BitOperations.RotateLeft(high ^ MixHigh(BinaryPrimitives.ReadUInt64LittleEndian(rest[8..])), 31) + low;
            high = high * 5 + 0x38495ab5;
        }

        Span<byte> tail = stackalloc byte[16];
        rest.CopyTo(tail);
        high ^= MixHigh(BinaryPrimitives.ReadUInt64LittleEndian(tail[8..]));
        low ^= MixLow(BinaryPrimitives.ReadUInt64LittleEndian(tail));
        return Finish(low ^ (ulong)data.Length, high ^ (ulong)data.Length);
    }

    private static (ulong Low, ulong High) Finish(ulong low, ulong high)
    {
        low += high;
        high += low;
        (low, high) = (Avalanche(low), Avalanche(high));
        low += high;
        return (low, high + low);
    }

    private static ulong MixLow(ulong word) => BitOperations.RotateLeft(word * 0x87c37b91114253d5, 31) * 0x4cf5ad432745937f;

    private static ulong MixHigh(ulong word) => BitOperations.RotateLeft(word * 0x4cf5ad432745937f, 33) * 0x87c37b91114253d5;

    private static ulong Avalanche(ulong word)
    {
        word = (word ^ (word >> 33)) * 0xff51afd7ed558ccd;
        word = (word ^ (word >> 33)) * 0xc4ceb9fe1a85ec53;
        return word ^ (word >> 33);
    }
}
