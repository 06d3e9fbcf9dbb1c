using System.Collections.Concurrent;

namespace ValueChainHub.Infrastructure.Sqlite;

/// <summary>The connections that read. Each reads one page at a time, so that none holds the log back.</summary>
internal sealed class SqliteReaders(SqliteDatabase database, int count) : IDisposable
{
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private readonly SemaphoreSlim _free = new(count, count);
    private volatile bool _closed;

    /// <summary>Runs one read on a connection of its own; waits when all are taken.</summary>
    /// <remarks>A read runs on its caller's thread: most take microseconds, less than handing them to another.</remarks>
    public async ValueTask<TAnswer> ReadAsync<TState, TAnswer>(TState state, Func<SqliteSession, TState, TAnswer> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        ObjectDisposedException.ThrowIf(_closed, this);
        try
        {
            var session = _idle.TryTake(out var idle) ? idle : database.Reader();
            try
            {
                return read(session, state);
            }
            finally
            {
                Return(session);
            }
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Closes the idle connections; one that is reading is closed when it has read.</summary>
    public void Dispose()
    {
        _closed = true;
        CloseIdle();
    }

    private void Return(SqliteSession session)
    {
        _idle.Add(session);
        if (_closed)
        {
            CloseIdle();
        }
    }

    private void CloseIdle()
    {
        while (_idle.TryTake(out var session))
        {
            session.Dispose();
        }
    }
}
