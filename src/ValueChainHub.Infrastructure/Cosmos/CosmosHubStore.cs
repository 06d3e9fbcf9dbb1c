using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Azure.Cosmos;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Infrastructure.Cosmos;

/// <summary>The storage port over a Cosmos DB account: point reads, conditional writes, batches in one partition, queries over the ids of one partition, and the change feed.</summary>
internal sealed partial class CosmosHubStore(IReadOnlyDictionary<string, CosmosContainer> containers, CosmosCalls calls, TimeSpan pollPeriod, TimeProvider time) : IHubStore
{
    private readonly Dictionary<string, FeedSignal> _signals = containers.Keys.ToDictionary(name => name, _ => new FeedSignal(), StringComparer.Ordinal);

    public async ValueTask<StoredItem?> ReadAsync(string container, string partition, string id, CancellationToken cancellationToken)
    {
        StoreArguments.CheckKey(container, partition, id);
        return await calls.DoAsync("read", container, isWrite: false, async token =>
        {
            using var response = await containers[container].Container.ReadItemStreamAsync(id, new PartitionKey(partition), cancellationToken: token);
            StoredItem? item = response switch
            {
                { IsSuccessStatusCode: true } => CosmosItem.Read(response.Content),
                { StatusCode: HttpStatusCode.NotFound, Headers: var headers } when IsPlain(headers) => null,
                _ => throw Fault(response, isWrite: false),
            };
            return (item, response.Headers.RequestCharge);
        }, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<StoredItem>> ReadRangeAsync(string container, string partition, IdRange range, int limit, CancellationToken cancellationToken)
    {
        StoreArguments.CheckRange(container, partition, limit);
        var options = new QueryRequestOptions { PartitionKey = new PartitionKey(partition), MaxItemCount = limit };
        using var pages = containers[container].Container.GetItemQueryStreamIterator(Query(range), requestOptions: options);
        var items = new List<StoredItem>();
        while (pages.HasMoreResults && items.Count < limit)
            items.AddRange(await calls.DoAsync("range", container, isWrite: false, token => ReadPageAsync(pages, token), cancellationToken));
        if (items.Count > limit)
            items.RemoveRange(limit, items.Count - limit);
        return items;
    }

    /// <summary>Ids are compared as the service compares texts: by code units, and ours are ASCII.</summary>
    private static QueryDefinition Query(IdRange range)
    {
        var conditions = new List<string>();
        if (range.From is not null)
            conditions.Add("c.id >= @from");
        if (range.To is not null)
            conditions.Add("c.id < @to");
        var where = conditions.Count == 0 ? "" : " WHERE " + string.Join(" AND ", conditions);
        var query = new QueryDefinition($"SELECT * FROM c{where} ORDER BY c.id {(range.Descending ? "DESC" : "ASC")}");
        if (range.From is { } from)
            query.WithParameter("@from", from);
        if (range.To is { } to)
            query.WithParameter("@to", to);
        return query;
    }

    private static async Task<(List<StoredItem> Items, double Charge)> ReadPageAsync(FeedIterator pages, CancellationToken cancellationToken)
    {
        using var response = await pages.ReadNextAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw Fault(response, isWrite: false);
        return (Documents(response.Content).ConvertAll(document => CosmosItem.Read(document)), response.Headers.RequestCharge);
    }

    private static List<JsonElement> Documents(Stream page)
    {
        // Not disposed of: the elements live as long as they are looked at.
        var json = JsonDocument.Parse(page);
        return [.. json.RootElement.GetProperty("Documents"u8).EnumerateArray()];
    }

    private static Exception Fault(ResponseMessage response, bool isWrite)
    {
        TimeSpan? retryAfter = double.TryParse(response.Headers["x-ms-retry-after-ms"], NumberStyles.Number, CultureInfo.InvariantCulture, out var wait) ? TimeSpan.FromMilliseconds(wait) : null;
        return CosmosFault.Of(response.StatusCode, isWrite, retryAfter);
    }

    /// <summary>The item is not there. A substatus means that something else is not: the container, the range.</summary>
    private static bool IsPlain(Headers headers) => headers["x-ms-substatus"] is null or "" or "0";
}
