using System.Buffers;
using System.Buffers.Text;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Infrastructure.Cosmos;

/// <summary>An item of the port as a document, and back.</summary>
/// <remarks>
/// The body is kept byte for byte, so it is a text inside the document and not a part of it: Cosmos DB writes numbers, escapes and spaces its own way. A small one is
/// readable (<c>b</c>); a larger one is compressed (<c>z</c>), because the price of an item is its size and JSON shrinks to less than half.
/// </remarks>
internal static class CosmosItem
{
    private const int ReadableBytes = 640;
    private const int Quality = 4;
    private const int Window = 18;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static MemoryStream Write(string partition, string id, ReadOnlyMemory<byte> body, TimeSpan? timeToLive)
    {
        var buffer = new ArrayBufferWriter<byte>(256 + body.Length);
        using var writer = new Utf8JsonWriter(buffer, Relaxed);
        writer.WriteStartObject();
        writer.WriteString("id"u8, id);
        writer.WriteString("pk"u8, partition);
        if (timeToLive is { } time)
            writer.WriteNumber("ttl"u8, Math.Max(1, (int)Math.Min(int.MaxValue, Math.Ceiling(time.TotalSeconds))));
        WriteBody(writer, body.Span);
        writer.WriteEndObject();
        writer.Flush();
        return new MemoryStream(buffer.WrittenMemory.ToArray(), writable: false);
    }

    public static StoredItem Read(JsonElement document)
    {
        var body = document.TryGetProperty("b"u8, out var text) ? Encoding.UTF8.GetBytes(text.GetString()!) : Inflate(document.GetProperty("z"u8).GetBytesFromBase64());
        return new(document.GetProperty("pk"u8).GetString()!, document.GetProperty("id"u8).GetString()!, body, document.GetProperty("_etag"u8).GetString()!);
    }

    public static StoredItem Read(Stream document)
    {
        using var json = JsonDocument.Parse(document);
        return Read(json.RootElement);
    }

    private static void WriteBody(Utf8JsonWriter writer, ReadOnlySpan<byte> body)
    {
        var isText = Utf8.IsValid(body);
        if (isText && body.Length <= ReadableBytes)
        {
            writer.WriteString("b"u8, body);
            return;
        }
        var rented = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(body.Length));
        try
        {
            if (!BrotliEncoder.TryCompress(body, rented, out var length, Quality, Window))
                throw new InvalidOperationException("A buffer of the greatest length was too short.");
            if (isText && Base64.GetMaxEncodedToUtf8Length(length) > body.Length)
                writer.WriteString("b"u8, body);
            else
                writer.WriteBase64String("z"u8, rented.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    private static byte[] Inflate(byte[] compressed)
    {
        using var body = new MemoryStream(compressed.Length * 4);
        using (var brotli = new BrotliStream(new MemoryStream(compressed), CompressionMode.Decompress))
            brotli.CopyTo(body);
        return body.ToArray();
    }
}
