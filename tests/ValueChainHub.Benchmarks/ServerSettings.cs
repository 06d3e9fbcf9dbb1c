namespace ValueChainHub.Benchmarks;

/// <summary>What every command that runs the server can be told about it.</summary>
public abstract record ServerSettings
{
    protected ServerSettings(Arguments arguments)
    {
        Pin = !arguments.Flag("no-pin");
        Server = arguments.Text("server");
        Directory = arguments.Text("directory");
        JsonFile = arguments.Text("json");
    }

    /// <summary>The server has a core of its own, and what loads it another.</summary>
    public bool Pin { get; }

    /// <summary>The server's dll; null for the build output beside ours.</summary>
    public string? Server { get; }

    /// <summary>Where the data directories are made; null for the temporary files'.</summary>
    public string? Directory { get; }

    /// <summary>Where the figures are written too.</summary>
    public string? JsonFile { get; }
}
