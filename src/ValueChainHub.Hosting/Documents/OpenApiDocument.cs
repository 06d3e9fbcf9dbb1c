using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Hosting.Documents;

/// <summary>OpenAPI 3.1, generated from the table of operations.</summary>
internal static class OpenApiDocument
{
    private const string SecurityScheme = "hubKey";

    private static readonly Dictionary<int, string> Problems = new()
    {
        [400] = "The request cannot be understood.",
        [401] = "A key, or the vendor's proof, is missing or wrong.",
        [403] = "The key's role is too low.",
        [404] = "There is no such thing.",
        [409] = "It contradicts what is.",
        [410] = "The cursor has expired.",
        [413] = "The body is larger than 1 MiB.",
        [500] = "The hub failed.",
        [503] = "The hub cannot do this now; Retry-After says when.",
    };

    public static byte[] Build(IReadOnlyList<HubOperation> operations)
    {
        var schemas = new SchemaBook(HubJson.TypeInfo);
        var paths = new JsonObject();
        foreach (var route in operations.GroupBy(operation => operation.Template))
            paths[route.Key] = new JsonObject(route.Select(row => KeyValuePair.Create(row.Method.ToLowerInvariant(), (JsonNode?)Operation(row, schemas))));
        schemas.Reference(typeof(ProblemDocument));
        var document = new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "ValueChainHub", ["version"] = HubVersion.Text, ["license"] = new JsonObject { ["name"] = "MIT", ["identifier"] = "MIT" } },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.ToJson(),
                ["responses"] = new JsonObject(Problems.Select(problem => KeyValuePair.Create(ProblemName(problem.Key), (JsonNode?)Problem(problem.Value)))),
                ["securitySchemes"] = new JsonObject
                {
                    [SecurityScheme] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = HubKeys.HeaderName, ["description"] = "Roles: reader < operator < admin." },
                },
            },
        };
        return Encoding.UTF8.GetBytes(document.ToJsonString());
    }

    private static JsonObject Operation(HubOperation row, SchemaBook schemas)
    {
        var operation = new JsonObject { ["operationId"] = row.Name, ["summary"] = row.Summary, ["tags"] = new JsonArray(row.Route.Split('/')[0].Split('.')[0]) };
        if (Parameters(row) is { Count: > 0 } parameters)
            operation["parameters"] = parameters;
        if (row.Request is not null)
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content("application/json", schemas.Reference(row.Request)) };
        operation["responses"] = Responses(row, schemas);
        operation["security"] = row.Role == HubRole.None ? new JsonArray() : new JsonArray(new JsonObject { [SecurityScheme] = new JsonArray() });
        if (row.Role != HubRole.None)
            operation["x-role"] = row.Role.ToString().ToLowerInvariant();
        return operation;
    }

    private static JsonArray Parameters(HubOperation row)
    {
        var parameters = new JsonArray();
        foreach (var name in row.Route.Split('/').Where(part => part.StartsWith('{')))
            parameters.Add(Parameter(name.Trim('{', '}'), "path", required: true, description: null, "string"));
        foreach (var parameter in row.Query)
            parameters.Add(Parameter(parameter.Name, "query", required: false, parameter.Description, parameter.Integer ? "integer" : "string"));
        return parameters;
    }

    private static JsonObject Parameter(string name, string place, bool required, string? description, string type)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["required"] = required, ["schema"] = new JsonObject { ["type"] = type } };
        if (description is not null)
            parameter["description"] = description;
        return parameter;
    }

    private static JsonObject Responses(HubOperation row, SchemaBook schemas)
    {
        var type = row.ResponseContentType.Split(';')[0];
        var responses = new JsonObject
        {
            [Number(row.Success)] = new JsonObject { ["description"] = row.Summary, ["content"] = Content(type, row.Response is null ? new() : schemas.Reference(row.Response)) },
        };
        foreach (var status in ProblemsOf(row).Distinct().Order())
            responses[Number(status)] = new JsonObject { ["$ref"] = "#/components/responses/" + ProblemName(status) };
        return responses;
    }

    private static IEnumerable<int> ProblemsOf(HubOperation row) =>
    [
        .. row.Problems,
        .. row.Role == HubRole.None ? Array.Empty<int>() : [401, 403],
        .. row.Method == "GET" ? Array.Empty<int>() : [413],
        .. row.Query.Count > 0 || row.Request is not null ? [400] : Array.Empty<int>(),
        500,
        503,
    ];

    private static JsonObject Problem(string description) =>
        new() { ["description"] = description, ["content"] = Content(HubProblem.ContentType, new JsonObject { ["$ref"] = "#/components/schemas/" + nameof(ProblemDocument) }) };

    private static JsonObject Content(string type, JsonObject schema) => new() { [type] = new JsonObject { ["schema"] = schema } };

    private static string ProblemName(int status) => "Problem" + Number(status);

    private static string Number(int status) => status.ToString(CultureInfo.InvariantCulture);
}
