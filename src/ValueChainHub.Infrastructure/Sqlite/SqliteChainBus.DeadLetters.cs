using ValueChainHub.Core.Messaging;

namespace ValueChainHub.Infrastructure.Sqlite;

internal sealed partial class SqliteChainBus
{
    public ValueTask<IReadOnlyList<DeadLetter>> ReadDeadLettersAsync(string subscription, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var known = Known(subscription);
        return ValueTask.FromResult<IReadOnlyList<DeadLetter>>(Reading(statements => Dead(statements.Dead, known.Number, limit)));
    }

    /// <remarks>It comes as if new: its deliveries are counted afresh, or whoever counts them would give it up at once.</remarks>
    public async ValueTask<bool> ResubmitAsync(string subscription, string messageId, CancellationToken cancellationToken) =>
        await _writer.Run(new Resubmission(Known(subscription).Number, messageId, cancellationToken));

    /// <summary>Removes up to so many messages that are settled everywhere and older than the retention.</summary>
    public async Task<int> PurgeAsync(int limit, CancellationToken cancellationToken) =>
        limit <= 0 ? 0 : await _writer.Run(new Purge(Now - (long)_options.MessageRetention.TotalMilliseconds, limit, cancellationToken));

    private static List<DeadLetter> Dead(SqliteStatement dead, long subscription, int limit)
    {
        var letters = new List<DeadLetter>();
        dead.Bind(1, subscription);
        dead.Bind(2, (long)limit);
        try
        {
            while (dead.Step())
            {
                letters.Add(new DeadLetter(Message(dead), dead.Text(6), (int)dead.Int64(7), DateTimeOffset.FromUnixTimeMilliseconds(dead.Int64(8))));
            }
        }
        finally
        {
            dead.Reset();
        }

        return letters;
    }

    private sealed class Resubmission(long subscription, string messageId, CancellationToken cancellationToken) : BusWork<bool>(cancellationToken)
    {
        protected override bool Write(SqliteGroup group)
        {
            var statements = group.Session.Messages;
            statements.DeadById.Bind(1, subscription);
            statements.DeadById.BindText(2, messageId);
            if (statements.DeadById.Scalar() is not { } sequence)
            {
                return false;
            }

            var set = statements.SetState;
            set.Bind(1, subscription);
            set.Bind(2, sequence);
            set.Bind(3, (long)Exceptional.Deferred);
            set.Bind(4, group.Time);
            set.Bind(5, 0L);
            set.BindText(6, (string?)null);
            set.Run();
            group.NextSequence();
            group.MessagesChanged = true;
            return true;
        }
    }

    private sealed class Purge(long before, int limit, CancellationToken cancellationToken) : BusWork<int>(cancellationToken)
    {
        protected override int Write(SqliteGroup group)
        {
            var statements = group.Session.Messages;
            var passed = new List<long>();
            statements.Passed.Bind(1, before);
            statements.Passed.Bind(2, (long)limit);
            while (statements.Passed.Step())
            {
                passed.Add(statements.Passed.Int64(0));
            }

            statements.Passed.Reset();
            foreach (var sequence in passed)
            {
                group.Removed();
                statements.Delete.Bind(1, sequence);
                statements.Delete.Run();
            }

            return passed.Count;
        }
    }
}
