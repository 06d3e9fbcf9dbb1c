using System.Text.Json;
using System.Text.Json.Serialization;

namespace ValueChainHub.Core.Reconciliation;

/// <summary>Where a walk through the streams of a vendor stands.</summary>
internal sealed record WalkPosition
{
    /// <summary>The webhooks have been looked at.</summary>
    public bool IsWatched { get; init; }

    /// <summary>Which stream it is in, counted from 0.</summary>
    public int Stream { get; init; }

    /// <summary>The vendor was asked how many things the stream has.</summary>
    public bool IsCounted { get; init; }

    /// <summary>Where the walk of this stream began; null before it has, and for a backfill.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Up to where the walk before this one had settled what changed; null where there was none.</summary>
    public DateTimeOffset? SettledBefore { get; init; }

    /// <summary>The page that is looked at next, or whose rest is to be repaired.</summary>
    public string? Cursor { get; init; }

    /// <summary>A page that was looked at and counted, and not yet repaired to the end.</summary>
    public LookedAt? Page { get; init; }

    /// <summary>What was seen last, by id and time: where a vendor's list begins anew it comes again, and does not count again.</summary>
    public IReadOnlyList<string> Recent { get; init => field = value ?? []; } = [];

    /// <summary>The stream was walked to its end, and is counted.</summary>
    public bool IsAtEnd { get; init; }

    /// <summary>How often the end was looked behind for what the vendor has more.</summary>
    public int Tails { get; init; }

    public static WalkPosition Read(JsonElement? position) => position is { } written ? written.Deserialize(WalkContext.Default.WalkPosition)! : new();

    public JsonElement Write() => JsonSerializer.SerializeToElement(this, WalkContext.Default.WalkPosition);
}

/// <summary>A page that was looked at.</summary>
/// <param name="Repairs">What is still to be repaired of it.</param>
/// <param name="Next">The cursor of the page after it.</param>
/// <param name="HasMore">There is a page after it.</param>
internal sealed record LookedAt(IReadOnlyList<Repair> Repairs, string? Next, bool HasMore);

/// <summary>A thing to be repaired. What is only pointed at is fetched by its resource; the rest is read from its page again.</summary>
internal sealed record Repair(string Tag, string AnswerId, string? Resource);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WalkPosition))]
[JsonSerializable(typeof(WalkReport))]
[JsonSerializable(typeof(WalkAsked))]
[JsonSerializable(typeof(Settled))]
[JsonSerializable(typeof(LastWalk))]
[JsonSerializable(typeof(SeenTopics))]
internal sealed partial class WalkContext : JsonSerializerContext;
