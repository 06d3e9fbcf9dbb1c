using System.Text.Json;
using System.Text.Json.Serialization;

namespace ValueChainHub.Core.Runs;

/// <summary>A long operation: what was asked, how far it is, what came of it so far. Kept for good.</summary>
public sealed record Run
{
    /// <summary>Sorts by the time of its start.</summary>
    public required string Id { get; init; }

    /// <summary>What it does, such as <c>replay</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The connector it is about; null when it is about none in particular.</summary>
    public string? Connector { get; init; }

    /// <summary>What was asked, in the kind's own shape.</summary>
    public required JsonElement Request { get; init; }

    /// <summary>One of <see cref="RunStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>Where its next step begins, in the kind's own shape; null before the first.</summary>
    public JsonElement? Position { get; init; }

    /// <summary>What came of it so far, in the kind's own shape; an empty object before the first step.</summary>
    public required JsonElement Report { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When a step or a person last moved it.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Its next step is not taken before this.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Why it waits or failed. Quotes no data.</summary>
    public string? Reason { get; init; }

    /// <summary>How often its next step has failed in a row.</summary>
    public int Failures { get; init; }

    internal static Run Read(ReadOnlyMemory<byte> body) => JsonSerializer.Deserialize(body.Span, RunContext.Default.Run)!;

    internal ReadOnlyMemory<byte> Write() => JsonSerializer.SerializeToUtf8Bytes(this, RunContext.Default.Run);
}

/// <summary>The states of a run.</summary>
public static class RunStates
{
    /// <summary>Its steps are taken, one after the other.</summary>
    public const string Running = "running";

    /// <summary>Nothing is left of it.</summary>
    public const string Done = "done";

    /// <summary>Somebody stopped it. It can be resumed where it stood.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>It cannot go on by itself. It can be resumed where it stood.</summary>
    public const string Failed = "failed";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Run))]
internal sealed partial class RunContext : JsonSerializerContext;
