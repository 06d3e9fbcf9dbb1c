using System.Text.Json;
using System.Text.Json.Nodes;
using ValueChainHub.CosmosWire.Store;

namespace ValueChainHub.CosmosWire.Wire;

/// <summary>The account and its databases.</summary>
internal static class AccountAnswers
{
    /// <summary>One region, session consistency; no thin client, so that the SDK stays on the gateway.</summary>
    public static WireAnswer ReadAccount(string endpoint)
    {
        object[] locations = [new { name = "Wire", databaseAccountEndpoint = endpoint }];
        object replication = new { asyncReplication = false, minReplicaSetSize = 1, maxReplicasetSize = 4 };
        return new(200, JsonSerializer.SerializeToUtf8Bytes(new
        {
            _self = "",
            id = "wire",
            _rid = "wire",
            media = "//media/",
            addresses = "//addresses/",
            _dbs = "//dbs/",
            writableLocations = locations,
            readableLocations = locations,
            enableMultipleWriteLocations = false,
            userReplicationPolicy = replication,
            userConsistencyPolicy = new { defaultConsistencyLevel = "Session" },
            systemReplicationPolicy = replication,
            readPolicy = new { primaryReadCoefficient = 1, secondaryReadCoefficient = 1 },
            queryEngineConfiguration = QueryEngine,
        }));
    }

    public static WireAnswer CreateDatabase(WireAccount account, WireRequest request)
    {
        if ((string?)JsonNode.Parse(request.Body.Span)?["id"] is not { } id)
            throw WireRefusal.BadRequest("A database needs an id.");
        ServiceLimits.CheckId(id);
        return Database(account.Create(id), 201);
    }

    public static WireAnswer ReadDatabase(WireAccount account, WireRequest request) => Database(account.Database(request.Database), 200);

    private static WireAnswer Database(WireDatabase database, int status) => new(status, JsonSerializer.SerializeToUtf8Bytes(new
    {
        id = database.Id,
        _rid = database.Rid,
        _self = $"dbs/{database.Rid}/",
        _etag = "\"00000000-0000-0000-0000-000000000000\"",
        _colls = "colls/",
        _users = "users/",
        _ts = 0,
    }));

    /// <summary>What the SDK's own query parser is configured with, when it is switched on: the limits of the service.</summary>
    private static readonly string QueryEngine = JsonSerializer.Serialize(new
    {
        maxSqlQueryInputLength = 262144,
        maxJoinsPerSqlQuery = 5,
        maxLogicalAndPerSqlQuery = 500,
        maxLogicalOrPerSqlQuery = 500,
        maxUdfRefPerSqlQuery = 10,
        maxInExpressionItemsCount = 16000,
        queryMaxInMemorySortDocumentCount = 500,
        maxQueryRequestTimeoutFraction = 0.9,
        sqlAllowNonFiniteNumbers = false,
        sqlAllowAggregateFunctions = true,
        sqlAllowSubQuery = true,
        sqlAllowScalarSubQuery = true,
        allowNewKeywords = true,
        sqlAllowLike = true,
        sqlAllowGroupByClause = true,
        maxSpatialQueryCells = 12,
        spatialMaxGeometryPointCount = 256,
        sqlDisableQueryILOptimization = false,
        sqlDisableFilterPlanOptimization = false,
        sqlAllowTop = true,
        enableSpatialIndexing = true,
    });
}
