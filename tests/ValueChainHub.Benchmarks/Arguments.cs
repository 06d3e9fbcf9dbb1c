using System.Globalization;

namespace ValueChainHub.Benchmarks;

/// <summary>The options of a command line: <c>--name value</c> and <c>--flag</c>. What nobody asked for is an error, not silence.</summary>
public sealed class Arguments
{
    private readonly Dictionary<string, string?> given = new(StringComparer.Ordinal);
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);

    public Arguments(IReadOnlyList<string> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal))
                throw new ArgumentException($"Not an option: {words[i]}");
            var hasValue = i + 1 < words.Count && !words[i + 1].StartsWith("--", StringComparison.Ordinal);
            given[words[i][2..]] = hasValue ? words[i + 1] : null;
            i += hasValue ? 1 : 0;
        }
    }

    public bool Flag(string name)
    {
        asked.Add(name);
        return given.ContainsKey(name);
    }

    public string? Text(string name)
    {
        asked.Add(name);
        return given.GetValueOrDefault(name);
    }

    public int Number(string name, int unlessGiven) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : unlessGiven;

    public void RefuseOthers()
    {
        if (given.Keys.Except(asked).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"Unknown option: --{unknown}");
    }
}
