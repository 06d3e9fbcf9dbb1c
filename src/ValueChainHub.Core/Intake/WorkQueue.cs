using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Intake;

/// <summary>Work that is due at a time: deliveries whose fold failed, things to fetch. Listed by due time, each connector's in partitions of its own: a long line of one hides nothing of another's.</summary>
public sealed class WorkQueue(IHubStore store, TimeProvider time)
{
    public const string FoldKind = "fold";
    public const string FetchKind = "fetch";

    /// <summary>Of each connector and kind, so that no partition is hot.</summary>
    private const int Shards = 8;

    /// <summary>Counting stops there.</summary>
    private const int LargestCount = 10_000;

    /// <summary>A fold failed at <paramref name="at"/>: it is tried again, first soon and then ever later. Asked twice for the same failure, it is one piece of work.</summary>
    internal ValueTask ParkAsync(string deliveryId, string reason, DateTimeOffset at, CancellationToken cancellationToken) =>
        AddAsync(new WorkItem(FoldKind, deliveryId, Delivery.ConnectorOf(deliveryId), 1, reason), at + RetrySchedule.Waits[0], cancellationToken);

    /// <summary>Things to fetch, now.</summary>
    internal async ValueTask FetchAsync(IReadOnlyList<FetchRequest> requests, CancellationToken cancellationToken)
    {
        foreach (var request in requests)
            await AddAsync(new WorkItem(FetchKind, request.Resource, request.Connector, 0, request.Reason), time.GetUtcNow(), cancellationToken);
    }

    /// <summary>A connector's work of one kind that is due, what has waited longest first.</summary>
    internal async ValueTask<IReadOnlyList<DueWork>> DueAsync(string kind, string connector, int limit, CancellationToken cancellationToken)
    {
        var (due, until) = (new List<StoredItem>(), new IdRange(null, DueId(time.GetUtcNow(), "~")));
        for (var shard = 0; shard < Shards; shard++)
            due.AddRange(await store.ReadRangeAsync(HubContainers.Work, PartitionOf(kind, connector, shard), until, limit, cancellationToken));
        return [.. due.OrderBy(item => item.Id, StringComparer.Ordinal).Take(limit).Select(item => new DueWork(WorkItem.Read(item.Body), item))];
    }

    /// <summary>How much of a connector's work of one kind waits, and how much was given up; each counted up to ten thousand.</summary>
    internal async ValueTask<(int Pending, int Dead)> CountAsync(string kind, string connector, CancellationToken cancellationToken)
    {
        var pending = 0;
        for (var shard = 0; shard < Shards && pending < LargestCount; shard++)
            pending += await CountAsync(PartitionOf(kind, connector, shard), LargestCount - pending, cancellationToken);
        return (pending, await CountAsync(DeadPartitionOf(kind, connector), LargestCount, cancellationToken));
    }

    private async ValueTask<int> CountAsync(string partition, int limit, CancellationToken cancellationToken) =>
        (await store.ReadRangeAsync(HubContainers.Work, partition, new IdRange(null, null), limit, cancellationToken)).Count;

    /// <summary>The work is done.</summary>
    internal async ValueTask DoneAsync(StoredItem item, CancellationToken cancellationToken) =>
        await store.CommitAsync(HubContainers.Work, item.Partition, [new WriteOperation.Delete(item.Id)], cancellationToken);

    /// <summary>The work failed again: moved to its next time, or answered false when no attempt is left.</summary>
    internal async ValueTask<bool> AgainAsync(WorkItem work, StoredItem item, string reason, DateTimeOffset? notBefore, CancellationToken cancellationToken)
    {
        if (RetrySchedule.After(work.Attempts, IdOf(work)) is not { } wait)
            return false;
        var due = time.GetUtcNow() + wait;
        var next = work with { Attempts = work.Attempts + 1, Reason = reason };
        var id = DueId(notBefore > due ? notBefore.Value : due, IdOf(work));
        await store.CommitAsync(HubContainers.Work, item.Partition, [new WriteOperation.Delete(item.Id), new WriteOperation.Put(id, next.Write())], cancellationToken);
        return true;
    }

    /// <summary>The vendor puts us off, or cannot be reached at all: that is no failure of the work, so it costs no attempt, and a long line behind a rate limit is never given up.</summary>
    internal async ValueTask LaterAsync(WorkItem work, StoredItem item, DateTimeOffset? notBefore, CancellationToken cancellationToken)
    {
        var id = DueId(RetrySchedule.Due(time.GetUtcNow(), RetrySchedule.Waits[0], notBefore), IdOf(work));
        await store.CommitAsync(HubContainers.Work, item.Partition, [new WriteOperation.Delete(item.Id), new WriteOperation.Put(id, work.Write())], cancellationToken);
    }

