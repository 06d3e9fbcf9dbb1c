using System.Text.Json;

namespace ValueChainHub.Connectors.Kit;

/// <summary>Bodies of one JSON object a line.</summary>
internal static class JsonLines
{
    /// <summary>The objects, or null when a line is none: such a body was cut off, and what is missing is not known.</summary>
    public static IReadOnlyList<JsonElement>? Read(ReadOnlyMemory<byte> body)
    {
        var objects = new List<JsonElement>();
        while (!body.IsEmpty)
        {
            var end = body.Span.IndexOf((byte)'\n');
            var one = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            if (one.Span.IndexOfAnyExcept(" \t\r"u8) < 0)
                continue;
            if (JsonBody.ParseObject(one) is not { } read)
                return null;
            objects.Add(read);
        }
        return objects;
    }
}
