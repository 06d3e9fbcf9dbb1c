using ValueChainHub.Benchmarks.Generator;

namespace ValueChainHub.Benchmarks;

/// <summary>What the load command was asked to do.</summary>
public sealed record LoadSettings
{
    public required TimeSpan Burst { get; init; }
    public required TimeSpan Floor { get; init; }
    public required TimeSpan WarmUp { get; init; }
    public required int Rounds { get; init; }
    public required int ColdStarts { get; init; }
    public required int Deliveries { get; init; }
    public required int Connections { get; init; }
    public required IReadOnlyList<BodySize> Bodies { get; init; }
    public required bool Pin { get; init; }
    public required ulong Seed { get; init; }
    public required bool FloorsOnly { get; init; }

    /// <summary>The server's dll; null for the build output beside ours.</summary>
    public string? Server { get; init; }

    /// <summary>The fault of the stand-in that runs in the hub's place; null for the hub.</summary>
    public string? Stub { get; init; }
    public string? Directory { get; init; }
    public string? JsonFile { get; init; }

    public static LoadSettings Parse(Arguments arguments)
    {
        var quick = arguments.Flag("quick");
        arguments.Flag("pin"); // the default, accepted for being explicit
        var settings = new LoadSettings
        {
            Burst = TimeSpan.FromSeconds(arguments.Number("seconds", quick ? 5 : 30)),
            Floor = TimeSpan.FromSeconds(arguments.Number("floor-seconds", quick ? 4 : 10)),
            WarmUp = TimeSpan.FromSeconds(quick ? 2 : 3),
            Rounds = Math.Max(1, arguments.Number("rounds", quick ? 1 : 3)),
            ColdStarts = quick ? 3 : 5,
            Deliveries = arguments.Number("deliveries", quick ? 8000 : 40_000),
            Connections = arguments.Number("connections", 64),
            Bodies = Sizes(arguments.Text("body") ?? (quick ? "4" : "both")),
            Pin = !arguments.Flag("no-pin"),
            Seed = (ulong)arguments.Number("seed", 1),
            FloorsOnly = arguments.Flag("floors-only"),
            Server = arguments.Text("server"),
            Stub = arguments.Text("stub"),
            Directory = arguments.Text("directory"),
            JsonFile = arguments.Text("json"),
        };
        arguments.RefuseOthers();
        return settings;
    }

    private static BodySize[] Sizes(string text) => text switch
    {
        "4" => [BodySize.Four],
        "10" => [BodySize.Ten],
        "both" => [BodySize.Four, BodySize.Ten],
        _ => throw new ArgumentException("--body is 4, 10 or both"),
    };
}
