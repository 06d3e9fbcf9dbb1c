using System.Text.Json;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Reconciliation;

/// <summary>How far a stream is settled: what changed until then has been compared.</summary>
internal sealed record Settled(DateTimeOffset Until);

/// <summary>The last reconciliation of a connector, for people.</summary>
/// <param name="RunId">The run.</param>
/// <param name="At">When it ended.</param>
/// <param name="Lost">Webhooks lost.</param>
/// <param name="LostPer10000">Of ten thousand changes.</param>
/// <param name="Alert">More than the threshold.</param>
/// <param name="Webhooks">What is wrong with the vendor's webhooks; null when nothing is.</param>
public sealed record LastWalk(string RunId, DateTimeOffset At, long Lost, double? LostPer10000, bool Alert, string? Webhooks);

/// <summary>The topics that the vendor was seen to send, so that one that it dropped is told from one that nobody subscribed.</summary>
internal sealed record SeenTopics(IReadOnlyList<string> Topics);

/// <summary>What is remembered between the reconciliations of a connector.</summary>
internal sealed class Settlements(IHubStore store)
{
    private const string Partition = "reconciliations";

    public async ValueTask<DateTimeOffset?> SettledAsync(string connector, string stream, CancellationToken cancellationToken) =>
        await ReadAsync($"settled|{connector}|{stream}", WalkContext.Default.Settled, cancellationToken) is { Value: { } settled } ? settled.Until : null;

    /// <summary>Never goes back: a walk that an operator began further back settles nothing that was settled before.</summary>
    public async ValueTask SettleAsync(string connector, string stream, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (await SettledAsync(connector, stream, cancellationToken) is not { } known || known < until)
            await PutAsync($"settled|{connector}|{stream}", new Settled(until), WalkContext.Default.Settled, cancellationToken);
    }

    public async ValueTask<LastWalk?> LastAsync(string connector, CancellationToken cancellationToken) =>
        (await ReadAsync($"last|{connector}", WalkContext.Default.LastWalk, cancellationToken)).Value;

    public ValueTask EndAsync(string connector, LastWalk last, CancellationToken cancellationToken) =>
        PutAsync($"last|{connector}", last, WalkContext.Default.LastWalk, cancellationToken);

    public async ValueTask<IReadOnlyList<string>> TopicsAsync(string connector, CancellationToken cancellationToken) =>
        (await ReadAsync($"topics|{connector}", WalkContext.Default.SeenTopics, cancellationToken)).Value?.Topics ?? [];

    public ValueTask SawAsync(string connector, IReadOnlyList<string> topics, CancellationToken cancellationToken) =>
        PutAsync($"topics|{connector}", new SeenTopics(topics), WalkContext.Default.SeenTopics, cancellationToken);

    private async ValueTask<(T? Value, string? ETag)> ReadAsync<T>(string id, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class =>
        await store.ReadAsync(HubContainers.Ledger, Partition, id, cancellationToken) is { } item ? (JsonSerializer.Deserialize(item.Body.Span, type), item.ETag) : (null, null);

    private async ValueTask PutAsync<T>(string id, T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        await store.CommitAsync(HubContainers.Ledger, Partition, [new WriteOperation.Put(id, JsonSerializer.SerializeToUtf8Bytes(value, type))], cancellationToken);
}
