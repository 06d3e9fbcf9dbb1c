using ValueChainHub.Core.Storage;

namespace ValueChainHub.Infrastructure.Sqlite;

/// <summary>The tables of <c>hub.db</c> and their version.</summary>
/// <remarks>
/// A container is a table in the order of its feed: the row id is the sequence of the item's last change, so that a feed is a plain scan, a create
/// appends, and an etag is the row id. Clustering by key instead (WITHOUT ROWID) measured 40 % slower on our mix of bodies.
/// </remarks>
internal static class SqliteSchema
{
    public const int Version = 1;

    /// <summary>Settings that are kept in the file and must come before its first table.</summary>
    private const string Foundation = "PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;";

    public static void Ensure(SqliteSession session)
    {
        var found = session.Scalar("PRAGMA user_version") ?? 0;
        if (found > Version)
        {
            throw new InvalidOperationException(
                $"hub.db has schema version {found}, made by a newer ValueChainHub; this one knows versions up to {Version}. Start the newer program, or restore a backup.");
        }

        if (found == 0)
        {
            session.Execute(Foundation);
            session.Execute($"BEGIN IMMEDIATE; {Tables()} PRAGMA user_version = {Version}; COMMIT;");
        }
    }

    private static string Tables() => string.Concat(HubContainers.All.Select(Container)) +
        """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO meta VALUES ('store', lower(hex(randomblob(8)))), ('floor', 0);

        CREATE TABLE messages (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, partition_key TEXT NOT NULL, type TEXT NOT NULL, at INTEGER NOT NULL,
          properties BLOB NOT NULL, body BLOB NOT NULL) STRICT;
        CREATE TABLE subscriptions (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, cursor INTEGER NOT NULL) STRICT;
        CREATE TABLE exceptions (subscription INTEGER NOT NULL, seq INTEGER NOT NULL, state INTEGER NOT NULL, due INTEGER NOT NULL, deliveries INTEGER NOT NULL,
          reason TEXT, PRIMARY KEY (subscription, seq)) STRICT, WITHOUT ROWID;
        CREATE INDEX exceptions_due ON exceptions (subscription, state, due) WHERE state > 0;
        CREATE INDEX exceptions_seq ON exceptions (seq);
        """;

    private static string Container(string name) =>
        $"""
        CREATE TABLE {name} (seq INTEGER PRIMARY KEY, key TEXT NOT NULL, at INTEGER NOT NULL, expires INTEGER, body BLOB NOT NULL) STRICT;
        CREATE UNIQUE INDEX {name}_key ON {name} (key);
        CREATE INDEX {name}_expires ON {name} (expires) WHERE expires IS NOT NULL;

        """;
}
