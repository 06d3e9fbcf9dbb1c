using System.Text.Json;

namespace ValueChainHub.EndToEnd.Tests.Support;

/// <summary>Who stands in the bodies of vendors.</summary>
internal static class Contacts
{
    public static IEnumerable<object> In(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        return [.. In(document.RootElement)];
    }

    /// <summary>Every way to ask for a person that stands anywhere in the body.</summary>
    private static IEnumerable<object> In(JsonElement body)
    {
        switch (body.ValueKind)
        {
            case JsonValueKind.Array:
                return body.EnumerateArray().SelectMany(In);
            case JsonValueKind.Object:
                return body.EnumerateObject().SelectMany(member => ContactsOf(member).Concat(In(member.Value)));
            default:
                return [];
        }
    }

    private static IEnumerable<object> ContactsOf(JsonProperty member)
    {
        if (member.Value.ValueKind == JsonValueKind.String && member.Value.GetString() is { Length: > 0 } text)
        {
            if (text.Contains('@', StringComparison.Ordinal))
                yield return new { email = text };
            if (text[0] == '+' || member.Name.Contains("phone", StringComparison.Ordinal))
                yield return new { phone = text };
        }
        if (member.Value.ValueKind == JsonValueKind.Number && member.Name is "customer_id" or "id" && member.Value.TryGetInt64(out var id))
            yield return new { kind = "shopify.customer", value = id.ToString(System.Globalization.CultureInfo.InvariantCulture) };
    }
}
