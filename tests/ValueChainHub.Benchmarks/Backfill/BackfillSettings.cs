namespace ValueChainHub.Benchmarks.Backfill;

/// <summary>What the backfill command was asked to do.</summary>
public sealed record BackfillSettings : ServerSettings
{
    public int Customers { get; }
    public int Orders { get; }

    /// <summary>How often the server is killed, evenly over the walk.</summary>
    public int Kills { get; }

    /// <summary>More memory than this the server may not have had at any moment.</summary>
    public int Megabytes { get; }
    public int Seed { get; }

    /// <summary>Vendors are told states meanwhile, by the same line as the shop is asked.</summary>
    public bool WriteBack { get; }

    private BackfillSettings(Arguments arguments)
        : base(arguments)
    {
        Customers = Math.Max(1, arguments.Number("customers", 100_000));
        Orders = Math.Max(1, arguments.Number("orders", 250_000));
        Kills = Math.Max(0, arguments.Number("kills", 0));
        Megabytes = arguments.Number("megabytes", 400);
        Seed = arguments.Number("seed", 1);
        WriteBack = arguments.Flag("write-back");
        arguments.RefuseOthers();
    }

    public static BackfillSettings Parse(Arguments arguments) => new(arguments);
}
