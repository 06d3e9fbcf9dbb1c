using System.Globalization;
using System.Text.Json.Nodes;

namespace ValueChainHub.Sandbox.Vendors.Shopify.GraphQl;

/// <summary>A question that is refused as a whole: the answer is HTTP 200 with <c>errors</c>.</summary>
/// <param name="code">Shopify's word in <c>extensions.code</c>.</param>
/// <param name="message">For people.</param>
internal sealed class GraphQlException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}

/// <summary>A field that is asked for, with its arguments and what is asked of it.</summary>
/// <param name="Name">The schema's name.</param>
/// <param name="Alias">The name in the answer.</param>
/// <param name="Arguments">Variables are put in; an argument whose variable was not sent is missing.</param>
internal sealed record GraphQlField(string Name, string Alias, JsonObject Arguments, IReadOnlyList<GraphQlField> Fields)
{
    public string? Text(string argument) => Arguments[argument] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public int? Number(string argument) => Arguments[argument] is { } value && int.TryParse(value.ToString(), CultureInfo.InvariantCulture, out var number) ? number : null;

    public JsonObject? Object(string argument) => Arguments[argument] as JsonObject;

    /// <summary>The answer to this field: what is asked of it, and nothing else.</summary>
    /// <param name="type">The schema's type of it.</param>
    /// <param name="read">Answers a field of the type; throws <see cref="NoSuch"/> for one that it does not have.</param>
    public JsonObject Answer(string type, Func<GraphQlField, JsonNode?> read)
    {
        if (Fields.Count == 0)
            throw new GraphQlException("selectionMismatch", $"Field must have selections (field '{Name}' returns {type} but has no selections.)");
        var answer = new JsonObject();
        foreach (var field in Fields)
            answer[field.Alias] = field.Name == "__typename" ? type : read(field);
        return answer;
    }

    /// <summary>A list without pages; <c>first</c> cuts it.</summary>
    public JsonArray List<T>(IEnumerable<T> all, Func<GraphQlField, T, JsonNode?> read) => [.. all.Take(First(int.MaxValue)).Select(one => read(this, one))];

    /// <summary>A connection that lies in an object, with all that there is.</summary>
    public JsonObject Connection<T>(string type, IReadOnlyList<T> all, Func<GraphQlField, T, JsonNode?> node)
    {
        var shown = all.Take(First(all.Count)).ToList();
        return Page(type, shown, node, shown.Count < all.Count, cursor: null);
    }

    /// <summary>A page of a connection.</summary>
    /// <param name="cursor">Answers where an item stands; null when nobody may go on from here.</param>
    public JsonObject Page<T>(string type, IReadOnlyList<T> items, Func<GraphQlField, T, JsonNode?> node, bool hasMore, Func<T, string>? cursor) => Answer(type, field => field.Name switch
    {
        "nodes" => new JsonArray([.. items.Select(item => node(field, item))]),
        "edges" => new JsonArray([.. items.Select(item => field.Answer(type, part => part.Name switch
        {
            "node" => node(part, item),
            "cursor" => cursor?.Invoke(item),
            _ => throw NoSuch(part, type),
        }))]),
        "pageInfo" => field.Answer("PageInfo", part => part.Name switch
        {
            "hasNextPage" => hasMore,
            "endCursor" => items.Count == 0 ? null : cursor?.Invoke(items[^1]),
            "startCursor" => items.Count == 0 ? null : cursor?.Invoke(items[0]),
            _ => throw NoSuch(part, "PageInfo"),
        }),
        _ => throw NoSuch(field, type),
    });

    public static GraphQlException NoSuch(GraphQlField field, string type) => new("undefinedField", $"Field '{field.Name}' doesn't exist on type '{type}'");

    private int First(int otherwise) => Number("first") ?? otherwise;
}
