using System.Globalization;
using ValueChainHub.Core.Messaging;

namespace ValueChainHub.Infrastructure.Sqlite;

internal sealed partial class SqliteChainBus
{
    public ValueTask CompleteAsync(ReceivedMessage message, CancellationToken cancellationToken) =>
        SettleAsync(message, Exceptional.Done, 0, null, cancellationToken);

    public ValueTask DeferAsync(ReceivedMessage message, DateTimeOffset due, CancellationToken cancellationToken) =>
        SettleAsync(message, Exceptional.Deferred, due.ToUnixTimeMilliseconds(), null, cancellationToken);

    public ValueTask DeadLetterAsync(ReceivedMessage message, string reason, CancellationToken cancellationToken) =>
        SettleAsync(message, Exceptional.Dead, Now, reason, cancellationToken);

    /// <remarks>A lock that is not the message's current one settles nothing (contract case 9).</remarks>
    private async ValueTask SettleAsync(ReceivedMessage message, Exceptional state, long due, string? reason, CancellationToken cancellationToken)
    {
        var subscription = Known(message.Subscription);
        var sequence = long.Parse(message.Lock.AsSpan(0, message.Lock.IndexOf('.', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
        if (!TryHold(subscription, sequence, message.Lock))
        {
            return;
        }

        try
        {
            await _writer.Run(new Settlement(subscription.Number, sequence, state, due, message.DeliveryCount, reason, cancellationToken));
            Release(subscription, sequence, settled: true);
        }
        catch
        {
            Release(subscription, sequence, settled: false);
            throw;
        }
    }

    private bool TryHold(Subscription subscription, long sequence, string lockToken)
    {
        lock (_gate)
        {
            if (!subscription.Leases.TryGetValue(sequence, out var lease) || lease.Lock != lockToken || lease.Settling)
            {
                return false;
            }

            return lease.Settling = true;
        }
    }

    private void Release(Subscription subscription, long sequence, bool settled)
    {
        lock (_gate)
        {
            if (settled)
            {
                subscription.Leases.Remove(sequence);
            }
            else
            {
                subscription.Leases[sequence].Settling = false;
            }
        }
    }

    private sealed class Settlement(long subscription, long sequence, Exceptional state, long due, int deliveries, string? reason, CancellationToken cancellationToken)
        : BusWork<bool>(cancellationToken)
    {
        /// <summary>How far the cursor moves at once. The rest follows with later settlements; nothing waits for it.</summary>
        private const int Steps = 256;

        protected override bool Write(SqliteGroup group)
        {
            var statements = group.Session.Messages;
            var cursor = Cursor(statements.Cursor);
            if (state == Exceptional.Done && (sequence <= cursor || IsNext(statements.Next, cursor)))
            {
                Clear(statements.ClearState, sequence);
            }
            else
            {
                Mark(statements.SetState);
            }

            Advance(statements, cursor);
            if (state == Exceptional.Deferred)
            {
                // A sequence of its own, so that no receiver who looked just before misses the new due time.
                group.NextSequence();
                group.MessagesChanged = true;
            }

            return true;
        }

        private long Cursor(SqliteStatement read)
        {
            read.Bind(1, subscription);
            return read.Scalar() ?? 0;
        }

        private bool IsNext(SqliteStatement next, long cursor)
        {
            next.Bind(1, cursor);
            return next.Scalar() == sequence;
        }

        private void Mark(SqliteStatement set)
        {
            set.Bind(1, subscription);
            set.Bind(2, sequence);
            set.Bind(3, (long)state);
            set.Bind(4, due);
            set.Bind(5, (long)deliveries);
            set.BindText(6, reason);
            set.Run();
        }

        private void Clear(SqliteStatement clear, long passed)
        {
            clear.Bind(1, subscription);
            clear.Bind(2, passed);
            clear.Run();
        }

        /// <summary>Moves the cursor over what is settled; marks that say no more than that are removed.</summary>
        private void Advance(MessageStatements statements, long cursor)
        {
            var reached = cursor;
            for (var step = 0; step < Steps && Next(statements.Next, reached) is { } next; step++)
            {
                var marked = StateOf(statements.State, next);
                if (marked is null && !(next == sequence && state == Exceptional.Done))
                {
                    break;
                }

                if (marked == (long)Exceptional.Done)
                {
                    Clear(statements.ClearState, next);
                }

                reached = next;
            }

            if (reached > cursor)
            {
                statements.SetCursor.Bind(1, subscription);
                statements.SetCursor.Bind(2, reached);
                statements.SetCursor.Run();
            }
        }

        private static long? Next(SqliteStatement next, long after)
        {
            next.Bind(1, after);
            return next.Scalar();
        }

        private long? StateOf(SqliteStatement read, long message)
        {
            read.Bind(1, subscription);
            read.Bind(2, message);
            return read.Scalar();
        }
    }
}
