using System.Text.Json;
using System.Text.Json.Nodes;
using ValueChainHub.Heads.Tests.Conventions;
using ValueChainHub.Heads.Tests.Support;

namespace ValueChainHub.Heads.Tests;

/// <summary>Published event schemas change only compatibly (SEMANTICS 6): what <c>Snapshots/event-schemas.json</c> promises is kept.</summary>
public sealed class EventSchemaTests
{
    private const string UpdateVariable = "VALUECHAINHUB_UPDATE_SNAPSHOTS";

    [Fact]
    public async Task Published_schemas_keep_what_they_promised()
    {
        var (promised, published) = (ReadSnapshot(), await PublishedAsync());

        promised.SelectMany(type => Breaks(type.Key, type.Value, published[type.Key])).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_snapshot_promises_everything_that_is_published()
    {
        var (promised, published) = (ReadSnapshot(), await PublishedAsync());
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
            File.WriteAllText(SnapshotPath(), published.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n");

        JsonNode.DeepEquals(published, ReadSnapshot() is { Count: > 0 } now ? now : promised)
            .ShouldBeTrue($"Events have schemas or members that the snapshot does not protect yet. Run this test with {UpdateVariable}=1 and commit the snapshot.");
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"id":{"type":"string"}},"required":["id"]}""", "a: total is gone")]
    [InlineData("""{"type":"object","properties":{"id":{"type":"integer"},"total":{"type":"string"}},"required":["id"]}""", "a.id: the type was")]
    [InlineData("""{"type":"object","properties":{"id":{"type":"string"},"total":{"type":"string"}},"required":["id","total"]}""", "a: the required members were")]
    [InlineData("""{"type":"object","properties":{"id":{"type":"string"},"total":{"type":"string"}}}""", "a: the required members were")]
    public void A_breaking_change_is_found(string changed, string expected)
    {
        var before = JsonNode.Parse("""{"type":"object","properties":{"id":{"type":"string"},"total":{"type":"string"}},"required":["id"]}""");

        Breaks("a", before, JsonNode.Parse(changed)).ShouldHaveSingleItem().ShouldStartWith(expected);
    }

    [Fact]
    public void An_added_optional_member_breaks_nothing()
    {
        var before = JsonNode.Parse("""{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"}}}}""");
        var after = JsonNode.Parse("""{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"more":{"type":"integer"}}}}""");

        Breaks("a", before, after).ShouldBeEmpty();
    }

    private static IEnumerable<string> Breaks(string path, JsonNode? promised, JsonNode? published)
    {
        if (published is null)
            return [$"{path} is gone."];
        var breaks = new List<string>();
        foreach (var word in (string[])["type", "format"])
        {
            if (!JsonNode.DeepEquals(promised![word], published[word]))
                breaks.Add($"{path}: the {word} was {promised[word]} and is {published[word]}.");
        }
        if (!Required(promised).SetEquals(Required(published)))
            breaks.Add($"{path}: the required members were {string.Join(',', Required(promised))} and are {string.Join(',', Required(published))}.");
        foreach (var (name, schema) in promised?["properties"]?.AsObject() ?? [])
        {
            if (published["properties"]?[name] is { } member)
                breaks.AddRange(Breaks($"{path}.{name}", schema, member));
            else
                breaks.Add($"{path}: {name} is gone.");
        }
        if (promised?["items"] is { } items)
            breaks.AddRange(Breaks(path + "[]", items, published["items"]));
        return breaks;
    }

    private static SortedSet<string> Required(JsonNode? schema) => new((schema?["required"]?.AsArray() ?? []).Select(name => (string)name!), StringComparer.Ordinal);

    private static async Task<JsonObject> PublishedAsync()
    {
        await using var server = await RunningServer.StartAsync();
        var catalogue = await server.JsonAsync("/api/events/catalogue");
        return new(catalogue.GetProperty("items").EnumerateArray()
            .Select(item => KeyValuePair.Create(item.GetProperty("type").GetString()!, JsonNode.Parse(item.GetProperty("schema").GetRawText()))));
    }

    private static JsonObject ReadSnapshot() => JsonNode.Parse(File.ReadAllText(SnapshotPath()))!.AsObject();

    private static string SnapshotPath() => Path.Combine(Repository.Root, "tests", "ValueChainHub.Heads.Tests", "Snapshots", "event-schemas.json");
}
