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

    /// <summary>Adds them to others, named and counted as here.</summary>
    public void CopyTo(Findings others)
    {
        lock (gate)
        {
            foreach (var finding in first)
                others.Add(finding);
            others.Count += Count - first.Count;
        }
    }

    public void DemandEqual(string what, decimal expected, decimal found)
    {
        if (expected != found)
            Add(FormattableString.Invariant($"{what}: expected {expected}, found {found}"));
    }
}
