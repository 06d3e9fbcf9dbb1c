using System.Text.Json;
using System.Text.Json.Serialization;

namespace ValueChainHub.Core.Intake;

/// <summary>How many deliveries (or events) came, and where each is now: received = applied + duplicate + quarantined + deadLettered + suppressed + pending.</summary>
public sealed record LedgerCounts
{
    public long Received { get; set; }
    public long Applied { get; set; }
    public long Duplicate { get; set; }
    public long Quarantined { get; set; }
    public long DeadLettered { get; set; }

    /// <summary>Not acted on: nothing the hub handles, or given up by a person who looked at it.</summary>
    public long Suppressed { get; set; }
    public long Pending { get; set; }

    [JsonIgnore]
    public bool Balances => Received == Applied + Duplicate + Quarantined + DeadLettered + Suppressed + Pending;

    public void Add(string state, long count)
    {
        switch (state)
        {
            case DeliveryStates.Applied: Applied += count; break;
            case DeliveryStates.Quarantined: Quarantined += count; break;
            case DeliveryStates.DeadLettered: DeadLettered += count; break;
            case DeliveryStates.Suppressed: Suppressed += count; break;
            default: Pending += count; break;
        }
    }
}

/// <summary>The counts of one connector: deliveries, the events inside them, and thin deliveries that nobody could fetch for.</summary>
public sealed record ConnectorCounts
{
    public LedgerCounts Deliveries { get; init; } = new();
    public LedgerCounts Events { get; init; } = new();
    public long Unenriched { get; set; }
    public DateTimeOffset? LastAt { get; set; }
}

/// <summary>How far the inbox has been folded, and what was counted on the way. One item, written under its etag, so that nothing is counted twice.</summary>
internal sealed record LedgerDocument
{
    public string? Continuation { get; init; }
    public Dictionary<string, ConnectorCounts> Connectors { get; init; } = new(StringComparer.Ordinal);

    public ConnectorCounts Of(string connector)
    {
        if (!Connectors.TryGetValue(connector, out var counts))
            Connectors[connector] = counts = new();
        return counts;
    }

    public static LedgerDocument Read(ReadOnlyMemory<byte> body) => JsonSerializer.Deserialize(body.Span, LedgerContext.Default.LedgerDocument)!;

    public ReadOnlyMemory<byte> Write() => JsonSerializer.SerializeToUtf8Bytes(this, LedgerContext.Default.LedgerDocument);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LedgerDocument))]
internal sealed partial class LedgerContext : JsonSerializerContext;
