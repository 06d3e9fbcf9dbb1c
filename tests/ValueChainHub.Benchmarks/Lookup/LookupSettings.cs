namespace ValueChainHub.Benchmarks.Lookup;

/// <summary>What the lookup command was asked to do.</summary>
public sealed record LookupSettings : ServerSettings
{
    public int Customers { get; }

    /// <summary>Of each level.</summary>
    public int Lookups { get; }
    public int Connections { get; }
    public int FillConnections { get; }
    public int Seed { get; }

    private LookupSettings(Arguments arguments)
        : base(arguments)
    {
        Customers = Math.Max(1, arguments.Number("customers", 100_000));
        Lookups = Math.Max(1, arguments.Number("lookups", 5_000));
        Connections = Math.Max(1, arguments.Number("connections", 4));
        FillConnections = Math.Max(1, arguments.Number("fill-connections", 64));
        Seed = arguments.Number("seed", 1);
        arguments.RefuseOthers();
    }

    public static LookupSettings Parse(Arguments arguments) => new(arguments);
}
