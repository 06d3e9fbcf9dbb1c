using Microsoft.Win32.SafeHandles;

namespace ValueChainHub.Infrastructure.Sqlite;

/// <summary>The data directory, held by this process, and the connections to its file.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    /// <summary>Nothing of the file is mapped: what a connection has mapped counts as the process' memory, up to all of the file for each of them.</summary>
    private const string Common = "PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0;";

    private readonly FileStream _lock;
    private SafeFileHandle? _file;

    private SqliteDatabase(string directory, FileStream held) => (Path, _lock) = (System.IO.Path.Combine(directory, "hub.db"), held);

    public string Path { get; }

    public string LogPath => Path + "-wal";

    /// <summary>The file itself, to sync it. Open until the directory is let go: closing it earlier would drop SQLite's locks on it.</summary>
    public SafeFileHandle File => _file ??= System.IO.File.OpenHandle(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Takes the directory and makes its schema if it has none.</summary>
    /// <exception cref="InvalidOperationException">Another process has the directory, or a newer program made the file.</exception>
    public static SqliteDatabase Open(string directory)
    {
        Make(directory);
        var database = new SqliteDatabase(directory, Hold(directory));
        try
        {
            using var session = database.Writer();
            SqliteSchema.Ensure(session);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>A connection that writes durably and leaves no deleted byte behind. There is one that writes; others only checkpoint.</summary>
    public SqliteSession Writer() =>
        Open(readOnly: false, "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 0;");

    /// <remarks>Every write empties a reader's cache, so it has little.</remarks>
    public SqliteSession Reader() => Open(readOnly: true, "PRAGMA cache_size = -512;");

    public void Dispose()
    {
        _file?.Dispose();
        _lock.Dispose();
    }

    private SqliteSession Open(bool readOnly, string settings)
    {
        var session = SqliteSession.Open(Path, readOnly);
        session.Execute(Common + settings);
        return session;
    }

    /// <remarks>The file holds personal data, so that only its owner may look.</remarks>
    private static void Make(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static FileStream Hold(string directory)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(directory, "hub.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException inner)
        {
            throw new InvalidOperationException($"The data directory '{directory}' is in use by another ValueChainHub process. One process a directory: stop the other one, or give this one its own.", inner);
        }
    }
}
