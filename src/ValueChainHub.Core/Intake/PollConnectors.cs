using System.Text.Json;
using System.Text.Json.Serialization;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Intake;

/// <summary>Asks vendors what happened since, and keeps the answers like what they send by themselves: as deliveries, of kind reconciled.</summary>
/// <remarks>Answers are durable before the position moves, and the same answer has the same delivery id: run twice at once or cut off anywhere, nothing is lost and nothing counts twice.</remarks>
public sealed class PollConnectors(IHubStore store, ConnectorCatalog connectors, TranslationHandover handover, TimeProvider time)
{
    private const string Partition = "polls";

    /// <summary>How far back the first poll of a stream reaches.</summary>
    private static readonly TimeSpan FirstReach = TimeSpan.FromDays(1);

    /// <summary>The wait after a failure for which the vendor names none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>A run ends after this, wherever it is; the next one goes on there.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(45);

    private readonly KeepAnswers _answers = new(store, handover, time);

    /// <summary>Asks every connector, all at the same time, page by page. True when there is more right away.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var polled = connectors.All.OfType<IPollConnector>().Where(connector => connector.CanPoll);
        return (await Task.WhenAll(polled.Select(connector => PollAsync(connector, cancellationToken)))).Contains(true);
    }

    /// <summary>Where the streams of a connector stand.</summary>
    public async ValueTask<IReadOnlyList<PollState>> ReadAsync(string connector, CancellationToken cancellationToken)
    {
        var items = await store.ReadRangeAsync(HubContainers.Ledger, Partition, IdRange.StartingWith(connector + "|"), 1_000, cancellationToken);
        return [.. items.Select(item => (Item: item, Position: JsonSerializer.Deserialize(item.Body.Span, PollContext.Default.PollPosition)!))
            .Select(one => new PollState(one.Item.Id[(connector.Length + 1)..], one.Position.Cursor, one.Position.NotBefore))];
    }

    /// <summary>Whether the connector has more when the time of a run is up.</summary>
    private async Task<bool> PollAsync(IPollConnector connector, CancellationToken cancellationToken)
    {
        for (var (started, hasMore) = (time.GetTimestamp(), true); hasMore;)
        {
            hasMore = false;
            foreach (var stream in connector.PollStreams)
            {
                if (time.GetElapsedTime(started) > LongestRun)
                    return true;
                if (connector.Line?.NotBefore is not null || await PollAsync(connector, stream, cancellationToken) is not { } more)
                    return false;
                hasMore |= more;
            }
        }
        return false;
    }

    /// <summary>Whether the stream has more, or null when the vendor does not answer now: then its other streams are left in peace too.</summary>
    private async Task<bool?> PollAsync(IPollConnector connector, string stream, CancellationToken cancellationToken)
    {
        var (now, id) = (time.GetUtcNow(), $"{connector.Name}|{stream}");
        var stored = await store.ReadAsync(HubContainers.Ledger, Partition, id, cancellationToken);
        var position = stored is null ? new PollPosition(null, null) : JsonSerializer.Deserialize(stored.Body.Span, PollContext.Default.PollPosition)!;
        if (position.NotBefore > now)
            return null;
        switch (await AskAsync(connector, new PollRequest(stream, now - FirstReach, position.Cursor), cancellationToken))
        {
            case PollOutcome.Page page:
                foreach (var answer in page.Answers)
                    await KeepAsync(connector, answer, cancellationToken);
                if (page.Cursor != position.Cursor || position.NotBefore is not null)
                    await SaveAsync(id, stored, new(page.Cursor, null), cancellationToken);
                return page.HasMore;
            case PollOutcome.Failed failed:
                await SaveAsync(id, stored, position with { NotBefore = failed.NotBefore ?? now + Patience }, cancellationToken);
                return null;
            default:
                throw new InvalidOperationException("A poll has one of two outcomes.");
        }
    }

    private static async Task<PollOutcome> AskAsync(IPollConnector connector, PollRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await connector.PollAsync(request, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new PollOutcome.Failed(FailureKind.Unavailable, WorkQueue.ReasonOf(failure));
        }
    }

    private async ValueTask KeepAsync(IPollConnector connector, PolledAnswer answer, CancellationToken cancellationToken)
    {
        if (!await _answers.IsKeptAsync(connector.Name, answer.DeliveryId, cancellationToken))
            await _answers.KeepAsync(connector, DeliveryKind.Reconciled, answer, cancellationToken);
    }

    /// <summary>A position that somebody else moved meanwhile stays where they put it: they asked from the same place.</summary>
    private async ValueTask SaveAsync(string id, StoredItem? stored, PollPosition position, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(position, PollContext.Default.PollPosition);
        WriteOperation write = stored is null ? new WriteOperation.Create(id, body) : new WriteOperation.Replace(id, body, stored.ETag);
        await store.CommitAsync(HubContainers.Ledger, Partition, [write], cancellationToken);
    }
}

/// <summary>Where a stream of a connector stands, for people.</summary>
/// <param name="Stream">The connector's word for it.</param>
/// <param name="Cursor">Where the next poll begins, in the connector's words.</param>
/// <param name="NotBefore">When it is asked again after a failure.</param>
public sealed record PollState(string Stream, string? Cursor, DateTimeOffset? NotBefore);

/// <summary>Where a stream of a connector stands.</summary>
internal sealed record PollPosition(string? Cursor, DateTimeOffset? NotBefore);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PollPosition))]
internal sealed partial class PollContext : JsonSerializerContext;
