using System.Buffers.Binary;

namespace ValueChainHub.CosmosWire.Store;

/// <summary>The <c>_rid</c>s that the SDK can parse: 4 bytes of the database, 4 of the container, 8 of the item; base64 with '-' for '/'.</summary>
internal static class ResourceId
{
    public static string Database(int database) => Text(Bytes(database, 0, 0).AsSpan(0, 4));

    public static string Container(int database, int container) => Text(Bytes(database, container, 0).AsSpan(0, 8));

    public static string Item(int database, int container, long item) => Text(Bytes(database, container, item));

    private static byte[] Bytes(int database, int container, long item)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteInt32BigEndian(bytes, database);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), container);
        // The top bit of the fifth byte says "container"; the last eight bytes are a small little-endian number, whose top four bits are the kind: 0 for an item.
        bytes[4] |= 0x80;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), item);
        return bytes;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).Replace('/', '-');
}
