using ValueChainHub.Hosting.Operations;

namespace ValueChainHub.Hosting.Http;

/// <summary>The table of HTTP operations: the only place where an operation is published. Both heads publish exactly its rows.</summary>
public sealed class HubOperations
{
    /// <summary>What every route is under. <c>host.json</c> says the same.</summary>
    public const string Prefix = "api";

    public const string LiveRoute = "health/live";
    public const string ReadyRoute = "health/ready";
    public const string OpenApiRoute = "openapi.json";
    public const string AsyncApiRoute = "asyncapi.json";
    public const string CatalogueRoute = "events/catalogue";

    private readonly Dictionary<string, HubOperation> _byName;

    internal HubOperations(HealthOperations health)
    {
        var documents = new DocumentOperations(() => All!);
        All =
        [
            new("Live", "GET", LiveRoute, HubRole.None, "The process is alive", HealthOperations.LiveAsync) { Response = typeof(HealthReply) },
            new("Ready", "GET", ReadyRoute, HubRole.None, "The hub can do its work; if not, why", health.ReadyAsync) { Response = typeof(HealthReply) },
            new("OpenApi", "GET", OpenApiRoute, HubRole.None, "OpenAPI 3.1 of these operations", documents.OpenApiAsync),
            new("AsyncApi", "GET", AsyncApiRoute, HubRole.None, "AsyncAPI 3.0 of the chain events", DocumentOperations.AsyncApiAsync),
            new("EventCatalogue", "GET", CatalogueRoute, HubRole.None, "The types of chain events, with the schemas of their data", DocumentOperations.CatalogueAsync),
        ];
        _byName = All.ToDictionary(row => row.Name, StringComparer.Ordinal);
    }

    /// <summary>Every operation.</summary>
    public IReadOnlyList<HubOperation> All { get; }

    /// <summary>The operation of this name.</summary>
    public HubOperation this[string name] => _byName[name];
}
