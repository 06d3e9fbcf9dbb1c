using System.Text.Json;

namespace ValueChainHub.Core.Reconciliation;

/// <summary>What a reconciliation or a backfill was asked for.</summary>
/// <param name="From"><c>beginning</c> for a backfill.</param>
/// <param name="Since">From this time on; unless said, from where the last one ended.</param>
public sealed record WalkAsked(string? From = null, DateTimeOffset? Since = null)
{
    public const string Beginning = "beginning";

    internal static WalkAsked Read(JsonElement request) => request.Deserialize(WalkContext.Default.WalkAsked)!;

    internal JsonElement Write() => JsonSerializer.SerializeToElement(this, WalkContext.Default.WalkAsked);
}

/// <summary>What a walk counts, in one stream or over all of them.</summary>
public abstract record WalkCounts
{
    /// <summary>Versions of things that were compared with what the hub holds.</summary>
    public long Compared { get; init; }

    /// <summary>Versions that came up since the last reconciliation, and earlier ones that turned out to be missing: what webhooks should have told.</summary>
    public long Changes { get; init; }

    /// <summary>Things the hub knew nothing of.</summary>
    public long Missing { get; init; }

    /// <summary>Things the hub knew otherwise: an older version, or other content of the same one.</summary>
    public long Different { get; init; }

    /// <summary>Of missing and different, those that were taken in.</summary>
    public long Repaired { get; init; }

    /// <summary>Differences younger than the grace time: their webhooks may be on their way. They are left for the next reconciliation.</summary>
    public long InFlight { get; init; }

    /// <summary>Versions without effect whose webhook was due: missing ones, and older ones where webhooks tell changes too, of streams that the vendor tells by webhook.</summary>
    public long Lost { get; init; }
}

/// <summary>What a walk through a vendor found so far: the sums, and each stream.</summary>
/// <remarks>
/// The unit is the version: a thing at one time of change, as the vendor shows it. A change that was followed by another one before the walk came is not seen by anybody any more, and a
/// version whose effect came by any way (its own webhook, a later one, a copy inside another body) is not lost.
/// </remarks>
public sealed record WalkReport : WalkCounts
{
    /// <summary>Lost, of ten thousand changes; null while there was no change.</summary>
    public double? LostPer10000 { get; init; }

    /// <summary>More was lost than the threshold allows.</summary>
    public bool? Alert { get; init; }

    /// <summary>Streams by name.</summary>
    public IReadOnlyDictionary<string, StreamReport> Streams { get; init => field = value ?? field; } = new Dictionary<string, StreamReport>(StringComparer.Ordinal);

    /// <summary>The vendor's webhooks; null for a backfill.</summary>
    public SubscriptionReport? Subscriptions { get; init; }

    /// <summary>Things compared in a second, since the beginning of the run.</summary>
    public double? PerSecond { get; init; }

    internal static WalkReport Read(JsonElement report) => report.Deserialize(WalkContext.Default.WalkReport)!;

    internal JsonElement Write() => JsonSerializer.SerializeToElement(this, WalkContext.Default.WalkReport);

    internal StreamReport Of(string stream) => Streams.GetValueOrDefault(stream) ?? new();

    /// <summary>With another state of one stream; the sums are those of the streams.</summary>
    internal WalkReport With(string stream, StreamReport report)
    {
        var streams = new SortedDictionary<string, StreamReport>(Streams.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal) { [stream] = report };
        long Sum(Func<StreamReport, long> count) => streams.Values.Sum(count);
        // Of what no webhook tells nothing can be lost, so its changes are no base either.
        var (lost, told) = (Sum(one => one.Lost), streams.Values.Where(one => one.IsTold).Sum(one => one.Changes));
        return this with
        {
            Compared = Sum(one => one.Compared),
            Changes = Sum(one => one.Changes),
            Missing = Sum(one => one.Missing),
            Different = Sum(one => one.Different),
            Repaired = Sum(one => one.Repaired),
            InFlight = Sum(one => one.InFlight),
            Lost = lost,
            LostPer10000 = told == 0 ? null : Math.Round(lost * 10_000d / told, 2),
            Streams = streams,
        };
    }
}

/// <summary>What a walk found in one stream.</summary>
public sealed record StreamReport : WalkCounts
{
    /// <summary>Things that could not be read: they stand in quarantine.</summary>
    public long Unreadable { get; init; }

    /// <summary>Things that are listed, and refused when they are asked for: deleted meanwhile, or not to be seen with these credentials.</summary>
    public long Refused { get; init; }

    /// <summary>Differences that an earlier walk took in already and that have had no effect: their deliveries are parked, dead or quarantined.</summary>
    public long Stuck { get; init; }

    /// <summary>The vendor tells changes of it by webhook.</summary>
    public bool IsTold { get; init; }

    /// <summary>How many things there are by the vendor's own count; null while nobody asked, and where it does not count.</summary>
    public long? Of { get; init; }

    /// <summary>What of the walked things the hub has, as far as it could be read.</summary>
    internal long Taken => Compared - Unreadable - Refused;
}
