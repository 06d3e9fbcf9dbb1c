using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Core.Intake;

/// <summary>A delivery as it is kept: what came, byte for byte, and what was made of it on receipt. Never rewritten.</summary>
public sealed record Delivery
{
    public required string Id { get; init; }
    public required string Connector { get; init; }
    public required DeliveryKind Kind { get; init; }
    public required string Topic { get; init; }

    /// <summary>The headers that the translation needs.</summary>
    public IReadOnlyDictionary<string, string> Headers
    {
        get => _headers ??= ReadHeaders();
        init => _headers = value;
    }


    /// <summary>The body, byte for byte. Inflated on first use: the feed passes most deliveries without looking at it again.</summary>
    public ReadOnlyMemory<byte> Body
    {
        get => _body ??= Inflate();
        init => _body = value;
    }
    public required DateTimeOffset ReceivedAt { get; init; }
    public DateTimeOffset? SignedAt { get; init; }

    /// <summary><see cref="DeliveryStates.Pending"/>, <see cref="DeliveryStates.Suppressed"/> or <see cref="DeliveryStates.Quarantined"/>, as decided on receipt.</summary>
    public required string State { get; init; }

    /// <summary>Why, for a delivery that is not pending.</summary>
    public string? Reason { get; init; }

    /// <summary>How many chain events it translates to.</summary>
    public int Events { get; init; }

    /// <summary>The generation of the mapping that read it on receipt.</summary>
    public int Generation { get; init; }

    /// <summary>How many things it only points at that nobody can fetch, for lack of credentials.</summary>
    public int Unenriched { get; init; }

    /// <summary>The W3C trace it came with.</summary>
    public string? Trace { get; init; }

    private ReadOnlyMemory<byte>? _body;
    private IReadOnlyDictionary<string, string>? _headers;
    private ReadOnlyMemory<byte> _item;

    public DeliveryContent Content => new(Connector, Kind, Topic, Headers, Body, SignedAt);

    /// <summary>The hub's id of a delivery: the connector, and the vendor's id if it is plain, else its digest.</summary>
    public static string IdOf(string connector, string vendorId) =>
        vendorId.Length is > 0 and <= 120 && !vendorId.AsSpan().ContainsAnyExcept(Plain) ? $"{connector}.{vendorId}" : $"{connector}.x{Digest(vendorId)}";

    /// <summary>The connector in a delivery's id.</summary>
    public static string ConnectorOf(string deliveryId) => deliveryId.Split('.', 2)[0];

    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:");

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    public ReadOnlyMemory<byte> Write()
    {
        var buffer = new ArrayBufferWriter<byte>(1024 + (Body.Length / 2));
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("id"u8, Id);
        writer.WriteString("connector"u8, Connector);
        writer.WriteNumber("kind"u8, (int)Kind);
        writer.WriteString("topic"u8, Topic);
        writer.WriteString("receivedAt"u8, ReceivedAt);
        if (SignedAt is { } signed)
            writer.WriteString("signedAt"u8, signed);
        writer.WriteString("state"u8, State);
        if (Reason is not null)
            writer.WriteString("reason"u8, Reason);
        writer.WriteNumber("events"u8, Events);
        if (Generation > 0)
            writer.WriteNumber("generation"u8, Generation);
        if (Unenriched > 0)
            writer.WriteNumber("unenriched"u8, Unenriched);
        if (Trace is not null)
            writer.WriteString("trace"u8, Trace);
        writer.WriteStartObject("headers"u8);
        foreach (var (name, value) in Headers)
            writer.WriteString(name, value);
        writer.WriteEndObject();
        WriteBody(writer, Body.Span);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>Reads a delivery back; headers and body only when they are looked at.</summary>
    public static Delivery Read(ReadOnlyMemory<byte> item)
    {
        var head = DeliveryHead.Read(item.Span);
        return new Delivery
        {
            Id = head.Id,
            Connector = head.Connector,
            Kind = head.Kind,
            Topic = head.Topic,
            ReceivedAt = head.ReceivedAt,
            SignedAt = head.SignedAt,
            State = head.State,
            Reason = head.Reason,
            Events = head.Events,
            Generation = head.Generation,
            Unenriched = head.Unenriched,
            Trace = head.Trace,
            _item = item,
        };
    }

    /// <summary>Deflated: a body is read rarely and kept long.</summary>
    private static void WriteBody(Utf8JsonWriter writer, ReadOnlySpan<byte> body)
    {
        using var buffer = new MemoryStream(body.Length / 2);
        using (var deflate = new DeflateStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
            deflate.Write(body);
        writer.WriteNumber("length"u8, body.Length);
        writer.WriteBase64String("deflate"u8, buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private ReadOnlyMemory<byte> Inflate()
    {
        using var document = JsonDocument.Parse(_item);
        var body = new byte[document.RootElement.GetProperty("length"u8).GetInt32()];
        using var deflate = new DeflateStream(new MemoryStream(document.RootElement.GetProperty("deflate"u8).GetBytesFromBase64()), CompressionMode.Decompress);
        deflate.ReadExactly(body);
        return body;
    }

    private Dictionary<string, string> ReadHeaders()
    {
        using var document = JsonDocument.Parse(_item);
        return document.RootElement.GetProperty("headers"u8).EnumerateObject()
            .ToDictionary(header => header.Name, header => header.Value.GetString()!, StringComparer.OrdinalIgnoreCase);
    }
}

/// <summary>The states of a delivery. It is always in exactly one (SEMANTICS 7).</summary>
public static class DeliveryStates
{
    public const string Pending = "pending";
    public const string Applied = "applied";
    public const string Suppressed = "suppressed";
    public const string Quarantined = "quarantined";
    public const string DeadLettered = "deadLettered";
}
