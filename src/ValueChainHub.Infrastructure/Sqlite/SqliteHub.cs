using ValueChainHub.Core.Messaging;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Infrastructure.Sqlite;

/// <summary>The hub's items and messages in one file of one data directory, held by this process.</summary>
public sealed class SqliteHub : IAsyncDisposable
{
    private const int MessageBatch = 200;
    private const int VacuumStep = 256;

    /// <summary>Free pages that are kept for what comes next: giving them back and taking them again costs more than 16 MiB are worth.</summary>
    private const int SparePages = 4096;

    private readonly SqliteDatabase _database;
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;
    private readonly SqliteHubStore _store;
    private readonly SqliteChainBus _bus;

    private SqliteHub(SqliteDatabase database, SqliteHubOptions options, TimeProvider time)
    {
        _database = database;
        var reader = database.Reader();
        var start = SqliteStart.Read(reader);
        _writer = new SqliteWriter(database, options, start, time);
        _readers = new SqliteReaders(database, options.Readers);
        _store = new SqliteHubStore(_writer, _readers, start, time);
        _bus = new SqliteChainBus(_writer, reader, start, options, time);
    }

    public IHubStore Store => _store;

    public IChainBus Bus => _bus;

    /// <summary>Opens the directory, and makes it and its schema if they are missing.</summary>
    /// <exception cref="InvalidOperationException">Another process has the directory, or a newer program made the file.</exception>
    /// <exception cref="StoreUnavailableException">The file cannot be read.</exception>
    public static SqliteHub Open(SqliteHubOptions options, TimeProvider time)
    {
        try
        {
            var database = SqliteDatabase.Open(options.Directory);
            try
            {
                return new SqliteHub(database, options, time);
            }
            catch
            {
                database.Dispose();
                throw;
            }
        }
        catch (SqliteFault fault)
        {
            throw new StoreUnavailableException($"hub.db in '{options.Directory}' cannot be opened: {fault.Message}", outcomeUnknown: false, fault);
        }
    }

    /// <summary>Removes up to <paramref name="limit"/> expired items and settled messages for good and gives free pages back, in small steps. Answers how many it removed.</summary>
    public async Task<int> PurgeExpiredAsync(int limit, CancellationToken cancellationToken)
    {
        var purged = await _store.PurgeAsync(limit, cancellationToken);
        for (var removed = -1; removed != 0 && purged < limit; purged += removed)
        {
            removed = await _bus.PurgeAsync(Math.Min(MessageBatch, limit - purged), cancellationToken);
        }

        while (await _writer.Run(new Vacuum(cancellationToken)))
        {
        }

        return purged;
    }

    /// <summary>The sizes of the file and its log, and what the writer has done since it was opened.</summary>
    public SqliteHubFigures Figures()
    {
        var (groups, commits) = _writer.Written;
        return new SqliteHubFigures(Length(_database.Path), Length(_database.LogPath), groups, commits);
    }

    /// <summary>Writes what is queued, then lets the directory go.</summary>
    /// <remarks>The writer's connection goes last: only one that may write brings the log into the file when it closes.</remarks>
    public async ValueTask DisposeAsync()
    {
        _readers.Dispose();
        _bus.Dispose();
        // Joining the writer blocks until its last group is on the disk.
        await Task.Run(_writer.Dispose);
        _database.Dispose();
    }

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    /// <summary>One step of giving free pages back to the file system. True while there is more to give.</summary>
    private sealed class Vacuum(CancellationToken cancellationToken) : SqliteWork<bool>(cancellationToken)
    {
        protected override bool Write(SqliteGroup group)
        {
            var spare = group.Session.Scalar("PRAGMA freelist_count") - SparePages;
            if (spare > 0)
            {
                group.Session.Execute($"PRAGMA incremental_vacuum({Math.Min(VacuumStep, spare.Value)})");
            }

            return spare > VacuumStep;
        }

        protected override Exception Explain(SqliteFault fault) => new StoreUnavailableException(fault.Message, fault.OutcomeUnknown, fault);
    }
}

/// <summary>Sizes and counts of an open hub.</summary>
/// <param name="Groups">Transactions the writer has committed.</param>
/// <param name="Commits">Callers' commits in them.</param>
public sealed record SqliteHubFigures(long DatabaseBytes, long LogBytes, long Groups, long Commits);
