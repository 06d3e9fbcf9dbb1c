namespace ValueChainHub.Benchmarks.Verification;

/// <summary>What was demanded and not there. The first ten are named, all are counted.</summary>
public sealed class Findings
{
    private const int Named = 10;
    private readonly List<string> first = [];
    private readonly Lock gate = new();

    public int Count { get; private set; }

    public IReadOnlyList<string> First => first;

    public void Add(string finding)
    {
        lock (gate)
        {
            Count++;
            if (first.Count < Named)
                first.Add(finding);
        }
    }

    public void DemandEqual(string what, decimal expected, decimal found)
    {
        if (expected != found)
            Add(FormattableString.Invariant($"{what}: expected {expected}, found {found}"));
    }
}
