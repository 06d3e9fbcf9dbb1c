using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ValueChainHub.Core.Intake;

/// <summary>When work that failed is tried again: the waits as data, each stretched a little so that what failed together does not come back together.</summary>
public static class RetrySchedule
{
    /// <summary>The waits between attempts. After the last the work is dead and waits for a person.</summary>
    public static IReadOnlyList<TimeSpan> Waits { get; } =
    [
        TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(6),
    ];

    /// <summary>A wait is stretched by at most this share of it.</summary>
    public const double LargestStretch = 0.25;

    /// <summary>However soon a vendor lets us come back.</summary>
    public static TimeSpan ShortestPause { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The wait after so many failed attempts; null when none is left. The same for the same work and attempt: chance would make a run that cannot be repeated.</summary>
    public static TimeSpan? After(int attempts, string id) =>
        attempts >= Waits.Count ? null : Waits[attempts] * (1 + (LargestStretch * ShareOf(id, attempts)));

    /// <summary>When to come back where the vendor may have said: its word wins, but never at once.</summary>
    public static DateTimeOffset Due(DateTimeOffset now, TimeSpan wait, DateTimeOffset? notBefore)
    {
        var (due, soonest) = (notBefore ?? now + wait, now + ShortestPause);
        return due > soonest ? due : soonest;
    }

    /// <summary>From 0 to 1, spread evenly over ids.</summary>
    private static double ShareOf(string id, int attempts) =>
        BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{id}|{attempts}"))) / (double)uint.MaxValue;
}
