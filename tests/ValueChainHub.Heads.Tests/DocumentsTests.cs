using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ValueChainHub.Core.Chain;
using ValueChainHub.Heads.Tests.Support;
using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Heads.Tests;

/// <summary>The documents that are generated from the tables.</summary>
public sealed class DocumentsTests
{
    [Fact]
    public async Task OpenApi_describes_every_operation_and_no_other()
    {
        await using var server = await RunningServer.StartAsync();
        var table = server.App.Services.GetRequiredService<HubOperations>().All;

        var document = await server.JsonAsync("/api/openapi.json");

        document.GetProperty("openapi").GetString().ShouldBe("3.1.0");
        var described = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}"));
        described.ShouldBe(table.Select(row => $"{row.Method} {row.Template}"), ignoreOrder: true);
        foreach (var row in table)
            ShouldDescribe(document.GetProperty("paths").GetProperty(row.Template).GetProperty(row.Method.ToLowerInvariant()), row);
    }

    [Theory]
    [InlineData("/api/openapi.json")]
    [InlineData("/api/asyncapi.json")]
    public async Task Every_reference_leads_somewhere(string path)
    {
        await using var server = await RunningServer.StartAsync();
        var document = await server.JsonAsync(path);

        var references = References(document).ToList();

        references.ShouldNotBeEmpty();
        foreach (var reference in references)
            Resolve(document, reference).ShouldNotBeNull(reference);
    }

    [Fact]
    public async Task AsyncApi_and_catalogue_have_every_type_of_event_with_a_schema()
    {
        await using var server = await RunningServer.StartAsync();

        var document = await server.JsonAsync("/api/asyncapi.json");
        var catalogue = await server.JsonAsync("/api/events/catalogue");

        var names = EventCatalogue.All.Select(type => type.Name).ToList();
        document.GetProperty("asyncapi").GetString().ShouldBe("3.0.0");
        document.GetProperty("channels").GetProperty("chainEvents").GetProperty("messages").EnumerateObject().Select(message => message.Name).ShouldBe(names);
        document.GetProperty("components").GetProperty("messages").EnumerateObject().Select(message => message.Name).ShouldBe(names);
        var items = catalogue.GetProperty("items").EnumerateArray().ToList();
        items.Select(item => item.GetProperty("type").GetString()).ShouldBe(names);
        items.ShouldAllBe(item => item.GetProperty("schema").GetProperty("properties").EnumerateObject().Any());
    }

    [Fact]
    public async Task A_schema_says_what_the_json_is_like()
    {
        await using var server = await RunningServer.StartAsync();

        var schema = (await server.JsonAsync("/api/events/catalogue")).GetProperty("items").EnumerateArray()
            .First(item => item.GetProperty("type").GetString() == EventCatalogue.OrderPlaced).GetProperty("schema");

        schema.GetProperty("type").GetString().ShouldBe("object");
        schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()).ShouldContain("id");
        var properties = schema.GetProperty("properties");
        properties.GetProperty("placedAt").GetProperty("format").GetString().ShouldBe("date-time");
        properties.GetProperty("total").GetProperty("properties").GetProperty("amount").GetProperty("type").GetString().ShouldBe("string");
        properties.GetProperty("number").GetProperty("type").GetString().ShouldBe("string");
        properties.GetProperty("items").GetProperty("items").GetProperty("properties").GetProperty("quantity").GetProperty("type").GetString().ShouldBe("integer");
    }

    private static void ShouldDescribe(JsonElement operation, HubOperation row)
    {
        operation.GetProperty("operationId").GetString().ShouldBe(row.Name);
        operation.GetProperty("summary").GetString().ShouldNotBeNullOrWhiteSpace();
        operation.GetProperty("security").GetArrayLength().ShouldBe(row.Role == HubRole.None ? 0 : 1, row.Name);
        var responses = operation.GetProperty("responses");
        responses.TryGetProperty(row.Success.ToString(System.Globalization.CultureInfo.InvariantCulture), out _).ShouldBeTrue(row.Name);
        responses.TryGetProperty("401", out _).ShouldBe(row.Role != HubRole.None || row.Problems.Contains(401), row.Name);
        var inPath = row.Route.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}'));
        var described = operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().ToList() : [];
        described.Where(parameter => parameter.GetProperty("in").GetString() == "path").Select(parameter => parameter.GetProperty("name").GetString()).ShouldBe(inPath);
    }

    private static IEnumerable<string> References(JsonElement node) => node.ValueKind switch
    {
        JsonValueKind.Object => node.EnumerateObject().SelectMany(member => member.Name == "$ref" ? [member.Value.GetString()!] : References(member.Value)),
        JsonValueKind.Array => node.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private static JsonElement? Resolve(JsonElement document, string reference)
    {
        reference.ShouldStartWith("#/");
        var node = document;
        foreach (var part in reference[2..].Split('/'))
        {
            if (node.ValueKind != JsonValueKind.Object || !node.TryGetProperty(part, out node))
                return null;
        }
        return node;
    }
}
