using System.Text.Json;
using ValueChainHub.Connectors.Kit;

namespace ValueChainHub.Connectors.Gladly;

/// <summary>A lookup as Gladly asks it: who is this, with or without the orders.</summary>
public sealed record GladlyLookup
{
    /// <summary>More contacts than a person has are not looked at.</summary>
    private const int MostContacts = 20;

    /// <summary>A linked profile is shown: exactly one customer, with orders. Otherwise candidates, without.</summary>
    public required bool IsDetailed { get; init; }

    /// <summary>Several candidates are as good as none.</summary>
    public required bool MustBeOne { get; init; }

    /// <summary>The id that an earlier answer handed out.</summary>
    public string? ExternalCustomerId { get; init; }
    public IReadOnlyList<string> Emails { get; init; } = [];
    public IReadOnlyList<string> Phones { get; init; } = [];

    /// <summary>An order's number, where the brand made it a search attribute.</summary>
    public string? OrderNumber { get; init; }

    /// <summary>Reads a request; the fault names the member that cannot be read, never its value.</summary>
    public static (GladlyLookup? Lookup, string? Fault) Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? (Read(document.RootElement), null) : (null, "the body is not a JSON object");
        }
        catch (JsonException)
        {
            return (null, "the body is not JSON");
        }
        catch (UnreadableBodyException unreadable)
        {
            return (null, unreadable.Message);
        }
    }

    private static GladlyLookup Read(JsonElement body)
    {
        var query = body.Object("query"u8) ?? throw new UnreadableBodyException("query is missing");
        return new()
        {
            IsDetailed = body.Word("lookupLevel"u8) switch { "detailed" => true, "basic" => false, _ => throw new UnreadableBodyException("lookupLevel is not BASIC or DETAILED") },
            MustBeOne = body.Flag("uniqueMatchRequired"u8),
            ExternalCustomerId = query.Text("externalCustomerId"u8),
            Emails = Contacts(query, "emails"u8, "email"u8),
            Phones = Contacts(query, "phones"u8, "phone"u8),
            OrderNumber = query.Text("orderNumber"u8),
        };
    }

    /// <summary>A list, one text instead of a list, and the attribute of a manual search.</summary>
    private static List<string> Contacts(JsonElement query, ReadOnlySpan<byte> list, ReadOnlySpan<byte> attribute)
    {
        var texts = query.Field(list) is { ValueKind: JsonValueKind.String } ? [query.Text(list)] : query.Texts(list);
        texts.Add(query.Text(attribute));
        return [.. texts.OfType<string>().Where(text => text.Length > 0).Distinct(StringComparer.Ordinal).Take(MostContacts)];
    }
}
