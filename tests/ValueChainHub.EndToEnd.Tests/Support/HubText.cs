using System.Text.Json;
using System.Text.Json.Serialization;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Customers;

namespace ValueChainHub.EndToEnd.Tests.Support;

/// <summary>JSON as the HTTP contract writes it, so that a record made in memory can be compared with one that was answered.</summary>
internal static class HubText
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new UtcTimeJsonConverter() },
    };

    public static string Of(CustomerRecord record) => JsonSerializer.Serialize(record, Options);
}
