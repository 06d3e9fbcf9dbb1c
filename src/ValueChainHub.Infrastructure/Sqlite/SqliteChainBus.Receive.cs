using System.Globalization;
using ValueChainHub.Core.Messaging;

namespace ValueChainHub.Infrastructure.Sqlite;

internal sealed partial class SqliteChainBus
{
    public async ValueTask<IReadOnlyList<ReceivedMessage>> ReceiveAsync(string subscription, int limit, TimeSpan patience, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var known = Known(subscription);
        var deadline = _time.GetUtcNow() + patience;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var seen = _changes.Sequence;
            var (messages, nextDue) = Reading(statements => Take(statements, subscription, known, limit));
            var left = deadline - _time.GetUtcNow();
            if (messages.Count > 0 || left <= TimeSpan.Zero)
            {
                return messages;
            }

            var untilDue = TimeSpan.FromMilliseconds(Math.Clamp(nextDue - Now, 1, (long)TimeSpan.FromDays(1).TotalMilliseconds));
            await _changes.WaitAsync(seen, left < untilDue ? left : untilDue, _time, cancellationToken);
        }
    }

    /// <summary>Due messages: first those whose lock has ended, then deferred ones, then new ones. When there are none, the time of the next.</summary>
    private (List<ReceivedMessage> Messages, long NextDue) Take(MessageStatements statements, string name, Subscription subscription, int limit)
    {
        var (taken, now) = (new List<ReceivedMessage>(), Now);
        TakeAbandoned(statements, name, subscription, limit, now, taken);
        TakeDeferred(statements, name, subscription, limit - taken.Count, now, taken);
        TakeFresh(statements, name, subscription, limit - taken.Count, now, taken);
        return (taken, taken.Count > 0 ? now : NextDue(statements, subscription, now));
    }

    private void TakeAbandoned(MessageStatements statements, string name, Subscription subscription, int limit, long now, List<ReceivedMessage> taken)
    {
        var ended = subscription.Leases.Where(held => held.Value.Until <= now && !held.Value.Settling).OrderBy(held => held.Key).Take(limit).ToList();
        foreach (var (sequence, lease) in ended)
        {
            taken.Add(Hand(name, subscription, sequence, Read(statements.Message, sequence), lease.Deliveries + 1, now));
        }
    }

    private void TakeDeferred(MessageStatements statements, string name, Subscription subscription, int limit, long now, List<ReceivedMessage> taken)
    {
        if (limit == 0)
        {
            return;
        }

        var due = statements.Due;
        due.Bind(1, subscription.Number);
        due.Bind(2, now);
        due.Bind(3, (long)limit + subscription.Leases.Count);
        try
        {
            while (limit > 0 && due.Step())
            {
                var sequence = due.Int64(0);
                if (!subscription.Leases.ContainsKey(sequence))
                {
                    taken.Add(Hand(name, subscription, sequence, Read(statements.Message, sequence), (int)due.Int64(1) + 1, now));
                    limit--;
                }
            }
        }
        finally
        {
            due.Reset();
        }
    }

    private void TakeFresh(MessageStatements statements, string name, Subscription subscription, int limit, long now, List<ReceivedMessage> taken)
    {
        if (limit == 0)
        {
            return;
        }

        var fresh = statements.Fresh;
        fresh.Bind(1, subscription.Number);
        fresh.Bind(2, subscription.Position);
        fresh.Bind(3, (long)limit);
        try
        {
            while (fresh.Step())
            {
                subscription.Position = fresh.Int64(0);
                taken.Add(Hand(name, subscription, subscription.Position, Message(fresh), 1, now));
            }
        }
        finally
        {
            fresh.Reset();
        }
    }

    private ReceivedMessage Hand(string name, Subscription subscription, long sequence, BusMessage message, int deliveries, long now)
    {
        var lease = new Lease(string.Create(CultureInfo.InvariantCulture, $"{sequence}.{++_lastLock}"), now + (long)_options.MessageLock.TotalMilliseconds, deliveries);
        subscription.Leases[sequence] = lease;
        return new ReceivedMessage(message, name, lease.Lock, deliveries);
    }

    private static BusMessage Read(SqliteStatement one, long sequence)
    {
        one.Bind(1, sequence);
        try
        {
            one.Step();
            return Message(one);
        }
        finally
        {
            one.Reset();
        }
    }

    private static long NextDue(MessageStatements statements, Subscription subscription, long now)
    {
        statements.NextDue.Bind(1, subscription.Number);
        statements.NextDue.Bind(2, now);
        var deferred = statements.NextDue.Scalar() ?? long.MaxValue;
        var locked = subscription.Leases.Values.Where(lease => !lease.Settling).Select(lease => lease.Until).DefaultIfEmpty(long.MaxValue).Min();
        return Math.Min(deferred, locked);
    }
}
