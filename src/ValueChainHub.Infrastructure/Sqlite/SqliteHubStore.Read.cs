using System.Text;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Infrastructure.Sqlite;

internal sealed partial class SqliteHubStore
{
    public async ValueTask<StoredItem?> ReadAsync(string container, string partition, string id, CancellationToken cancellationToken)
    {
        StoreArguments.CheckKey(container, partition, id);
        return await ReadingAsync((container: Index(container), partition, id, now: Now), static (session, key) => ReadOne(session, key), cancellationToken);
    }

    public async ValueTask<IReadOnlyList<StoredItem>> ReadRangeAsync(string container, string partition, IdRange range, int limit, CancellationToken cancellationToken)
    {
        StoreArguments.CheckRange(container, partition, limit);
        return await ReadingAsync((container: Index(container), partition, range, limit, now: Now), static (session, query) => ReadRange(session, query), cancellationToken);
    }

    private static StoredItem? ReadOne(SqliteSession session, (int Container, string Partition, string Id, long Now) key)
    {
        var read = session.Items(key.Container).Read;
        read.BindText(1, Key(key.Partition, key.Id));
        read.Bind(2, key.Now);
        try
        {
            return read.Step() ? new StoredItem(key.Partition, key.Id, read.Bytes(1).ToArray(), ETag(read.Int64(0))) : null;
        }
        finally
        {
            read.Reset();
        }
    }

    private static List<StoredItem> ReadRange(SqliteSession session, (int Container, string Partition, IdRange Range, int Limit, long Now) query)
    {
        var statements = session.Items(query.Container);
        var read = query.Range.Descending ? statements.RangeDown : statements.RangeUp;
        read.BindText(1, Key(query.Partition, query.Range.From ?? ""));
        read.BindText(3, UpperBound(query.Partition, query.Range.To));
        read.Bind(2, query.Now);
        read.Bind(4, (long)query.Limit);
        var items = new List<StoredItem>();
        try
        {
            while (read.Step())
            {
                var id = Encoding.UTF8.GetString(read.Bytes(1)[(query.Partition.Length + 1)..]);
                items.Add(new StoredItem(query.Partition, id, read.Bytes(2).ToArray(), ETag(read.Int64(0))));
            }
        }
        finally
        {
            read.Reset();
        }

        return items;
    }

    /// <remarks>A zero is the character after the slash: the first key that the partition cannot have.</remarks>
    private static byte[] UpperBound(string partition, string? to) => to is null ? Encoding.UTF8.GetBytes(partition + "0") : Key(partition, to);

    private async ValueTask<TAnswer> ReadingAsync<TState, TAnswer>(TState state, Func<SqliteSession, TState, TAnswer> read, CancellationToken cancellationToken)
    {
        try
        {
            return await readers.ReadAsync(state, read, cancellationToken);
        }
        catch (SqliteFault fault)
        {
            throw Unavailable(fault);
        }
    }
}
