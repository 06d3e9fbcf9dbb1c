using Microsoft.Azure.Cosmos.Serialization.HybridRow;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.IO;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.RecordIO;
using ValueChainHub.CosmosWire.Wire;

namespace ValueChainHub.CosmosWire.Batches;

/// <summary>One operation as it stands in the body of a batch.</summary>
internal sealed record BatchRow(int Verb, string? PartitionKey, string? Id, ReadOnlyMemory<byte> Body, string? IfMatch, bool WantsNoBody);

/// <summary>Reads the body of a batch: a record for each operation, after a segment that is skipped.</summary>
internal static class BatchReader
{
    private const int ItemResource = 2;

    public static async Task<IReadOnlyList<BatchRow>> ReadAsync(ReadOnlyMemory<byte> body)
    {
        var rows = new List<BatchRow>();
        using var stream = new MemoryStream(body.ToArray());
        // With a buffer of no size it reads nothing and calls that success.
        BatchSchemas.Check(await stream.ReadRecordIOAsync((ReadOnlyMemory<byte> record) => Add(record, rows), resizer: new(body.Length)));
        return rows;
    }

    private static Result Add(ReadOnlyMemory<byte> record, List<BatchRow> rows)
    {
        var row = new RowBuffer(record.Length);
        if (!row.ReadFrom(record.Span, HybridRowVersion.V1, BatchSchemas.Resolver))
            return Result.Failure;
        rows.Add(Read(new RowReader(ref row)));
        return Result.Success;
    }

    private static BatchRow Read(RowReader reader)
    {
        var row = new BatchRow(-1, null, null, default, null, false);
        while (reader.Read())
        {
            row = (string)reader.Path switch
            {
                "operationType" => row with { Verb = Number(ref reader) },
                "resourceType" => Number(ref reader) == ItemResource ? row : throw WireRefusal.Unsupported("a batch of something other than items"),
                "partitionKey" => row with { PartitionKey = Text(ref reader) },
                "id" => row with { Id = Text(ref reader) },
                "resourceBody" => row with { Body = Bytes(ref reader) },
                "ifMatch" => row with { IfMatch = Text(ref reader) },
                "minimalReturnPreference" => row with { WantsNoBody = Truth(ref reader) },
                var field => throw WireRefusal.Unsupported($"{field} in a batch"),
            };
        }

        return row;
    }

    private static int Number(ref RowReader reader)
    {
        BatchSchemas.Check(reader.ReadInt32(out var value));
        return value;
    }

    private static string Text(ref RowReader reader)
    {
        BatchSchemas.Check(reader.ReadString(out string value));
        return value;
    }

    private static byte[] Bytes(ref RowReader reader)
    {
        BatchSchemas.Check(reader.ReadBinary(out byte[] value));
        return value;
    }

    private static bool Truth(ref RowReader reader)
    {
        BatchSchemas.Check(reader.ReadBool(out var value));
        return value;
    }
}
