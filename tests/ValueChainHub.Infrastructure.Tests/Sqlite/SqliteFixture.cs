using ValueChainHub.Infrastructure.Sqlite;

namespace ValueChainHub.Infrastructure.Tests.Sqlite;

/// <summary>Data directories of one test, and the hubs open on them.</summary>
internal sealed class SqliteFixture(TimeProvider time) : IAsyncDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("hub-");
    private readonly List<SqliteHub> _open = [];
    private int _directories;

    public string FirstDirectory => Path.Combine(_root.FullName, "1");

    public string NewDirectory() => Path.Combine(_root.FullName, $"{++_directories}");

    public SqliteHub Open() => Open(NewDirectory());

    public SqliteHub Open(string directory) => Open(new SqliteHubOptions { Directory = directory });

    public SqliteHub Open(SqliteHubOptions options)
    {
        var hub = SqliteHub.Open(options, time);
        _open.Add(hub);
        return hub;
    }

    /// <summary>Opens the files of the first directory as a crash would leave them: copied while its hub is running.</summary>
    public SqliteHub OpenCrashed()
    {
        var (from, to) = (FirstDirectory, Directory.CreateDirectory(NewDirectory()).FullName);
        foreach (var file in new[] { "hub.db", "hub.db-wal" }.Where(file => File.Exists(Path.Combine(from, file))))
        {
            File.Copy(Path.Combine(from, file), Path.Combine(to, file));
        }

        return Open(to);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var hub in _open)
        {
            await hub.DisposeAsync();
        }

        _root.Delete(recursive: true);
    }
}
