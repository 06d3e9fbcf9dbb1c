using System.Text.Json;

namespace ValueChainHub.CosmosWire.Queries;

/// <summary>The only kind of query this server knows: items of one partition, or of one range, whose ids lie between bounds.</summary>
/// <param name="Alias">The name of the container in the query: <c>c</c> as a rule.</param>
/// <param name="Columns">What is answered of an item; empty for all of it.</param>
/// <param name="Bounds">All of them have to hold.</param>
/// <param name="Order">By id; null for no promise.</param>
/// <param name="Limit">Of TOP, or of OFFSET 0 LIMIT.</param>
internal sealed record RangeQuery(string Alias, IReadOnlyList<Column> Columns, IReadOnlyList<Bound> Bounds, QueryOrder? Order, int? Limit)
{
    public bool Accepts(string id) => Bounds.All(bound => bound.Accepts(id));

    /// <summary>Where the ids begin that may be accepted, in ordinal order.</summary>
    public string LowestId => Bounds.Where(bound => bound.Operator is ">" or ">=" or "=" or Bound.StartsWith).Select(bound => bound.Value).Max(StringComparer.Ordinal) ?? "";

    public static RangeQuery Parse(ReadOnlyMemory<byte> body)
    {
        var json = JsonDocument.Parse(body).RootElement;
        var tokens = new QueryTokens(json.GetProperty("query").GetString()!, json.TryGetProperty("parameters", out var parameters) ? parameters : default);
        return RangeQueryParser.Parse(tokens);
    }
}

internal enum QueryOrder
{
    Ascending,
    Descending,
}

/// <summary>A property that is answered, under a name.</summary>
internal readonly record struct Column(string Property, string Name);

/// <summary>A comparison of the id with a string.</summary>
internal readonly record struct Bound(string Operator, string Value)
{
    public const string StartsWith = "STARTSWITH";

    public bool Accepts(string id) => Operator switch
    {
        StartsWith => id.StartsWith(Value, StringComparison.Ordinal),
        "=" => id == Value,
        ">" => string.CompareOrdinal(id, Value) > 0,
        ">=" => string.CompareOrdinal(id, Value) >= 0,
        "<" => string.CompareOrdinal(id, Value) < 0,
        _ => string.CompareOrdinal(id, Value) <= 0,
    };
}
