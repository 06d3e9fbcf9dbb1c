namespace ValueChainHub.Benchmarks.Lookup;

/// <summary>What the lookup command was asked to do.</summary>
public sealed record LookupSettings
{
    public required int Customers { get; init; }

    /// <summary>Of each level.</summary>
    public required int Lookups { get; init; }
    public required int Connections { get; init; }
    public required int FillConnections { get; init; }
    public required int Seed { get; init; }
    public required bool Pin { get; init; }

    /// <summary>The server's dll; null for the build output beside ours.</summary>
    public string? Server { get; init; }
    public string? Directory { get; init; }
    public string? JsonFile { get; init; }

    public static LookupSettings Parse(Arguments arguments)
    {
        var settings = new LookupSettings
        {
            Customers = Math.Max(1, arguments.Number("customers", 100_000)),
            Lookups = Math.Max(1, arguments.Number("lookups", 5_000)),
            Connections = Math.Max(1, arguments.Number("connections", 4)),
            FillConnections = Math.Max(1, arguments.Number("fill-connections", 64)),
            Seed = arguments.Number("seed", 1),
            Pin = !arguments.Flag("no-pin"),
            Server = arguments.Text("server"),
            Directory = arguments.Text("directory"),
            JsonFile = arguments.Text("json"),
        };
        arguments.RefuseOthers();
        return settings;
    }
}