    /// <summary>No attempt is left, or none would help: kept, with the last reason, for a person.</summary>
    internal async ValueTask BuryAsync(WorkItem work, StoredItem item, string reason, CancellationToken cancellationToken)
    {
        var dead = (work with { Reason = reason, Attempts = work.Attempts + 1, DeadAt = time.GetUtcNow() }).Write();
        await store.CommitAsync(HubContainers.Work, DeadPartitionOf(work.Kind, work.Connector), [new WriteOperation.Put(IdOf(work), dead, HubContainers.InboxRetention)], cancellationToken);
        HubTelemetry.CountDeadLetter("intake", work.Connector);
        await DoneAsync(item, cancellationToken);
    }

    /// <summary>What was given up, by id, after <paramref name="after"/>.</summary>
    internal async ValueTask<IReadOnlyList<DueWork>> DeadAsync(string kind, string connector, string? after, int limit, CancellationToken cancellationToken)
    {
        var items = await store.ReadRangeAsync(HubContainers.Work, DeadPartitionOf(kind, connector), new IdRange(null, null).After(after ?? ""), limit, cancellationToken);
        return [.. items.Select(item => new DueWork(WorkItem.Read(item.Body), item))];
    }

    /// <summary>What was given up is due now, as if new. False when there is no such work. Cut off in between, it is both, and its success ends both.</summary>
    internal async ValueTask<bool> ReviveAsync(string kind, string connector, string id, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(HubContainers.Work, DeadPartitionOf(kind, connector), id, cancellationToken) is not { } item)
            return false;
        await AddAsync(WorkItem.Read(item.Body) with { Attempts = 0, DeadAt = null }, time.GetUtcNow(), cancellationToken);
        await DoneAsync(item, cancellationToken);
        return true;
    }

    /// <summary>Nobody waits for it any more. False when there is no such work.</summary>
    internal async ValueTask<bool> DiscardAsync(string kind, string connector, string id, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(HubContainers.Work, DeadPartitionOf(kind, connector), id, cancellationToken) is not { } item)
            return false;
        await DoneAsync(item, cancellationToken);
        return true;
    }

    /// <summary>The same work succeeded: if it was given up before, nobody needs to look at that any more.</summary>
    internal async ValueTask SucceededAsync(WorkItem work, CancellationToken cancellationToken) =>
        await DiscardAsync(work.Kind, work.Connector, IdOf(work), cancellationToken);

    private async ValueTask AddAsync(WorkItem work, DateTimeOffset due, CancellationToken cancellationToken)
    {
        var id = IdOf(work);
        var put = new WriteOperation.Put(DueId(due, id), work.Write());
        await store.CommitAsync(HubContainers.Work, PartitionOf(work.Kind, work.Connector, ShardOf(id)), [put], cancellationToken);
    }

    /// <summary>What failed, without quoting data: the kind of exception.</summary>
    internal static string ReasonOf(Exception failure) => failure.GetType().Name;

    private static string PartitionOf(string kind, string connector, int shard) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{connector}-{shard}");

    private static string DeadPartitionOf(string kind, string connector) => $"{kind}-{connector}-dead";

    private static string DueId(DateTimeOffset due, string id) => string.Create(CultureInfo.InvariantCulture, $"{due.UtcTicks:D19}|{id}");

    private static string IdOf(WorkItem work) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(work.Connector + "\0" + work.Target)).AsSpan(0, 12));

    private static int ShardOf(string id) => Convert.ToInt32(id[..4], 16) % Shards;
}

/// <summary>Work that is due, and the item it stands in.</summary>
internal readonly record struct DueWork(WorkItem Work, StoredItem Item);

/// <summary>Something to do: fold a delivery, fetch a resource.</summary>
/// <param name="Kind"><see cref="WorkQueue.FoldKind"/> or <see cref="WorkQueue.FetchKind"/>.</param>
/// <param name="Target">The delivery, or the resource.</param>
/// <param name="Connector">The connector's name.</param>
/// <param name="Attempts">How often it failed.</param>
/// <param name="Reason">Why it is to be done, or why it failed the last time.</param>
/// <param name="DeadAt">When it was given up.</param>
internal sealed record WorkItem(string Kind, string Target, string Connector, int Attempts, string? Reason, DateTimeOffset? DeadAt = null)
{
    public static WorkItem Read(ReadOnlyMemory<byte> body) => JsonSerializer.Deserialize(body.Span, WorkContext.Default.WorkItem)!;

    public ReadOnlyMemory<byte> Write() => JsonSerializer.SerializeToUtf8Bytes(this, WorkContext.Default.WorkItem);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WorkItem))]
internal sealed partial class WorkContext : JsonSerializerContext;
