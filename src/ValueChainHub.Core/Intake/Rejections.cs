using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Intake;

/// <summary>Requests that were turned away, by connector and reason: outside the ledger's sum, because they never became deliveries. A rotated secret shows here at once.</summary>
/// <remarks>Counted in memory and written every few seconds, so that a flood costs no writes; a crash may lose the last seconds.</remarks>
public sealed class Rejections(IHubStore store) : IDisposable
{
    private const string Partition = "rejected";
    private readonly ConcurrentDictionary<(string Connector, RejectionReason Reason), Rejection> _counts = new();
    private readonly SemaphoreSlim _one = new(1, 1);
    private bool _loaded;

    public void Count(string connector, RejectionReason reason, DateTimeOffset at) =>
        _counts.AddOrUpdate((connector, reason), _ => new(1, at), (_, known) => new(known.Count + 1, at));

    /// <summary>All counts by connector and reason, with the last time.</summary>
    public async ValueTask<IReadOnlyDictionary<(string Connector, RejectionReason Reason), Rejection>> ReadAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        return _counts;
    }

    /// <summary>Writes what has changed.</summary>
    public async ValueTask SaveAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        foreach (var connector in _counts.Keys.Select(key => key.Connector).Distinct(StringComparer.Ordinal))
        {
            var reasons = _counts.Where(count => count.Key.Connector == connector).ToDictionary(count => count.Key.Reason.ToString(), count => count.Value, StringComparer.Ordinal);
            var body = JsonSerializer.SerializeToUtf8Bytes(reasons, RejectionContext.Default.DictionaryStringRejection);
            await store.CommitAsync(HubContainers.Ledger, Partition, [new WriteOperation.Put(connector, body)], cancellationToken);
        }
    }

    public void Dispose() => _one.Dispose();

    private async ValueTask LoadAsync(CancellationToken cancellationToken)
    {
        if (_loaded)
            return;
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_loaded)
                return;
            foreach (var item in await store.ReadRangeAsync(HubContainers.Ledger, Partition, new IdRange(null, null), 1_000, cancellationToken))
            {
                foreach (var (reason, saved) in JsonSerializer.Deserialize(item.Body.Span, RejectionContext.Default.DictionaryStringRejection)!)
                    _counts.AddOrUpdate((item.Id, Enum.Parse<RejectionReason>(reason)), saved, (_, since) => new(saved.Count + since.Count, since.LastAt));
            }
            _loaded = true;
        }
        finally
        {
            _one.Release();
        }
    }
}

public sealed record Rejection(long Count, DateTimeOffset LastAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Dictionary<string, Rejection>))]
internal sealed partial class RejectionContext : JsonSerializerContext;
