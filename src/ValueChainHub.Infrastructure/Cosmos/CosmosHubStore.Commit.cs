using System.Net;
using Microsoft.Azure.Cosmos;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Infrastructure.Cosmos;

internal sealed partial class CosmosHubStore
{
    private const HttpStatusCode FailedDependency = HttpStatusCode.FailedDependency;

    public async ValueTask<CommitResult> CommitAsync(string container, string partition, IReadOnlyList<WriteOperation> operations, CancellationToken cancellationToken)
    {
        StoreArguments.CheckCommit(container, partition, operations);
        var result = await calls.DoAsync(
            "commit", container, isWrite: true, token => operations.Count == 1 ? WriteAsync(container, partition, operations[0], token) : BatchAsync(container, partition, operations, token), cancellationToken);
        if (result is CommitResult.Committed)
            _signals[container].Raise();
        return result;
    }

    private async Task<(CommitResult Result, double Charge)> WriteAsync(string container, string partition, WriteOperation operation, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(containers[container].Container, new PartitionKey(partition), partition, operation, cancellationToken);
        CommitResult result = response.IsSuccessStatusCode ? new CommitResult.Committed([operation is WriteOperation.Delete ? null : response.Headers.ETag])
            : IsPlain(response.Headers) && ProblemOf(response.StatusCode) is { } problem ? new CommitResult.Refused(0, problem)
            : throw Fault(response, isWrite: true);
        return (result, response.Headers.RequestCharge);
    }

    private static async Task<ResponseMessage> SendAsync(Container container, PartitionKey key, string partition, WriteOperation operation, CancellationToken cancellationToken)
    {
        var options = new ItemRequestOptions { EnableContentResponseOnWrite = false, IfMatchEtag = ETagOf(operation) };
        switch (operation)
        {
            case WriteOperation.Create create:
                using (var document = CosmosItem.Write(partition, create.Id, create.Body, create.TimeToLive))
                    return await container.CreateItemStreamAsync(document, key, options, cancellationToken);
            case WriteOperation.Put put:
                using (var document = CosmosItem.Write(partition, put.Id, put.Body, put.TimeToLive))
                    return await container.UpsertItemStreamAsync(document, key, options, cancellationToken);
            case WriteOperation.Replace replace:
                using (var document = CosmosItem.Write(partition, replace.Id, replace.Body, replace.TimeToLive))
                    return await container.ReplaceItemStreamAsync(document, replace.Id, key, options, cancellationToken);
            default:
                return await container.DeleteItemStreamAsync(operation.Id, key, options, cancellationToken);
        }
    }

    private async Task<(CommitResult Result, double Charge)> BatchAsync(string container, string partition, IReadOnlyList<WriteOperation> operations, CancellationToken cancellationToken)
    {
        var batch = containers[container].Container.CreateTransactionalBatch(new PartitionKey(partition));
        foreach (var operation in operations)
            Add(batch, partition, operation);
        using var response = await batch.ExecuteAsync(cancellationToken);
        if (response.IsSuccessStatusCode)
            return (new CommitResult.Committed([.. operations.Select((operation, index) => operation is WriteOperation.Delete ? null : response[index].ETag)]), response.RequestCharge);
        for (var index = 0; index < response.Count; index++)
        {
            if (response[index].StatusCode != FailedDependency && ProblemOf(response[index].StatusCode) is { } problem)
                return (new CommitResult.Refused(index, problem), response.RequestCharge);
        }
        throw CosmosFault.Of(response.StatusCode, isWrite: true, response.RetryAfter);
    }

    private static void Add(TransactionalBatch batch, string partition, WriteOperation operation)
    {
        var options = new TransactionalBatchItemRequestOptions { EnableContentResponseOnWrite = false, IfMatchEtag = ETagOf(operation) };
        _ = operation switch
        {
            WriteOperation.Create create => batch.CreateItemStream(CosmosItem.Write(partition, create.Id, create.Body, create.TimeToLive), options),
            WriteOperation.Put put => batch.UpsertItemStream(CosmosItem.Write(partition, put.Id, put.Body, put.TimeToLive), options),
            WriteOperation.Replace replace => batch.ReplaceItemStream(replace.Id, CosmosItem.Write(partition, replace.Id, replace.Body, replace.TimeToLive), options),
            _ => batch.DeleteItem(operation.Id, options),
        };
    }

    private static string? ETagOf(WriteOperation operation) => operation switch
    {
        WriteOperation.Replace replace => replace.ETag,
        WriteOperation.Delete delete => delete.ETag,
        _ => null,
    };

    private static WriteProblem? ProblemOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Conflict => WriteProblem.AlreadyExists,
        HttpStatusCode.PreconditionFailed => WriteProblem.ETagMismatch,
        HttpStatusCode.NotFound => WriteProblem.NotFound,
        _ => null,
    };
}
