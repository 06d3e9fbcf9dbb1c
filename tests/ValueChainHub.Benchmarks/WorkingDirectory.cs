namespace ValueChainHub.Benchmarks;

/// <summary>A data directory of its own for one server, removed afterwards.</summary>
public sealed class WorkingDirectory : IDisposable
{
    private WorkingDirectory(string path) => FullName = path;

    public string FullName { get; }

    /// <param name="under">Where to make it; the system's folder for temporary files when null.</param>
    public static WorkingDirectory Create(string? under) =>
        new(Directory.CreateDirectory(Path.Combine(under ?? Path.GetTempPath(), "hub-load-" + Path.GetRandomFileName())).FullName);

    public void Dispose()
    {
        try
        {
            Directory.Delete(FullName, recursive: true);
        }
        catch (IOException)
        {
            // A file may still be held for a moment after the server was killed; what is left is only temporary files.
        }
    }
}
