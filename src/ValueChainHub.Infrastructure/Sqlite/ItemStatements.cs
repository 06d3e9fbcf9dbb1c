namespace ValueChainHub.Infrastructure.Sqlite;

/// <summary>The statements on one container's table, prepared when first used. A key is <c>partition/id</c>; neither holds a slash.</summary>
internal sealed class ItemStatements(SqliteSession session, string container)
{
    private const string Alive = "(expires IS NULL OR expires > ?2)";

    public SqliteStatement Find => field ??= session.Prepare($"SELECT seq, expires FROM {container} WHERE key = ?1");

    public SqliteStatement Insert => field ??= session.Prepare($"INSERT INTO {container} (seq, key, at, expires, body) VALUES (?1, ?2, ?3, ?4, ?5)");

    /// <remarks>The row moves to the end of the table: its place is its place in the feed.</remarks>
    public SqliteStatement Update => field ??= session.Prepare($"UPDATE {container} SET seq = ?1, at = ?3, expires = ?4, body = ?5 WHERE seq = ?2");

    public SqliteStatement Delete => field ??= session.Prepare($"DELETE FROM {container} WHERE seq = ?1");

    public SqliteStatement Read => field ??= session.Prepare($"SELECT seq, body FROM {container} WHERE key = ?1 AND {Alive}");

    public SqliteStatement RangeUp => field ??= Range("ASC");

    public SqliteStatement RangeDown => field ??= Range("DESC");

    public SqliteStatement Feed => field ??= session.Prepare($"SELECT seq, key, body FROM {container} WHERE seq > ?1 AND {Alive} ORDER BY seq");

    /// <summary>The feed without bodies, for readers that leave changes out.</summary>
    public SqliteStatement FeedKeys => field ??= session.Prepare($"SELECT seq, key, expires FROM {container} WHERE seq > ?1 ORDER BY seq");

    public SqliteStatement Body => field ??= session.Prepare($"SELECT body FROM {container} WHERE seq = ?1");

    public SqliteStatement NextTime => field ??= session.Prepare($"SELECT seq, at FROM {container} WHERE seq >= ?1 ORDER BY seq LIMIT 1");

    public SqliteStatement Expired => field ??= session.Prepare($"SELECT seq, at, expires FROM {container} WHERE expires <= ?1 ORDER BY expires LIMIT ?2");

    public SqliteStatement PurgedUpTo => field ??= session.Prepare($"SELECT value FROM meta WHERE name = 'purged_{container}'");

    public SqliteStatement SetPurgedUpTo => field ??= session.Prepare(
        $"INSERT INTO meta (name, value) VALUES ('purged_{container}', ?1) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)");

    private SqliteStatement Range(string direction) =>
        session.Prepare($"SELECT seq, key, body FROM {container} WHERE key >= ?1 AND key < ?3 AND {Alive} ORDER BY key {direction} LIMIT ?4");
}
