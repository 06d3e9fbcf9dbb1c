namespace ValueChainHub.Benchmarks.Backfill;

/// <summary>What the backfill command was asked to do.</summary>
public sealed record BackfillSettings
{
    public required int Customers { get; init; }
    public required int Orders { get; init; }

    /// <summary>How often the server is killed, evenly over the walk.</summary>
    public required int Kills { get; init; }

    /// <summary>More memory than this the server may not have had at any moment.</summary>
    public required int Megabytes { get; init; }
    public required int Seed { get; init; }

    /// <summary>Vendors are told states meanwhile, by the same line as the shop is asked.</summary>
    public bool WriteBack { get; init; }
    public required bool Pin { get; init; }

    /// <summary>The server's dll; null for the build output beside ours.</summary>
    public string? Server { get; init; }
    public string? Directory { get; init; }
    public string? JsonFile { get; init; }

    public static BackfillSettings Parse(Arguments arguments)
    {
        var settings = new BackfillSettings
        {
            Customers = Math.Max(1, arguments.Number("customers", 100_000)),
            Orders = Math.Max(1, arguments.Number("orders", 250_000)),
            Kills = Math.Max(0, arguments.Number("kills", 0)),
            Megabytes = arguments.Number("megabytes", 400),
            Seed = arguments.Number("seed", 1),
            WriteBack = arguments.Flag("write-back"),
            Pin = !arguments.Flag("no-pin"),
            Server = arguments.Text("server"),
            Directory = arguments.Text("directory"),
            JsonFile = arguments.Text("json"),
        };
        arguments.RefuseOthers();
        return settings;
    }
}
