using SQLitePCL;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Infrastructure.Sqlite;

/// <summary>One connection with the statements it has prepared. Used by one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly sqlite3 _database;
    private readonly List<SqliteStatement> _prepared = [];
    private readonly ItemStatements[] _items;

    static SqliteSession() => Batteries_V2.Init();

    private SqliteSession(sqlite3 database)
    {
        _database = database;
        _items = [.. HubContainers.All.Select(container => new ItemStatements(this, container))];
        Messages = new MessageStatements(this);
    }

    public MessageStatements Messages { get; }

    public static SqliteSession Open(string path, bool readOnly)
    {
        var flags = readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE;
        var code = raw.sqlite3_open_v2(path, out var database, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        if (code == raw.SQLITE_OK)
        {
            return new SqliteSession(database);
        }

        database?.Dispose();
        throw new SqliteFault(code, "the database file cannot be opened");
    }

    /// <summary>The statements on one container, by its place in <see cref="HubContainers.All"/>.</summary>
    public ItemStatements Items(int container) => _items[container];

    public SqliteStatement Prepare(string sql)
    {
        var code = raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement);
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteFault(code, raw.sqlite3_errmsg(_database).utf8_to_string());
        }

        var prepared = new SqliteStatement(_database, statement);
        _prepared.Add(prepared);
        return prepared;
    }

    /// <summary>Runs statements that need no parameter and whose rows nobody reads.</summary>
    public void Execute(string sql)
    {
        var code = raw.sqlite3_exec(_database, sql);
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteFault(code, raw.sqlite3_errmsg(_database).utf8_to_string());
        }
    }

    /// <summary>The first column of the first row of a statement that runs once.</summary>
    public long? Scalar(string sql)
    {
        _ = raw.sqlite3_prepare_v2(_database, sql, out var statement);
        using var once = new SqliteStatement(_database, statement);
        return once.Scalar();
    }

    /// <summary>The text in the first column of the first row of a statement that runs once.</summary>
    public string ScalarText(string sql)
    {
        _ = raw.sqlite3_prepare_v2(_database, sql, out var statement);
        using var once = new SqliteStatement(_database, statement);
        return once.Step() ? once.Text(0) : "";
    }

    public bool InTransaction => raw.sqlite3_get_autocommit(_database) == 0;

    /// <summary>Pages this connection has written to the write-ahead log since this was last asked.</summary>
    public long TakePagesWritten()
    {
        _ = raw.sqlite3_db_status(_database, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var current, out _, 1);
        return current;
    }

    /// <summary>Copies frames of the log into the database. False when another connection was in the way.</summary>
    public bool Checkpoint(int mode, out int framesInLog, out int framesCopied)
    {
        var code = raw.sqlite3_wal_checkpoint_v2(_database, "main", mode, out framesInLog, out framesCopied);
        return code switch
        {
            raw.SQLITE_OK => true,
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => false,
            _ => throw new SqliteFault(code, raw.sqlite3_errmsg(_database).utf8_to_string()),
        };
    }

    public void Dispose()
    {
        _prepared.ForEach(statement => statement.Dispose());
        _database.Dispose();
    }
}
