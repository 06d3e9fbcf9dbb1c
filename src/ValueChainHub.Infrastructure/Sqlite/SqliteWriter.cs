using System.Collections.Concurrent;
using System.Diagnostics;
using SQLitePCL;

namespace ValueChainHub.Infrastructure.Sqlite;

/// <summary>The one thread that writes. It takes what waits, writes it in one transaction, and answers all callers when that is durable.</summary>
/// <remarks>
/// Nobody else writes, so that a precondition read inside the transaction holds until its end and no work needs a savepoint.
/// While both queues have work, three of four are urgent: acknowledgements go first and nothing starves.
/// </remarks>
internal sealed partial class SqliteWriter : IDisposable
{
    private const int WorksInGroup = 512;
    private const int UrgentOf = 4;
    private static readonly TimeSpan GroupTime = TimeSpan.FromMilliseconds(4);

    private readonly ConcurrentQueue<SqliteWork> _urgent = new();
    private readonly ConcurrentQueue<SqliteWork> _others = new();
    private readonly List<SqliteWork> _taken = new(WorksInGroup);
    private readonly AutoResetEvent _wake = new(false);
    private readonly SqliteSession _session;
    private readonly SqliteGroup _group;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _rollback;
    private readonly ChangeSignal[] _containers;
    private readonly ChangeSignal _messages;
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private long _groups;
    private long _works;
    private volatile bool _asleep;
    private volatile bool _stopping;

    public SqliteWriter(SqliteDatabase database, SqliteHubOptions options, SqliteStart start, TimeProvider time)
    {
        _session = database.Writer();
        _group = new SqliteGroup(_session, start.LastSequence, start.LastTime);
        (_begin, _commit, _rollback) = (_session.Prepare("BEGIN IMMEDIATE"), _session.Prepare("COMMIT"), _session.Prepare("ROLLBACK"));
        (_containers, _messages, _time) = (start.Containers, start.Messages, time);
        _frameBound = options.LogBytes / 4096;
        _checkpoints = database.Writer();
        _file = database.File;
        _checkpointer = new Thread(Checkpoint) { IsBackground = true, Name = "hub.db checkpoints" };
        _thread = new Thread(Write) { IsBackground = true, Name = "hub.db writer" };
        _checkpointer.Start();
        _thread.Start();
    }

    /// <summary>Transactions committed, and works in them.</summary>
    public (long Groups, long Works) Written => (Volatile.Read(ref _groups), Volatile.Read(ref _works));

    /// <summary>The last sequence given out; a change is seen by readers before its signal is raised, never before this.</summary>
    public long LastSequence => _group.LastSequence;

    /// <summary>Queues work. Urgent work goes before the rest, but never takes a whole group while the rest waits.</summary>
    public Task<TAnswer> Run<TAnswer>(SqliteWork<TAnswer> work, bool urgent = false)
    {
        ObjectDisposedException.ThrowIf(_stopping, this);
        (urgent ? _urgent : _others).Enqueue(work);
        // The queue's own fence orders this read after the enqueue, so that either the writer sees the work or we see it asleep.
        Interlocked.MemoryBarrier();
        if (_asleep)
        {
            _wake.Set();
        }

        return work.Answered;
    }

    public void Dispose()
    {
        if (_stopping)
        {
            return;
        }

        _stopping = true;
        _wake.Set();
        _thread.Join();
        Drain(work => work.Fail(new ObjectDisposedException(nameof(SqliteWriter))));
        StopCheckpoints();
        _session.Dispose();
        _wake.Dispose();
    }

    private void Write()
    {
        while (WaitForWork())
        {
            WriteGroup();
            FinishCheckpoint();
        }
    }

    private bool WaitForWork()
    {
        while (_urgent.IsEmpty && _others.IsEmpty)
        {
            if (_stopping)
            {
                return false;
            }

            _asleep = true;
            Interlocked.MemoryBarrier();
            if (_urgent.IsEmpty && _others.IsEmpty && !_stopping)
            {
                _wake.WaitOne();
            }

            _asleep = false;
        }

        return true;
    }

    private void WriteGroup()
    {
        _taken.Clear();
        var committing = false;
        try
        {
            _begin.Run();
            _group.Begin(_time.GetUtcNow());
            ApplyWaiting();
            _group.BeforeCommit();
            committing = true;
            _commit.Run();
        }
        catch (Exception failure)
        {
            FailGroup(failure, committing);
            return;
        }

        _group.Committed(_containers, _messages);
        Interlocked.Increment(ref _groups);
        Interlocked.Add(ref _works, _taken.Count);
        Answer();
    }

    /// <remarks>Waking many callers costs more than writing for them, so that a thread of the pool does it while the next group is written.</remarks>
    private void Answer()
    {
        if (_taken.Count == 1)
        {
            _taken[0].Complete();
            return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static works => Array.ForEach(works, work => work.Complete()), _taken.ToArray(), preferLocal: false);
    }

    private void ApplyWaiting()
    {
        var started = Stopwatch.GetTimestamp();
        while (_taken.Count < WorksInGroup && TakeNext() is { } work)
        {
            if (work.IsCancelled)
            {
                work.Cancel();
                continue;
            }

            _taken.Add(work);
            work.Apply(_group);
            if (Stopwatch.GetElapsedTime(started) > GroupTime)
            {
                return;
            }
        }
    }

    private SqliteWork? TakeNext()
    {
        var (first, second) = _taken.Count % UrgentOf == UrgentOf - 1 ? (_others, _urgent) : (_urgent, _others);
        return first.TryDequeue(out var work) || second.TryDequeue(out work) ? work : null;
    }

    /// <remarks>
    /// A commit that failed for want of space or of a lock has not written its last frame. After any other failure of a commit that frame may
    /// be on the disk, where a crash would find it.
    /// </remarks>
    private void FailGroup(Exception failure, bool committing)
    {
        var unknown = committing && failure is SqliteFault { Code: not (raw.SQLITE_FULL or raw.SQLITE_BUSY) };
        var fault = failure is SqliteFault known ? new SqliteFault(known.Code, known.Reason, unknown) : failure;
        RollBack();
        _group.RolledBack(unknown);
        _taken.ForEach(work => work.Fail(fault));
        if (_taken.Count == 0)
        {
            // Not even begun: whoever waits shall hear of it.
            Drain(work => work.Fail(fault));
        }
    }

    private void RollBack()
    {
        try
        {
            if (_session.InTransaction)
            {
                _rollback.Run();
            }
        }
        catch (SqliteFault)
        {
            // The next group begins with the same trouble and says so to its own callers.
        }
    }

    private void Drain(Action<SqliteWork> act)
    {
        while (_urgent.TryDequeue(out var work) || _others.TryDequeue(out work))
        {
            act(work);
        }
    }
}
