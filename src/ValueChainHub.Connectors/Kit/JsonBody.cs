using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ValueChainHub.Connectors.Kit;

/// <summary>Reads members of a vendor's JSON: what is missing or null is null, what has the wrong type is unreadable by name.</summary>
internal static class JsonBody
{
    /// <summary>No vendor's amount is larger; it keeps sums within a decimal.</summary>
    private const decimal LargestAmount = 1_000_000_000_000_000m;

    /// <summary>A body that is one object; null when it is anything else.</summary>
    public static JsonElement? ParseObject(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The member's value, or null when it is missing or null.</summary>
    public static JsonElement? Field(this JsonElement body, ReadOnlySpan<byte> name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>The body speaks of the member at all, if only to say that it is null.</summary>
    public static bool Has(this JsonElement body, ReadOnlySpan<byte> name) => body.TryGetProperty(name, out _);

    /// <summary>Text without blank ends, numbers as they are written; null when blank.</summary>
    public static string? Text(this JsonElement body, ReadOnlySpan<byte> name)
    {
        if (Field(body, name) is not { } value)
            return null;
        var text = value.ValueKind switch
        {
            JsonValueKind.String => String(value, name),
            JsonValueKind.Number => value.GetRawText(),
            _ => throw Wrong(name, "text"),
        };
        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }

    /// <summary>A vendor's word in lower case.</summary>
    public static string? Word(this JsonElement body, ReadOnlySpan<byte> name) => Text(body, name)?.ToLowerInvariant();

    public static bool Flag(this JsonElement body, ReadOnlySpan<byte> name) => Field(body, name)?.ValueKind switch
    {
        null or JsonValueKind.False => false,
        JsonValueKind.True => true,
        _ => throw Wrong(name, "true or false"),
    };

    public static int? Whole(this JsonElement body, ReadOnlySpan<byte> name)
    {
        if (Field(body, name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number))
            return number;
        if (value.ValueKind == JsonValueKind.String && int.TryParse(String(value, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
            return number;
        throw Wrong(name, "a whole number");
    }

    /// <summary>A decimal amount, written as text or as a number; never by way of binary floating point.</summary>
    public static decimal? Amount(this JsonElement body, ReadOnlySpan<byte> name)
    {
        if (Field(body, name) is not { } value)
            return null;
        decimal amount;
        var isRead = value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetDecimal(out amount),
            JsonValueKind.String => decimal.TryParse(String(value, name), AmountStyle, CultureInfo.InvariantCulture, out amount),
            _ => Fail(out amount),
        };
        return isRead && decimal.Abs(amount) < LargestAmount ? amount : throw Wrong(name, "an amount");
    }

    /// <summary>An instant in ISO 8601; without an offset it is UTC, never the time of this machine's zone.</summary>
    public static DateTimeOffset? Time(this JsonElement body, ReadOnlySpan<byte> name)
    {
        if (Field(body, name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.String)
            throw Wrong(name, "a time");
        var text = String(value, name);
        if (text.Length == 0)
            return null;
        var isDate = text.Length >= 10 && text[4] == '-';
        return isDate && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, TimeStyle, out var time) ? time : throw Wrong(name, "a time");
    }

    public static JsonElement? Object(this JsonElement body, ReadOnlySpan<byte> name)
    {
        if (Field(body, name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.Object ? value : throw Wrong(name, "an object");
    }

    /// <summary>The objects of a list; none when the list is missing or null.</summary>
    public static JsonElement.ArrayEnumerator Objects(this JsonElement body, ReadOnlySpan<byte> name)
    {
        var items = Items(body, name);
        foreach (var item in items)
        {
            if (item.ValueKind != JsonValueKind.Object)
                throw Wrong(name, "a list of objects");
        }
        return items;
    }

    /// <summary>The first object of a list of objects; null when there is none.</summary>
    public static JsonElement? FirstObject(this JsonElement body, ReadOnlySpan<byte> name)
    {
        foreach (var item in Objects(body, name))
            return item;
        return null;
    }

    /// <summary>The texts of a list, blank ones kept so that lists that belong together stay aligned.</summary>
    public static List<string?> Texts(this JsonElement body, ReadOnlySpan<byte> name)
    {
        var texts = new List<string?>();
        foreach (var item in Items(body, name))
        {
            texts.Add(item.ValueKind switch
            {
                JsonValueKind.String => String(item, name),
                JsonValueKind.Number => item.GetRawText(),
                JsonValueKind.Null => null,
                _ => throw Wrong(name, "a list of texts"),
            });
        }
        return texts;
    }

    public static UnreadableBodyException Wrong(ReadOnlySpan<byte> name, string expected) => new($"{Encoding.UTF8.GetString(name)} is not {expected}");

    private const NumberStyles AmountStyle =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    private const DateTimeStyles TimeStyle = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    private static JsonElement.ArrayEnumerator Items(JsonElement body, ReadOnlySpan<byte> name)
    {
        if (Field(body, name) is not { } value)
            return default;
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Wrong(name, "a list");
    }

    /// <summary>The decoded text; half a surrogate pair is valid JSON and no text.</summary>
    private static string String(JsonElement value, ReadOnlySpan<byte> name)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong(name, "valid text");
        }
    }

    private static bool Fail(out decimal amount)
    {
        amount = 0;
        return false;
    }
}
