namespace ValueChainHub.Infrastructure.Sqlite;

/// <summary>The statements on the bus's tables, prepared when first used.</summary>
internal sealed class MessageStatements(SqliteSession session)
{
    private const string Columns = "m.seq, m.id, m.partition_key, m.type, m.properties, m.body";

    public SqliteStatement Publish => field ??= session.Prepare(
        "INSERT INTO messages (seq, id, partition_key, type, at, properties, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO NOTHING");

    public SqliteStatement Subscribe => field ??= session.Prepare("INSERT INTO subscriptions (name, cursor) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING");

    public SqliteStatement Subscription => field ??= session.Prepare("SELECT number, cursor FROM subscriptions WHERE name = ?1");

    public SqliteStatement Subscriptions => field ??= session.Prepare("SELECT number, name, cursor FROM subscriptions");

    public SqliteStatement Cursor => field ??= session.Prepare("SELECT cursor FROM subscriptions WHERE number = ?1");

    public SqliteStatement SetCursor => field ??= session.Prepare("UPDATE subscriptions SET cursor = ?2 WHERE number = ?1");

    /// <summary>Messages never handed out before: after the position, and not settled either.</summary>
    public SqliteStatement Fresh => field ??= session.Prepare(
        $"SELECT {Columns} FROM messages m WHERE m.seq > ?2 AND NOT EXISTS (SELECT 1 FROM exceptions e WHERE e.subscription = ?1 AND e.seq = m.seq) ORDER BY m.seq LIMIT ?3");

    public SqliteStatement Message => field ??= session.Prepare($"SELECT {Columns} FROM messages m WHERE m.seq = ?1");

    public SqliteStatement Next => field ??= session.Prepare("SELECT seq FROM messages WHERE seq > ?1 ORDER BY seq LIMIT 1");

    public SqliteStatement Due => field ??= session.Prepare(
        "SELECT seq, deliveries FROM exceptions WHERE subscription = ?1 AND state = 1 AND due <= ?2 ORDER BY due, seq LIMIT ?3");

    public SqliteStatement NextDue => field ??= session.Prepare("SELECT min(due) FROM exceptions WHERE subscription = ?1 AND state = 1 AND due > ?2");

    public SqliteStatement State => field ??= session.Prepare("SELECT state FROM exceptions WHERE subscription = ?1 AND seq = ?2");

    public SqliteStatement SetState => field ??= session.Prepare(
        "INSERT OR REPLACE INTO exceptions (subscription, seq, state, due, deliveries, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

    public SqliteStatement ClearState => field ??= session.Prepare("DELETE FROM exceptions WHERE subscription = ?1 AND seq = ?2");

    public SqliteStatement Dead => field ??= session.Prepare(
        $"SELECT {Columns}, e.reason, e.deliveries, e.due FROM exceptions e JOIN messages m ON m.seq = e.seq WHERE e.subscription = ?1 AND e.state = 2 ORDER BY e.due, e.seq LIMIT ?2");

    public SqliteStatement DeadById => field ??= session.Prepare(
        "SELECT m.seq FROM messages m JOIN exceptions e ON e.seq = m.seq WHERE m.id = ?2 AND e.subscription = ?1 AND e.state = 2");

    /// <summary>Messages that every subscription has passed and settled, and that no duplicate is expected of any more.</summary>
    public SqliteStatement Passed => field ??= session.Prepare(
        """
        SELECT m.seq FROM messages m
        WHERE m.seq <= coalesce((SELECT min(cursor) FROM subscriptions), 9223372036854775807) AND m.at < ?1
          AND NOT EXISTS (SELECT 1 FROM exceptions e WHERE e.seq = m.seq)
        ORDER BY m.seq LIMIT ?2
        """);

    public SqliteStatement Delete => field ??= session.Prepare("DELETE FROM messages WHERE seq = ?1");
}
