using System.Text.Json;
using System.Text.Json.Serialization;
using ValueChainHub.Core.Customers;
using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Hosting.Operations;

/// <summary>A page of a list. The cursor is always written: null ends the list.</summary>
internal sealed record PageReply<T>(IReadOnlyList<T> Items, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Cursor)
{
    public static PageReply<T> Of(Page<T> page) => new(page.Items, page.Cursor);
}

/// <summary>The answer to a webhook. <paramref name="Status"/>: accepted, duplicate, quarantined.</summary>
internal sealed record WebhookReply(string Status, string DeliveryId);

/// <summary>The answer of the health operations; <paramref name="Reasons"/> say what keeps the hub from being ready.</summary>
internal sealed record HealthReply(string Status, IReadOnlyList<string>? Reasons = null);

/// <summary>Pages whose items are JSON already.</summary>
internal static class RawPage
{
    public static HubReply Of(IReadOnlyList<ReadOnlyMemory<byte>> items, string? cursor)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("items"u8);
            foreach (var item in items)
                writer.WriteRawValue(item.Span, skipInputValidation: true);
            writer.WriteEndArray();
            writer.WriteString("cursor"u8, cursor);
            writer.WriteEndObject();
        }
        return HubReply.Json(buffer.ToArray());
    }
}
