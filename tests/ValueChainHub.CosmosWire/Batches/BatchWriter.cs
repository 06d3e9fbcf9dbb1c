using Microsoft.Azure.Cosmos.Serialization.HybridRow;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.IO;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.Layouts;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.RecordIO;
using ValueChainHub.CosmosWire.Store;

namespace ValueChainHub.CosmosWire.Batches;

/// <summary>Writes the answer to a batch: a record for each result, as many as there were operations.</summary>
internal static class BatchWriter
{
    public static async Task<ReadOnlyMemory<byte>> WriteAsync(IReadOnlyList<ItemResult> results)
    {
        using var stream = new MemoryStream();
        BatchSchemas.Check(await stream.WriteRecordIOAsync(default, Produce));
        return stream.ToArray();

        Result Produce(long index, out ReadOnlyMemory<byte> record)
        {
            record = index < results.Count ? Record(results[(int)index]) : default;
            return Result.Success;
        }
    }

    private static byte[] Record(ItemResult result)
    {
        var row = new RowBuffer(256, new MemorySpanResizer<byte>(256));
        row.InitLayout(HybridRowVersion.V1, BatchSchemas.Result, BatchSchemas.Resolver);
        BatchSchemas.Check(RowWriter.WriteBuffer(ref row, result, Fields));
        return row.ToArray();
    }

    private static Result Fields(ref RowWriter writer, TypeArgument type, ItemResult result)
    {
        BatchSchemas.Check(writer.WriteInt32("statusCode", result.Status));
        BatchSchemas.Check(writer.WriteInt32("subStatusCode", 0));
        if (result is { Status: 200 or 201, Item: { } item })
        {
            BatchSchemas.Check(writer.WriteString("eTag", item.ETag));
            if (!result.Operation.WantsNoBody)
                BatchSchemas.Check(writer.WriteBinary("resourceBody", item.Body.Span));
        }

        return writer.WriteFloat64("requestCharge", result.Charge);
    }
}
