using System.Reflection;
using System.Text.Json;
using ValueChainHub.Connectors.Shopify;
using ValueChainHub.Testing;

namespace ValueChainHub.Connectors.Tests.Contracts;

public sealed class ShopifyDocumentTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_document_is_valid_in_the_schema_of_its_version()
    {
        var documents = typeof(ShopifyDocuments).GetFields(BindingFlags.Public | BindingFlags.Static).ToDictionary(field => field.Name, field => (string)field.GetRawConstantValue()!);
        documents.Count.ShouldBeGreaterThan(15);

        foreach (var (name, faults) in await FaultsAsync(documents))
            faults.ShouldBeEmpty(name);
    }

    [Fact]
    public async Task A_field_or_a_variable_that_the_schema_does_not_have_is_found()
    {
        var faults = await FaultsAsync(new()
        {
            ["field"] = "query A($id: ID!) { order(id: $id) { id nam } }",
            ["type"] = "mutation B($id: String!) { tagsAdd(id: $id, tags: []) { node { id } } }",
            ["text"] = "query {",
        });

        faults.Values.ShouldAllBe(one => one.Count > 0);
        faults["field"].Single().ShouldContain("nam");
    }

    /// <summary>The variables are sent under the names that the documents declare.</summary>
    [Fact]
    public void Every_variable_of_a_document_is_one_that_is_sent()
    {
        var sent = typeof(ShopifyVariables).GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)).ToHashSet();

        foreach (var field in typeof(ShopifyDocuments).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            var head = ((string)field.GetRawConstantValue()!).Split('{')[0];
            var declared = head.Split('$').Skip(1).Select(part => part.Split(':')[0]);
            declared.ShouldAllBe(name => sent.Contains(name), field.Name);
        }
    }

    private static async Task<Dictionary<string, List<string>>> FaultsAsync(Dictionary<string, string> documents)
    {
        var schema = SharedFiles.OrSkip("vendors", "specs", "shopify-admin-2026-07.graphql");
        ContractTools.OrSkip("graphql");
        using var validator = ContractTools.Start(ContractTools.Validator, schema);
        await validator.StandardInput.WriteAsync(JsonSerializer.Serialize(documents).AsMemory(), Token);
        validator.StandardInput.Close();
        var said = await validator.StandardOutput.ReadToEndAsync(Token);
        var faults = await validator.StandardError.ReadToEndAsync(Token);
        await validator.WaitForExitAsync(Token);
        validator.ExitCode.ShouldBe(0, faults);
        return JsonSerializer.Deserialize<Dictionary<string, List<string>>>(said)!;
    }
}
