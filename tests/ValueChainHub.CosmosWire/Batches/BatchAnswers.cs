using ValueChainHub.CosmosWire.Store;
using ValueChainHub.CosmosWire.Wire;

namespace ValueChainHub.CosmosWire.Batches;

/// <summary>Many operations in one request: all or none in one partition, or each for itself in one range.</summary>
internal static class BatchAnswers
{
    private const int MultiStatus = 207;

    public static async Task<WireAnswer> AnswerBatchAsync(WireContainer container, WireRequest request)
    {
        var rows = await RowsAsync(request);
        var partition = ItemAnswers.PartitionOf(request);
        var range = container.RangeOf(partition);
        return await AnswerAsync(range, range.Commit(partition, [.. rows.Select(row => Operation(row, container, partition))]));
    }

    public static async Task<WireAnswer> AnswerBulkAsync(WireContainer container, WireRequest request)
    {
        var range = container.Range(request.Header("x-ms-documentdb-partitionkeyrangeid") ?? throw WireRefusal.Unsupported("bulk without a partition key range"));
        var results = (await RowsAsync(request)).Select(row => DoAlone(container, range, row)).ToList();
        return await AnswerAsync(range, results);
    }

    private static ItemResult DoAlone(WireContainer container, PartitionRange range, BatchRow row)
    {
        var partition = ItemAnswers.PartitionOf(row.PartitionKey ?? throw WireRefusal.Unsupported("bulk without a partition key"));
        if (container.RangeOf(partition) != range)
            throw new WireRefusal(410, "Gone", "The partition key is not of this range.", 1002);
        return range.Commit(partition, [Operation(row, container, partition)])[0];
    }

    private static async Task<IReadOnlyList<BatchRow>> RowsAsync(WireRequest request)
    {
        if (request.Body.Length > ServiceLimits.RequestBytes)
            throw WireRefusal.TooLarge();
        var rows = await BatchReader.ReadAsync(request.Body);
        return rows.Count is > 0 and <= ServiceLimits.OperationsOfBatch ? rows : throw WireRefusal.BadRequest("A batch has 1 to 100 operations.");
    }

    /// <summary>What is wrong with one operation is the answer to that operation; what this server does not do is the answer to all.</summary>
    private static ItemOperation Operation(BatchRow row, WireContainer container, string partition)
    {
        var verb = Enum.IsDefined((ItemVerb)row.Verb) ? (ItemVerb)row.Verb : throw WireRefusal.Unsupported($"operation {row.Verb} in a batch");
        try
        {
            var document = row.Body.IsEmpty ? null : ItemAnswers.Document(row.Body, container, partition);
            return new(verb, document?.Id ?? row.Id ?? "", document, row.IfMatch) { WantsNoBody = row.WantsNoBody };
        }
        catch (WireRefusal refusal) when (!refusal.IsViolation)
        {
            return new(verb, row.Id ?? "") { Refused = refusal.Status };
        }
    }

    private static async Task<WireAnswer> AnswerAsync(PartitionRange range, IReadOnlyList<ItemResult> results) =>
        new WireAnswer(results.All(result => result.Succeeded) ? 200 : MultiStatus, await BatchWriter.WriteAsync(results))
        {
            Session = range.Session(),
            ContentType = "application/octet-stream",
        }.Billed(results);
}
