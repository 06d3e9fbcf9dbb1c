using SQLitePCL;

namespace ValueChainHub.Infrastructure.Sqlite;

/// <summary>Keeps the write-ahead log short: a thread beside the writer copies most of it, the writer the small rest between two groups.</summary>
/// <remarks>
/// A passive checkpoint never catches up with a busy writer, and the log starts again only when all of it was copied. The log file keeps its
/// size: overwriting it needs no new blocks, which makes each commit's sync cheaper than growing a truncated one.
/// </remarks>
internal sealed partial class SqliteWriter
{
    private readonly SqliteSession _checkpoints;
    private readonly Thread _checkpointer;
    private readonly AutoResetEvent _grown = new(false);
    private readonly Lock _checkpointing = new();
    private readonly long _frameBound;
    private long _frames;
    private long _framesAtPassive;
    private long _retryAt;

    private void FinishCheckpoint()
    {
        _frames += _session.TakePagesWritten();
        if (_frames - _framesAtPassive > _frameBound / 4)
        {
            _framesAtPassive = _frames;
            _grown.Set();
        }

        if (_frames > _frameBound && _frames > _retryAt)
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
            _retryAt = _frames + (_frameBound / 16);
            if (_session.Checkpoint(raw.SQLITE_CHECKPOINT_RESTART, out _, out _))
            {
                (_frames, _framesAtPassive, _retryAt) = (0, 0, 0);
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
                    _checkpoints.Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);
                }
                catch (SqliteFault)
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
