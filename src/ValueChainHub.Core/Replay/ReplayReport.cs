using System.Text.Json.Serialization;
using ValueChainHub.Core.Chain;

namespace ValueChainHub.Core.Replay;

/// <summary>What a replay would do, or has done so far: the same shape for both, so that they can be compared.</summary>
/// <remarks>The serializer sets what it does not find to null; a list is empty then.</remarks>
public sealed record ReplayReport
{
    /// <summary>Writes listed one by one; all of them are counted.</summary>
    public const int MostListed = 200;

    /// <summary>What the filter fits: deliveries, a customer, dead letters, or events.</summary>
    public long Matched { get; init; }

    /// <summary>Deliveries that fit and whose first fold is still on its way: left alone.</summary>
    public long Pending { get; init; }

    /// <summary>Deliveries that could not be read or folded, or state nothing: they stay as they are.</summary>
    public long Unread { get; init; }

    /// <summary>Deliveries that were stuck and are applied.</summary>
    public long Recovered { get; init; }

    /// <summary>Chain events that were not there before.</summary>
    public long NewEvents { get; init; }

    /// <summary>Chain events that were there already, and stay as they are.</summary>
    public long SuppressedEvents { get; init; }

    /// <summary>Customers whose record is concerned, each once up to twenty thousand.</summary>
    public long Records { get; init; }

    /// <summary>Writes by destination.</summary>
    public IReadOnlyDictionary<string, long> Writes { get; init => field = value ?? new SortedDictionary<string, long>(StringComparer.Ordinal); } = new SortedDictionary<string, long>(StringComparer.Ordinal);

    /// <summary>What a destination has already, and is not told again.</summary>
    public long SuppressedWrites { get; init; }

    /// <summary>The first two hundred writes.</summary>
    public IReadOnlyList<ReplayWrite> Listed { get; init => field = value ?? []; } = [];

    internal ReplayReport With(ReplayWrite write) => this with
    {
        Writes = new SortedDictionary<string, long>(Writes.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal) { [write.Destination] = Writes.GetValueOrDefault(write.Destination) + 1 },
        Listed = Listed.Count < MostListed ? [.. Listed, write] : Listed,
    };
}

/// <summary>One write.</summary>
/// <param name="Destination">Who is told.</param>
/// <param name="Target">The customer, the event, or the dead letter.</param>
/// <param name="What">What is told: <c>customer</c>, <c>consent</c> or <c>tags</c> and which, <c>event</c>, <c>task</c>.</param>
/// <param name="Digest">Of what is told, where that is a state.</param>
public sealed record ReplayWrite(string Destination, string Target, string What, string? Digest);

/// <summary>Where a replay's next step begins.</summary>
internal sealed record ReplayPosition
{
    /// <summary>Deliveries are folded in a first walk; destinations are told in a second one.</summary>
    public bool IsTelling { get; init; }

    /// <summary>Nothing is left.</summary>
    public bool IsDone { get; init; }

    /// <summary>Why it cannot go on.</summary>
    public string? Fault { get; init; }

    /// <summary>Where the walk is, in its own words; null at its beginning.</summary>
    public string? After { get; init; }

    /// <summary>What the last look found is to be done, before the walk goes on. It is counted already.</summary>
    public IReadOnlyList<ReplayAct>? Acts { get; init; }

    /// <summary>Where the walk goes on then; null when it ends.</summary>
    public string? Next { get; init; }

    /// <summary>The profiles of the customer that the replay is about, as they were when it began.</summary>
    public IReadOnlyList<string>? Profiles { get; init; }

    /// <summary>Customers that were looked at: the first characters of their ids.</summary>
    public IReadOnlyList<string> Seen { get; init => field = value ?? []; } = [];

    /// <summary>How often a plan has begun anew, because the process that held it is gone.</summary>
    public int Begun { get; init; }
}

/// <summary>Something to be put in a destination's line.</summary>
/// <param name="Destination">Whose line.</param>
/// <param name="Target">The customer, the dead entry, or the item of the event.</param>
/// <param name="Partition">For an event: where its item is.</param>
internal sealed record ReplayAct(string Destination, string Target, string? Partition = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.Unspecified,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeJsonConverter)])]
[JsonSerializable(typeof(ReplayRequest))]
[JsonSerializable(typeof(ReplayReport))]
[JsonSerializable(typeof(ReplayPosition))]
internal sealed partial class ReplayContext : JsonSerializerContext;
