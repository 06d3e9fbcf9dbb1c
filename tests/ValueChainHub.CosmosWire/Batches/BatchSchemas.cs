using Microsoft.Azure.Cosmos;
using Microsoft.Azure.Cosmos.Serialization.HybridRow;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.Layouts;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.Schemas;

namespace ValueChainHub.CosmosWire.Batches;

/// <summary>The rows of a batch, as the SDK of this build defines them: read from the SDK itself, so they follow its version.</summary>
internal static class BatchSchemas
{
    private const string Resource = "Microsoft.Azure.Cosmos.Batch.HybridRowBatchSchemas.json";

    private static readonly Namespace Schemas = Namespace.Parse(ReadResource());

    public static LayoutResolver Resolver { get; } = new LayoutResolverNamespace(Schemas);

    public static Layout Result { get; } = Resolver.Resolve(Schemas.Schemas.Single(schema => schema.Name == "BatchResult").SchemaId);

    /// <exception cref="InvalidDataException">The SDK's own reader or writer says no.</exception>
    public static void Check(Result result)
    {
        if (result != Microsoft.Azure.Cosmos.Serialization.HybridRow.Result.Success)
            throw new InvalidDataException($"Hybrid row: {result}.");
    }

    private static string ReadResource()
    {
        var assembly = typeof(CosmosClient).Assembly;
        using var stream = assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"This version of the SDK has no {Resource}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
