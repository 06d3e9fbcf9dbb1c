using Microsoft.Win32.SafeHandles;
using SQLitePCL;

namespace ValueChainHub.Infrastructure.Sqlite;

/// <summary>Keeps the write-ahead log short: a thread beside the writer copies and syncs most of it, the writer the small rest between two groups.</summary>
/// <remarks>
/// A passive checkpoint never catches up with a busy writer, and the log starts again only when all of it was copied. Nor does it sync the database
/// while the writer runs ahead; the thread does that itself, or the writer would stand still for all of it (measured: 20 to 50 ms).
/// The log file keeps its size: overwriting it is cheaper than growing a truncated one.
/// </remarks>
internal sealed partial class SqliteWriter
{
    private readonly SqliteSession _checkpoints;
    private readonly Thread _checkpointer;
    private readonly AutoResetEvent _grown = new(false);
    private readonly Lock _checkpointing = new();
    private readonly long _frameBound;

    // Closed after every connection: closing any descriptor of a file drops all locks that its process has on it.
    private readonly SafeFileHandle _file;
    private long _frames;
    private long _framesSignalled;
    private long _framesCopied;

    private void FinishCheckpoint()
    {
        _frames += _session.TakePagesWritten();
        if (_frames - _framesSignalled > _frameBound / 4)
        {
            Volatile.Write(ref _framesSignalled, _frames);
            _grown.Set();
        }

        var little = _frames - Volatile.Read(ref _framesCopied) < _frameBound / 8;
        if (_frames > 2 * _frameBound || (_frames > _frameBound && little))
        {
            RestartLog();
        }
    }

    /// <remarks>Waits for the other thread only when the log has grown to twice its bound.</remarks>
    private void RestartLog()
    {
        if (!_checkpointing.TryEnter(_frames > 2 * _frameBound ? Timeout.Infinite : 0))
        {
            return;
        }

        try
        {
            if (_session.Checkpoint(raw.SQLITE_CHECKPOINT_RESTART, out _, out _))
            {
                (_frames, _framesSignalled, _framesCopied) = (0, 0, 0);
            }
        }
        catch (SqliteFault)
        {
            // The log is whole and goes on growing. If the disk is full, commits will say so.
        }
        finally
        {
            _checkpointing.Exit();
        }
    }

    private void Checkpoint()
    {
        while (_grown.WaitOne() && !_stopping)
        {
            lock (_checkpointing)
            {
                try
                {
                    var upTo = Volatile.Read(ref _framesSignalled);
                    _checkpoints.Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);
                    RandomAccess.FlushToDisk(_file);
                    Volatile.Write(ref _framesCopied, upTo);
                }
                catch (Exception trouble) when (trouble is SqliteFault or IOException)
                {
                    // As above: what was not copied now is copied by the next.
                }
            }
        }
    }

    private void StopCheckpoints()
    {
        _grown.Set();
        _checkpointer.Join();
        _checkpoints.Dispose();
        _grown.Dispose();
    }
}
