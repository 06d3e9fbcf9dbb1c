using System.Globalization;
using System.Text;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Infrastructure.Sqlite;

/// <remarks>
/// A continuation is the store's id and the sequence of the last change passed. It expires (contract case 26) when it comes from another store, when it
/// is ahead of this one (the file was restored from a backup), and when an item that lived at least a day was purged after expiring
/// beyond it: the reader has missed that item. Items of shorter lives are leases and the like, which nobody misses.
/// </remarks>
internal sealed partial class SqliteHubStore
{
    /// <summary>A page ends early after so many bytes, or so many changes that were left out: the read must not hold the log back.</summary>
    private const int PageBytes = 8 * 1024 * 1024;
    private const int PageKeys = 10_000;

    /// <summary>Changes are stamped when their group begins; a slow disk makes them durable later than that.</summary>
    private const long SlowestCommit = 60_000;

    public async ValueTask<FeedPage> ReadFeedAsync(string container, FeedPosition from, int limit, string? idPrefix, CancellationToken cancellationToken)
    {
        StoreArguments.CheckFeed(container, from, limit);
        var index = Index(container);
        // Read before the page: all changes up to it are in the page's snapshot, so that an exhausted page has passed them.
        var durable = start.Containers[index].Sequence;
        var query = new FeedQuery(index, Sequence(from, container), from.At?.ToUnixTimeMilliseconds() - SlowestCommit, limit, string.IsNullOrEmpty(idPrefix) ? null : Encoding.UTF8.GetBytes(idPrefix), Now);
        var (changes, last, more, purged) = await ReadingAsync(query, ReadFeed, cancellationToken);
        if (from.Continuation is not null && purged > query.After)
        {
            throw new ContinuationExpiredException($"Items of '{container}' after this continuation have expired unread and are gone. Read on from the beginning.");
        }

        return new FeedPage(changes, FeedPosition.FromContinuation(Continuation(more ? last : Math.Max(last, durable))), more);
    }

    public async ValueTask WaitForChangesAsync(string container, FeedPosition from, TimeSpan patience, CancellationToken cancellationToken)
    {
        StoreArguments.CheckFeed(container, from, 1);
        await start.Containers[Index(container)].WaitAsync(Sequence(from, container), patience, time, cancellationToken);
    }

    private string Continuation(long sequence) => string.Create(CultureInfo.InvariantCulture, $"{start.StoreId}.{sequence}");

    private long Sequence(FeedPosition from, string container)
    {
        if (from.Continuation is not { } continuation)
        {
            return 0;
        }

        var parts = continuation.Split('.');
        if (parts.Length != 2 || parts[0] != start.StoreId || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
        {
            throw new ContinuationExpiredException($"The continuation for '{container}' was made by another store.");
        }

        return sequence <= writer.LastSequence
            ? sequence
            : throw new ContinuationExpiredException($"The continuation for '{container}' is ahead of this store: it was restored from an older copy.");
    }

    private static FeedRead ReadFeed(SqliteSession session, FeedQuery query)
    {
        var statements = session.Items(query.Container);
        var after = query.From is { } time ? LastBefore(statements.NextTime, time) : query.After;
        var changes = new List<FeedChange>();
        var (last, more) = query.Prefix is null ? ReadAll(statements.Feed, query, after, changes) : ReadSome(statements, query, after, changes);
        // Asked after the page was read: what is purged later was still in it.
        return new FeedRead(changes, last, more, statements.PurgedUpTo.Scalar() ?? 0);
    }

    private static (long Last, bool More) ReadAll(SqliteStatement feed, FeedQuery query, long last, List<FeedChange> changes)
    {
        feed.Bind(1, last);
        feed.Bind(2, query.Now);
        var bytes = 0;
        try
        {
            while (feed.Step())
            {
                if (changes.Count == query.Limit || bytes > PageBytes)
                {
                    return (last, true);
                }

                last = feed.Int64(0);
                var body = feed.Bytes(2);
                bytes += body.Length;
                changes.Add(new FeedChange(Item(feed.Bytes(1), last, body), last));
            }

            return (last, false);
        }
        finally
        {
            feed.Reset();
        }
    }

    /// <remarks>Keys and bodies are read apart, inside one read transaction: the bodies of changes that are left out may be large.</remarks>
    private static (long Last, bool More) ReadSome(ItemStatements statements, FeedQuery query, long last, List<FeedChange> changes)
    {
        var keys = statements.FeedKeys;
        keys.Bind(1, last);
        var (bytes, passed) = (0, 0);
        try
        {
            while (keys.Step())
            {
                if (changes.Count == query.Limit || bytes > PageBytes || ++passed > PageKeys)
                {
                    return (last, true);
                }

                last = keys.Int64(0);
                if (!(keys.NullableInt64(2) <= query.Now) && HasPrefix(keys.Bytes(1), query.Prefix))
                {
                    var item = Item(keys.Bytes(1), last, Body(statements.Body, last));
                    bytes += item.Body.Length;
                    changes.Add(new FeedChange(item, last));
                }
            }

            return (last, false);
        }
        finally
        {
            keys.Reset();
        }
    }

    private static bool HasPrefix(ReadOnlySpan<byte> key, byte[]? prefix) => key[(key.IndexOf((byte)'/') + 1)..].StartsWith(prefix);

    private static byte[] Body(SqliteStatement body, long sequence)
    {
        body.Bind(1, sequence);
        try
        {
            body.Step();
            return body.Bytes(0).ToArray();
        }
        finally
        {
            body.Reset();
        }
    }

    /// <summary>The highest sequence before the first change at or after a time. Times rise with sequences, so that halving finds it without an index.</summary>
    private static long LastBefore(SqliteStatement nextTime, long time)
    {
        var (low, high) = (0L, long.MaxValue - 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            nextTime.Bind(1, middle + 1);
            var found = nextTime.Step();
            var (sequence, at) = found ? (nextTime.Int64(0), nextTime.Int64(1)) : (long.MaxValue, long.MaxValue);
            nextTime.Reset();
            (low, high) = at < time ? (sequence, high) : (low, middle);
        }

        return low;
    }

    private readonly record struct FeedQuery(int Container, long After, long? From, int Limit, byte[]? Prefix, long Now);

    private readonly record struct FeedRead(List<FeedChange> Changes, long Last, bool More, long Purged);
}
