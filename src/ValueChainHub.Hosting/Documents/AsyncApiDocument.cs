using System.Text;
using System.Text.Json.Nodes;
using ValueChainHub.Core.Chain;

namespace ValueChainHub.Hosting.Documents;

/// <summary>AsyncAPI 3.0 of the chain events, and the same as a plain list, both generated from the catalogue of types.</summary>
internal static class AsyncApiDocument
{
    public const string Topic = "chain-events";

    public static byte[] Build()
    {
        var schemas = new SchemaBook(TypeInfo);
        var (messages, onChannel) = (new JsonObject(), new JsonObject());
        foreach (var type in EventCatalogue.All)
        {
            messages[type.Name] = Message(type, schemas);
            onChannel[type.Name] = new JsonObject { ["$ref"] = "#/components/messages/" + type.Name };
        }
        var document = new JsonObject
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "ValueChainHub chain events", ["version"] = HubVersion.Text, ["license"] = new JsonObject { ["name"] = "MIT" } },
            ["defaultContentType"] = "application/cloudevents+json",
            ["channels"] = new JsonObject { ["chainEvents"] = new JsonObject { ["address"] = Topic, ["messages"] = onChannel } },
            ["operations"] = new JsonObject
            {
                ["emitChainEvent"] = new JsonObject
                {
                    ["action"] = "send",
                    ["channel"] = new JsonObject { ["$ref"] = "#/channels/chainEvents" },
                    ["summary"] = "The hub emits what happened in the chain, in order within each profile, at least once.",
                },
            },
            ["components"] = new JsonObject { ["messages"] = messages, ["schemas"] = schemas.ToJson() },
        };
        return Encoding.UTF8.GetBytes(document.ToJsonString());
    }

    public static byte[] BuildCatalogue()
    {
        var types = EventCatalogue.All.Select(type => (JsonNode?)new JsonObject
        {
            ["type"] = type.Name,
            ["link"] = type.Link,
            ["summary"] = type.Summary,
            ["data"] = type.Data.Name,
            ["dataschema"] = CloudEvent.SchemaOf(type.Name),
            ["schema"] = SchemaBook.SchemaOf(ChainJson.TypeInfo(type.Data)),
        });
        return Encoding.UTF8.GetBytes(new JsonObject { ["items"] = new JsonArray([.. types]), ["cursor"] = null }.ToJsonString());
    }

    private static JsonObject Message(EventType type, SchemaBook schemas)
    {
        var properties = schemas.Reference(typeof(ChainCloudEvent));
        var exact = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["type"] = new JsonObject { ["const"] = type.Name }, ["data"] = schemas.Reference(type.Data) },
            ["required"] = new JsonArray("type", "data"),
        };
        return new()
        {
            ["name"] = type.Name,
            ["title"] = type.Summary,
            ["contentType"] = "application/cloudevents+json",
            ["payload"] = new JsonObject { ["allOf"] = new JsonArray(properties, exact) },
            ["externalDocs"] = new JsonObject { ["url"] = CloudEvent.SchemaOf(type.Name) },
        };
    }

    private static System.Text.Json.Serialization.Metadata.JsonTypeInfo TypeInfo(Type type) =>
        type == typeof(ChainCloudEvent) ? HubJson.TypeInfo(type) : ChainJson.TypeInfo(type);
}
