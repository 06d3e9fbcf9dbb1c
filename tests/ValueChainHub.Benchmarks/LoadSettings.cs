using ValueChainHub.Benchmarks.Generator;

namespace ValueChainHub.Benchmarks;

/// <summary>What the load command was asked to do.</summary>
public sealed record LoadSettings : ServerSettings
{
    public TimeSpan Burst { get; }
    public TimeSpan Floor { get; }
    public TimeSpan WarmUp { get; }
    public int Rounds { get; }
    public int ColdStarts { get; }
    public int Deliveries { get; }
    public int Connections { get; }
    public IReadOnlyList<BodySize> Bodies { get; }
    public ulong Seed { get; }
    public bool FloorsOnly { get; }

    /// <summary>The fault of the stand-in that runs in the hub's place; null for the hub.</summary>
    public string? Stub { get; }

    private LoadSettings(Arguments arguments)
        : base(arguments)
    {
        var quick = arguments.Flag("quick");
        arguments.Flag("pin"); // the default, accepted for being explicit
        Burst = TimeSpan.FromSeconds(arguments.Number("seconds", quick ? 5 : 30));
        Floor = TimeSpan.FromSeconds(arguments.Number("floor-seconds", quick ? 4 : 10));
        WarmUp = TimeSpan.FromSeconds(quick ? 2 : 3);
        Rounds = Math.Max(1, arguments.Number("rounds", quick ? 1 : 3));
        ColdStarts = quick ? 3 : 5;
        Deliveries = arguments.Number("deliveries", quick ? 8000 : 40_000);
        Connections = arguments.Number("connections", 64);
        Bodies = Sizes(arguments.Text("body") ?? (quick ? "4" : "both"));
        Seed = (ulong)arguments.Number("seed", 1);
        FloorsOnly = arguments.Flag("floors-only");
        Stub = arguments.Text("stub");
        arguments.RefuseOthers();
    }

    public static LoadSettings Parse(Arguments arguments) => new(arguments);

    private static BodySize[] Sizes(string text) => text switch
    {
        "4" => [BodySize.Four],
        "10" => [BodySize.Ten],
        "both" => [BodySize.Four, BodySize.Ten],
        _ => throw new ArgumentException("--body is 4, 10 or both"),
    };
}
