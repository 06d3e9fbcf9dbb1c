using System.Globalization;
using System.Text;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Runs;

/// <summary>Begins runs by the clock: of however many processes one begins each, and none while one of the kind is running for the connector.</summary>
internal sealed class RunTurns(IHubStore store, RunRegister runs, TimeProvider time)
{
    private const string Partition = "run-turns";

    /// <summary>Begins what is due for a connector; the next turn is after <paramref name="every"/>.</summary>
    /// <param name="kind">The kind of run.</param>
    /// <param name="connector">The connector.</param>
    /// <param name="every">The time between two.</param>
    /// <param name="firstAtOnce">Whether the first turn is now, or when the time has passed once.</param>
    /// <param name="start">Begins it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask BeginAsync(string kind, string connector, TimeSpan every, bool firstAtOnce, Func<CancellationToken, ValueTask<Run?>> start, CancellationToken cancellationToken)
    {
        if (await TakeAsync(kind, connector, every, firstAtOnce, cancellationToken) && await ActiveAsync(kind, connector, cancellationToken) is null)
            await start(cancellationToken);
    }

    /// <summary>The run of a kind that is going on for a connector.</summary>
    public async ValueTask<Run?> ActiveAsync(string kind, string connector, CancellationToken cancellationToken)
    {
        foreach (var id in await runs.ActiveAsync(cancellationToken))
        {
            if (await runs.ReadAsync(id, cancellationToken) is { State: RunStates.Running } run && run.Kind == kind && run.Connector == connector)
                return run;
        }
        return null;
    }

    /// <summary>True for the one caller whose turn it is: the item's etag decides.</summary>
    private async ValueTask<bool> TakeAsync(string kind, string connector, TimeSpan every, bool firstAtOnce, CancellationToken cancellationToken)
    {
        var (id, now) = ($"turn|{kind}|{connector}", time.GetUtcNow());
        var item = await store.ReadAsync(HubContainers.Ledger, Partition, id, cancellationToken);
        if (item is not null && DateTimeOffset.Parse(Encoding.UTF8.GetString(item.Body.Span).Trim('"'), CultureInfo.InvariantCulture) > now)
            return false;
        var next = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"{now + every:O}\""));
        WriteOperation write = item is null ? new WriteOperation.Create(id, next) : new WriteOperation.Replace(id, next, item.ETag);
        return await store.CommitAsync(HubContainers.Ledger, Partition, [write], cancellationToken) is CommitResult.Committed && (item is not null || firstAtOnce);
    }
}
