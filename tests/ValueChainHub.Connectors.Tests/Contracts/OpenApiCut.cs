using System.Text.Json.Nodes;

namespace ValueChainHub.Connectors.Tests.Contracts;

/// <summary>An OpenAPI description cut down to some of its paths and the components that these reach: a large one takes minutes to load.</summary>
internal sealed class OpenApiCut
{
    private readonly JsonObject source;
    private readonly JsonObject cut;

    private OpenApiCut(JsonObject source, IEnumerable<string> paths)
    {
        this.source = source;
        var kept = new JsonObject();
        foreach (var path in paths)
            kept[path] = source["paths"]![path]?.DeepClone() ?? throw new InvalidOperationException($"The description has no {path}.");
        cut = new()
        {
            ["openapi"] = source["openapi"]!.DeepClone(),
            ["info"] = source["info"]!.DeepClone(),
            ["servers"] = source["servers"]!.DeepClone(),
            ["security"] = source["security"]?.DeepClone(),
            ["paths"] = kept,
            ["components"] = new JsonObject { ["securitySchemes"] = source["components"]!["securitySchemes"]?.DeepClone() },
        };
        Reach(kept);
    }

    public JsonObject Description => cut;

    public static async Task<OpenApiCut> ReadAsync(string file, IEnumerable<string> paths, CancellationToken cancellationToken) =>
        new(JsonNode.Parse(await File.ReadAllTextAsync(file, cancellationToken))!.AsObject(), paths);

    public JsonObject Schema(string name) => cut["components"]!["schemas"]![name]!.AsObject();

    /// <summary>
    /// Objects that list their members have no others: a misspelt member is refused. And "nullable" goes where no type stands beside it: Prism cannot compile such a schema, says nothing, and takes any body.
    /// </summary>
    public void Tighten() => Tighten(cut["components"]!["schemas"]!);

    private static void Tighten(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray list:
                foreach (var item in list)
                    Tighten(item);
                break;
            case JsonObject schema:
                if (schema["nullable"] is JsonValue && schema["type"] is null)
                    schema.Remove("nullable");
                if (schema["type"] is JsonValue && schema["properties"] is JsonObject)
                    schema.TryAdd("additionalProperties", false);
                foreach (var (_, member) in schema)
                    Tighten(member);
                break;
        }
    }

    private void Reach(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray list:
                foreach (var item in list)
                    Reach(item);
                break;
            case JsonObject members:
                if (members["$ref"] is JsonValue reference)
                    Take(reference.GetValue<string>());
                foreach (var (_, member) in members)
                    Reach(member);
                break;
        }
    }

    private void Take(string reference)
    {
        if (reference.Split('/') is not ["#", "components", var kind, var name])
            return;
        var components = cut["components"]!.AsObject();
        var taken = components[kind]?.AsObject() ?? (components[kind] = new JsonObject()).AsObject();
        if (taken.ContainsKey(name))
            return;
        taken[name] = source["components"]![kind]![name]!.DeepClone();
        Reach(taken[name]);
    }
}
