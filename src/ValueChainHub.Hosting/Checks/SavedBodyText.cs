using System.Text;
using System.Text.Json;

namespace ValueChainHub.Hosting.Checks;

/// <summary>Makes a body of the bytes of a file: a JSON object, or an object of <c>headers</c> and <c>body</c> as request catchers save it.</summary>
internal static class SavedBodyText
{
    private const string OneEach = "Save each webhook body in a file of its own.";

    public static SavedFile Read(string name, IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            bytes = bytes[3..];
        if (bytes.Span.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.Span.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return None(name, "is UTF-16 text", "Save it as UTF-8.");
        if (bytes.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0)
            return None(name, "is empty", "Save the body again, or remove the file.");
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind switch
            {
                JsonValueKind.Object => Unwrap(name, headers, document.RootElement, bytes),
                JsonValueKind.Array => None(name, "is a list, and a webhook body is an object", OneEach),
                _ => None(name, "is JSON, but not an object", "Save the whole body as it came."),
            };
        }
        catch (JsonException fault)
        {
            return NotJson(name, bytes.Span, fault);
        }
    }

    /// <summary>Headers as <c>Name: value</c> lines or as a JSON object; what is neither is passed over.</summary>
    public static Dictionary<string, string> Headers(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return HeadersOf(document.RootElement);
        }
        catch (JsonException)
        {
            return Encoding.UTF8.GetString(bytes.Span).Split('\n')
                .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
                .Where(pair => pair.Length == 2 && pair[0].Length > 0)
                .DistinctBy(pair => pair[0], StringComparer.OrdinalIgnoreCase)
                .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        }
    }

    private static SavedFile Unwrap(string name, IReadOnlyDictionary<string, string> headers, JsonElement root, ReadOnlyMemory<byte> bytes)
    {
        if (!root.TryGetProperty("headers"u8, out var caught) || caught.ValueKind != JsonValueKind.Object || !root.TryGetProperty("body"u8, out var body))
            return new(name, headers, bytes, null);
        return body.ValueKind switch
        {
            JsonValueKind.Object => new(name, HeadersOf(caught), Encoding.UTF8.GetBytes(body.GetRawText()), null),
            JsonValueKind.String when IsObject(body.GetString()!) => new(name, HeadersOf(caught), Encoding.UTF8.GetBytes(body.GetString()!), null),
            _ => None(name, "has headers and a body that is no JSON object", OneEach),
        };
    }

    private static bool IsObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Dictionary<string, string> HeadersOf(JsonElement headers)
    {
        var read = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (headers.ValueKind != JsonValueKind.Object)
            return read;
        foreach (var header in headers.EnumerateObject())
        {
            var value = header.Value.ValueKind == JsonValueKind.Array ? header.Value.EnumerateArray().FirstOrDefault() : header.Value;
            if (value.ValueKind == JsonValueKind.String)
                read[header.Name] = value.GetString()!;
        }
        return read;
    }

    /// <summary>Where it ends being JSON, and never what stands there.</summary>
    private static SavedFile NotJson(string name, ReadOnlySpan<byte> bytes, JsonException fault)
    {
        if (bytes[bytes.IndexOfAnyExcept(" \t\r\n"u8)] is not ((byte)'{' or (byte)'['))
            return None(name, "is not JSON", "Remove it from the folder, or save the raw body of the webhook.");
        var line = (fault.LineNumber ?? 0) + 1;
        return None(name, $"is not valid JSON from line {line} on: cut off, several bodies in one file, or nested too deep", OneEach);
    }

    private static SavedFile None(string name, string reason, string remedy) => new(name, new Dictionary<string, string>(StringComparer.Ordinal), null, new(name, reason, remedy));
}
