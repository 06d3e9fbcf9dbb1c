using System.Buffers;
using System.Text.Json;
using ValueChainHub.Connectors.Kit;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>A thing of a bulk operation's file: its own line, and those of its parts.</summary>
/// <param name="Item">The thing.</param>
/// <param name="Parts">What lies in connections inside it, each with the <c>__parentId</c> of the thing.</param>
internal sealed record ShopifyRecord(VendorItem Item, IReadOnlyList<JsonElement> Parts)
{
    /// <summary>As many as the read of one order asks for: an order is the same by either way.</summary>
    private const int MostLines = 50, MostReturns = 20;

    public bool HasRefunds => Item.Body.Objects("refunds"u8).Any();

    /// <summary>In the form in which one order is answered by itself.</summary>
    public ReadOnlyMemory<byte> AsOrder()
    {
        var bytes = new ArrayBufferWriter<byte>(2048);
        using var writer = new Utf8JsonWriter(bytes);
        writer.WriteStartObject();
        writer.WriteStartObject("data"u8);
        writer.WriteStartObject("order"u8);
        foreach (var member in Item.Body.EnumerateObject())
            member.WriteTo(writer);
        Write(writer, "lineItems"u8, "LineItem", MostLines);
        Write(writer, "returns"u8, "Return", MostReturns);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return bytes.WrittenMemory;
    }

    private void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string type, int most)
    {
        writer.WriteStartObject(name);
        writer.WriteStartArray("nodes"u8);
        foreach (var part in Parts.Where(part => part.Text("id"u8)?.StartsWith($"gid://shopify/{type}/", StringComparison.Ordinal) == true).Take(most))
            part.WriteTo(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}

/// <summary>Things read from a piece of a file.</summary>
/// <param name="Records">Those that are whole in it.</param>
/// <param name="Length">Their bytes: the next thing begins behind them.</param>
/// <param name="IsAll">Nothing is left of the piece.</param>
internal sealed record ShopifyRecords(IReadOnlyList<ShopifyRecord> Records, int Length, bool IsAll)
{
    /// <summary>Reads a piece that begins with a thing. The last thing of a piece may go on in the next one, unless the file ends here. Throws <see cref="UnreadableBodyException"/> for what is no such file.</summary>
    public static ShopifyRecords Read(ReadOnlyMemory<byte> piece, bool isEnd, int most)
    {
        var (records, at, wholeTo) = (new List<ShopifyRecord>(), 0, 0);
        var (thing, gid, parts) = ((VendorItem?)null, (string?)null, new List<JsonElement>());
        while (at < piece.Length)
        {
            var length = piece.Span[at..].IndexOf((byte)'\n');
            if (length < 0 && !isEnd)
                return new(records, wholeTo, false);
            var next = length < 0 ? piece.Length : at + length + 1;
            var line = JsonBody.ParseObject(piece[at..next]) ?? throw new UnreadableBodyException("a line is no object");
            if (line.Text("__parentId"u8) is { } parent)
            {
                if (parent != gid)
                    throw new UnreadableBodyException("a part does not follow its thing");
                parts.Add(line);
            }
            else
            {
                Close();
                if (records.Count == most)
                    return new(records, wholeTo, false);
                (thing, gid, parts) = (new(line.RequiredId("id"u8), line.Time("updatedAt"u8), line), line.Text("id"u8), []);
            }
            at = next;
        }
        if (isEnd)
            Close();
        return new(records, wholeTo, isEnd);

        void Close()
        {
            wholeTo = at;
            if (thing is not null)
                records.Add(new(thing, parts));
            thing = null;
        }
    }
}
