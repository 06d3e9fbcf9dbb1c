using ValueChainHub.Core.Storage;

namespace ValueChainHub.Infrastructure.Sqlite;

internal sealed partial class SqliteHubStore
{
    private const int PurgeBatch = 200;

    /// <summary>Removes up to so many expired items for good, in small commits that let others in between. Answers how many it removed.</summary>
    public async Task<int> PurgeAsync(int limit, CancellationToken cancellationToken)
    {
        var purged = 0;
        for (var container = 0; container < HubContainers.All.Count; container++)
        {
            for (int batch, removed = -1; removed != 0 && purged < limit; purged += removed)
            {
                batch = Math.Min(PurgeBatch, limit - purged);
                removed = await writer.Run(new Purge(container, batch, cancellationToken));
            }
        }

        return purged;
    }

    /// <remarks>An item that lived this long before it expired is one that a reader of the feed may have counted on.</remarks>
    private sealed class Purge(int container, int limit, CancellationToken cancellationToken) : SqliteWork<int>(cancellationToken)
    {
        private static readonly long Missed = (long)TimeSpan.FromDays(1).TotalMilliseconds;

        protected override int Write(SqliteGroup group)
        {
            var statements = group.Session.Items(container);
            var expired = Expired(statements.Expired, group.Time);
            foreach (var (sequence, _) in expired)
            {
                group.Removed();
                statements.Delete.Bind(1, sequence);
                statements.Delete.Run();
            }

            if (expired.Where(row => row.Missed).Select(row => row.Sequence).DefaultIfEmpty().Max() is > 0 and var upTo)
            {
                statements.SetPurgedUpTo.Bind(1, upTo);
                statements.SetPurgedUpTo.Run();
            }

            return expired.Count;
        }

        protected override Exception Explain(SqliteFault fault) => Unavailable(fault);

        private List<(long Sequence, bool Missed)> Expired(SqliteStatement read, long now)
        {
            var rows = new List<(long, bool)>(limit);
            read.Bind(1, now);
            read.Bind(2, (long)limit);
            while (read.Step())
            {
                rows.Add((read.Int64(0), read.Int64(2) - read.Int64(1) >= Missed));
            }

            read.Reset();
            return rows;
        }
    }
}
