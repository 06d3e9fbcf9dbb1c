using ValueChainHub.CosmosWire.Batches;
using ValueChainHub.CosmosWire.Feeds;
using ValueChainHub.CosmosWire.Queries;
using ValueChainHub.CosmosWire.Store;

namespace ValueChainHub.CosmosWire.Wire;

/// <summary>Which part of the server answers a request.</summary>
internal sealed class WireRouter(WireAccount account, string endpoint)
{
    /// <exception cref="WireRefusal">The answer is no.</exception>
    public async Task<WireAnswer> AnswerAsync(WireRequest request) => request.Operation switch
    {
        WireOperation.Batch => await BatchAnswers.AnswerBatchAsync(account.Container(request.Database, request.Container), request),
        WireOperation.Bulk => await BatchAnswers.AnswerBulkAsync(account.Container(request.Database, request.Container), request),
        _ => Answer(request),
    };

    private WireAnswer Answer(WireRequest request) => request.Operation switch
    {
        WireOperation.ReadAccount => AccountAnswers.ReadAccount(endpoint),
        WireOperation.CreateDatabase => AccountAnswers.CreateDatabase(account, request),
        WireOperation.ReadDatabase => AccountAnswers.ReadDatabase(account, request),
        WireOperation.CreateContainer => ContainerAnswers.Create(account.Database(request.Database), request),
        WireOperation.ReplaceContainer => ContainerAnswers.Replace(account, request),
        WireOperation.DeleteContainer => ContainerAnswers.Delete(account.Database(request.Database), request),
        WireOperation.ReadContainer => ContainerAnswers.Read(account.Container(request.Database, request.Container), 200),
        WireOperation.ReadRanges => ContainerAnswers.Ranges(account.Container(request.Database, request.Container), request),
        WireOperation.CreateItem => ItemAnswers.Write(account.Container(request.Database, request.Container), request, ItemVerb.Create),
        WireOperation.UpsertItem => ItemAnswers.Write(account.Container(request.Database, request.Container), request, ItemVerb.Upsert),
        WireOperation.ReplaceItem => ItemAnswers.Write(account.Container(request.Database, request.Container), request, ItemVerb.Replace),
        WireOperation.DeleteItem => ItemAnswers.Write(account.Container(request.Database, request.Container), request, ItemVerb.Delete),
        WireOperation.ReadItem => ItemAnswers.Read(account.Container(request.Database, request.Container), request),
        WireOperation.Query => QueryAnswers.Answer(account.Container(request.Database, request.Container), request),
        WireOperation.ChangeFeed => FeedAnswers.Answer(account.Container(request.Database, request.Container), request),
        WireOperation.QueryPlan => QueryPlan.Answer(request),
        _ => throw WireRefusal.Unsupported($"{request.Method} /{string.Join('/', request.Segments)}"),
    };
}
