using System.Text.Json;
using System.Text.Json.Serialization;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Delivery;

namespace ValueChainHub.Core.Drift;

/// <summary>What a drift run is asked for. With <paramref name="Undo"/>: to put back what that run has overwritten. Otherwise to compare, and unless it is a <paramref name="Plan"/> to repair.</summary>
public sealed record DriftRequest(bool Plan, string? Undo);

/// <summary>What came of a drift run so far.</summary>
/// <param name="Compared">Customers whose accounts were compared.</param>
/// <param name="Pending">Customers left out because something is on its way to them: not drift, but not there yet.</param>
/// <param name="Missing">Accounts that the destination does not have any more.</param>
/// <param name="Unread">Accounts that the destination refused to show.</param>
/// <param name="Drifted">Customers with at least one field that differs.</param>
/// <param name="Fields">Fields that differ, by name.</param>
/// <param name="Outcomes">What was done about them, by <see cref="DriftOutcomes"/>.</param>
public sealed record DriftReport(
    long Compared, long Pending, long Missing, long Unread, long Drifted, IReadOnlyDictionary<string, long> Fields, IReadOnlyDictionary<string, long> Outcomes)
{
    public static DriftReport Empty { get; } = new(0, 0, 0, 0, 0, new Dictionary<string, long>(), new Dictionary<string, long>());
}

/// <summary>What became of a field that differs.</summary>
public static class DriftOutcomes
{
    /// <summary>Counted, and nothing done: the run only measures.</summary>
    public const string Measured = "measured";

    /// <summary>About to be written. Stays in no run that is done.</summary>
    public const string Planned = "planned";

    /// <summary>Written over, and what was there is remembered.</summary>
    public const string Repaired = "repaired";

    /// <summary>The vendor's word counts: the account is read again.</summary>
    public const string Asked = "asked";

    /// <summary>The vendor's word counts, and its accounts cannot be read one by one: reconciliation brings it.</summary>
    public const string Left = "left";

    /// <summary>The destination did not take it.</summary>
    public const string Refused = "refused";

    /// <summary>Undone: what was there before is there again.</summary>
    public const string Restored = "restored";

    /// <summary>Not undone: somebody has changed it since.</summary>
    public const string Changed = "changed";

    /// <summary>Not undone: the vendor has no way to make a statement unsaid, or lost the account.</summary>
    public const string Unrestorable = "unrestorable";
}

/// <summary>The last drift run of a destination that has come to its end.</summary>
public sealed record DriftStanding(string Run, DateTimeOffset At, bool Plan, DriftReport Report);

/// <summary>Where a run stands: in the feed of profiles, or in the items of the run that it undoes.</summary>
internal sealed record DriftPosition(string? Feed, string? After);

/// <summary>What a run found of one customer, kept for as long as it can be undone.</summary>
/// <param name="Step">In which step, so that a step that is taken again counts it again and a later one does not.</param>
/// <param name="Customer">Who.</param>
/// <param name="Missing">Accounts that are not there any more.</param>
/// <param name="Unread">Accounts that were not shown.</param>
/// <param name="Fields">What differs. Values only where they were written over.</param>
internal sealed record DriftItem(string Step, string Customer, int Missing, int Unread, IReadOnlyList<DriftField> Fields)
{
    /// <summary>The run that undid it.</summary>
    public string? UndoneBy { get; init; }

    public static DriftItem Read(ReadOnlyMemory<byte> body) => JsonSerializer.Deserialize(body.Span, DriftContext.Default.DriftItem)!;

    public ReadOnlyMemory<byte> Write() => JsonSerializer.SerializeToUtf8Bytes(this, DriftContext.Default.DriftItem);
}

/// <summary>One field that differs, and what became of it.</summary>
internal sealed record DriftField(Recipient? To, string Field, string? Address, HeldValue? Before, HeldValue? After, string Outcome);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.Unspecified,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeJsonConverter)])]
[JsonSerializable(typeof(DriftRequest))]
[JsonSerializable(typeof(DriftReport))]
[JsonSerializable(typeof(DriftPosition))]
[JsonSerializable(typeof(DriftItem))]
[JsonSerializable(typeof(DriftStanding))]
internal sealed partial class DriftContext : JsonSerializerContext;
