using System.Text.Json;
using ValueChainHub.CosmosWire.Wire;

namespace ValueChainHub.CosmosWire.Queries;

/// <summary>The plan that the SDK asks for where it has no parser of its own and the query has an order or spans ranges.</summary>
/// <remarks>
/// What the plan says of the query is true. The rewritten form is the service's for several ranges (<c>orderByItems</c>); the SDK does not use it
/// inside one partition, and this server refuses it.
/// </remarks>
internal static class QueryPlan
{
    public static WireAnswer Answer(WireRequest request)
    {
        var query = RangeQuery.Parse(request.Body);
        string[] orders = query.Order is { } order ? [order.ToString()] : [];
        string[] expressions = query.Order is null ? [] : [$"{query.Alias}.id"];
        return new(200, JsonSerializer.SerializeToUtf8Bytes(new
        {
            partitionedQueryExecutionInfoVersion = 2,
            queryInfo = new
            {
                distinctType = "None",
                top = (int?)null,
                offset = query.Limit is null ? (int?)null : 0,
                limit = query.Limit,
                orderBy = orders,
                orderByExpressions = expressions,
                groupByExpressions = Array.Empty<string>(),
                groupByAliases = Array.Empty<string>(),
                aggregates = Array.Empty<string>(),
                groupByAliasToAggregateType = new { },
                rewrittenQuery = query.Order is null ? "" : Rewritten(query),
                hasSelectValue = false,
                hasNonStreamingOrderBy = false,
            },
            queryRanges = new[] { new { min = "", max = "FF", isMinInclusive = true, isMaxInclusive = false } },
        }));
    }

    private static string Rewritten(RangeQuery query) =>
        $$"""
        SELECT {{query.Alias}}._rid, [{"item": {{query.Alias}}.id}] AS orderByItems, {{query.Alias}} AS payload
        FROM {{query.Alias}}
        WHERE ({documentdb-formattableorderbyquery-filter})
        ORDER BY {{query.Alias}}.id {{query.Order}}
        """;
}
