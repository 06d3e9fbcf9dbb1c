using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ValueChainHub.Sandbox.Wire;

/// <summary>Chance that depends on the seed and on what is thrown for, never on when: two runs of one seed meet the same fate, however their threads race.</summary>
public sealed class Dice(int seed)
{
    /// <summary>A number from 0 up to and not including 1.</summary>
    public double Throw(params ReadOnlySpan<string> what)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{seed}|{string.Join('|', what!)}")));
        return (BinaryPrimitives.ReadUInt64LittleEndian(digest) >> 11) * (1.0 / (1UL << 53));
    }

    public bool Falls(double probability, params ReadOnlySpan<string> what) => Throw(what) < probability;
}
