using ValueChainHub.Core.Storage;

namespace ValueChainHub.Infrastructure.Sqlite;

/// <summary>What the works of one transaction share: the connection, the clock, and the next sequence.</summary>
/// <remarks>Sequences rise for ever: over containers, messages, restarts, and deletes of the last row.</remarks>
internal sealed class SqliteGroup(SqliteSession session, long lastSequence, long lastTime)
{
    private readonly long[] _changed = new long[HubContainers.All.Count];
    private readonly SqliteStatement _setFloor = session.Prepare("UPDATE meta SET value = ?1 WHERE name = 'floor'");
    private long _durableSequence = lastSequence;
    private bool _removed;

    public SqliteSession Session => session;

    /// <summary>Unix milliseconds; never goes back, so that the feed is in order of time as well.</summary>
    public long Time { get; private set; } = lastTime;

    /// <summary>The last sequence given out. Other threads may look: nothing that a reader has seen is beyond it.</summary>
    public long LastSequence
    {
        get => Volatile.Read(ref field);
        private set => Volatile.Write(ref field, value);
    } = lastSequence;

    public bool MessagesChanged { get; set; }

    public void Begin(DateTimeOffset now) => Time = Math.Max(Time, now.ToUnixTimeMilliseconds());

    public long NextSequence() => ++LastSequence;

    public long NextSequence(int container) => _changed[container] = ++LastSequence;

    /// <summary>A row is going: the highest sequence can no longer be read from the tables alone.</summary>
    public void Removed() => _removed = true;

    public void BeforeCommit()
    {
        if (_removed)
        {
            _setFloor.Bind(1, LastSequence);
            _setFloor.Run();
        }
    }

    /// <summary>Tells what has become durable and starts afresh.</summary>
    public void Committed(ChangeSignal[] containers, ChangeSignal messages)
    {
        _durableSequence = LastSequence;
        for (var container = 0; container < _changed.Length; container++)
        {
            if (_changed[container] > 0)
            {
                containers[container].Raise(_changed[container]);
            }
        }

        if (MessagesChanged)
        {
            messages.Raise(LastSequence);
        }

        Forget();
    }

    /// <remarks>Sequences that may be on the disk all the same are not given out again.</remarks>
    public void RolledBack(bool outcomeUnknown)
    {
        LastSequence = outcomeUnknown ? LastSequence : _durableSequence;
        Forget();
    }

    private void Forget()
    {
        Array.Clear(_changed);
        (_removed, MessagesChanged) = (false, false);
    }
}
