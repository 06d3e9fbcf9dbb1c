using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using ValueChainHub.Core.Chain.Records;

namespace ValueChainHub.Hosting.Documents;

/// <summary>The schemas of one document, each under its name once.</summary>
/// <param name="typeInfo">How a type is written as JSON.</param>
internal sealed class SchemaBook(Func<Type, JsonTypeInfo> typeInfo)
{
    private static readonly JsonSchemaExporterOptions Options = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe };

    private readonly SortedDictionary<string, JsonNode> _schemas = new(StringComparer.Ordinal);

    /// <summary>A reference to the type's schema, which is added if it is new.</summary>
    public JsonObject Reference(Type type)
    {
        var name = NameOf(type);
        if (!_schemas.ContainsKey(name))
            _schemas[name] = SchemaOf(typeInfo(type));
        return new() { ["$ref"] = "#/components/schemas/" + name };
    }

    /// <summary>All schemas so far, by name.</summary>
    public JsonObject ToJson() => new(_schemas.Select(schema => KeyValuePair.Create(schema.Key, (JsonNode?)schema.Value.DeepClone())));

    /// <summary>The JSON schema of a type.</summary>
    public static JsonNode SchemaOf(JsonTypeInfo type)
    {
        var schema = type.GetJsonSchemaAsNode(Options);
        if (schema is JsonObject root && root["type"] is JsonArray)
            root["type"] = "object";
        return Inline(schema, schema);
    }

    /// <summary>The exporter points from a repeated type to its first place by a path that holds only while the schema is a document of its own; here it is part of one.</summary>
    private static JsonNode Inline(JsonNode node, JsonNode root) => node switch
    {
        JsonObject value when value["$ref"] is { } reference => Inline(Target(root, (string)reference!), root),
        JsonObject value => new JsonObject(value.Select(member => KeyValuePair.Create(member.Key, member.Value is null ? null : Inline(member.Value, root)))),
        JsonArray values => new JsonArray([.. values.Select(value => value is null ? null : Inline(value, root))]),
        _ => node.DeepClone(),
    };

    private static JsonNode Target(JsonNode root, string reference) => reference.Split('/').Skip(1).Aggregate(root, (node, part) => node[part]!);

    public static string NameOf(Type type) =>
        type.IsGenericType ? type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)] + "Of" + NameOf(type.GenericTypeArguments[0]) : type.Name;

    /// <summary>Says what the exporter cannot know of types with converters of their own, and that what is null is left out.</summary>
    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (type == typeof(DateTimeOffset))
            return new JsonObject { ["type"] = "string", ["format"] = "date-time" };
        if (type == typeof(Money))
            return MoneySchema();
        if (type == typeof(JsonElement))
            return new JsonObject();
        if (schema is JsonObject value && value["type"] is JsonArray types && !IsWrittenAsNull(context))
            value["type"] = types.Select(word => (string)word!).First(word => word != "null");
        return schema;
    }

    private static bool IsWrittenAsNull(JsonSchemaExporterContext context) =>
        context.PropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(System.Text.Json.Serialization.JsonIgnoreAttribute), inherit: false).Length > 0;

    private static JsonObject MoneySchema() => new()
    {
        ["type"] = "object",
        ["description"] = "An amount with the currency's own decimals.",
        ["properties"] = new JsonObject
        {
            ["currency"] = new JsonObject { ["type"] = "string" },
            ["amount"] = new JsonObject { ["type"] = "string" },
        },
        ["required"] = new JsonArray("currency", "amount"),
    };
}
