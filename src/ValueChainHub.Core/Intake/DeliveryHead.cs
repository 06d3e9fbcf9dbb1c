using System.Text.Json;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Core.Intake;

/// <summary>What counting and listing need of a stored delivery: the members written before its headers and body, which are not parsed.</summary>
internal sealed record DeliveryHead
{
    public string Id { get; private set; } = "";
    public string Connector { get; private set; } = "";
    public DeliveryKind Kind { get; private set; }
    public string Topic { get; private set; } = "";
    public DateTimeOffset ReceivedAt { get; private set; }
    public DateTimeOffset? SignedAt { get; private set; }
    public string State { get; private set; } = "";
    public string? Reason { get; private set; }
    public int Events { get; private set; }
    public int Generation { get; private set; }
    public int Unenriched { get; private set; }
    public string? Trace { get; private set; }

    public static DeliveryHead Read(ReadOnlySpan<byte> item)
    {
        var head = new DeliveryHead();
        var reader = new Utf8JsonReader(item);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName && !reader.ValueTextEquals("headers"u8))
            head.Take(ref reader);
        return head;
    }

    private void Take(ref Utf8JsonReader reader)
    {
        var name = reader.GetString();
        reader.Read();
        switch (name)
        {
            case "id": Id = reader.GetString()!; break;
            case "connector": Connector = reader.GetString()!; break;
            case "kind": Kind = (DeliveryKind)reader.GetInt32(); break;
            case "topic": Topic = reader.GetString()!; break;
            case "receivedAt": ReceivedAt = reader.GetDateTimeOffset(); break;
            case "signedAt": SignedAt = reader.GetDateTimeOffset(); break;
            case "state": State = reader.GetString()!; break;
            case "reason": Reason = reader.GetString(); break;
            case "events": Events = reader.GetInt32(); break;
            case "generation": Generation = reader.GetInt32(); break;
            case "unenriched": Unenriched = reader.GetInt32(); break;
            case "trace": Trace = reader.GetString(); break;
            default: reader.Skip(); break;
        }
    }
}
