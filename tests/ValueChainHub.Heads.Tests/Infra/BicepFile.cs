namespace ValueChainHub.Heads.Tests.Infra;

/// <summary>One declaration of a Bicep file.</summary>
/// <param name="Keyword"><c>param</c>, <c>var</c>, <c>resource</c>, <c>module</c>, <c>output</c>, <c>type</c>, <c>import</c>, <c>using</c> or <c>targetScope</c>.</param>
/// <param name="Name">What it declares; empty where there is no name.</param>
/// <param name="Body">What follows the name, without line ends.</param>
internal sealed record BicepDeclaration(string Keyword, string Name, int Line, IReadOnlyList<BicepToken> Body)
{
    /// <summary>The first text: a module's path, a resource's type and version, the file of an import.</summary>
    public string Target => Body.FirstOrDefault(token => token.Kind == BicepTokenKind.Text).Value ?? "";

    /// <summary>A parameter without a default.</summary>
    public bool IsRequired => !BicepFile.AtTopLevel(Body).Any(token => token.Is("="));

    /// <summary>The value, after the equals sign.</summary>
    public IReadOnlyList<BicepToken> Value
    {
        get
        {
            var depth = 0;
            for (var index = 0; index < Body.Count; index++)
            {
                depth += BicepFile.Step(Body[index]);
                if (depth == 0 && Body[index].Is("="))
                    return [.. Body.Skip(index + 1)];
            }
            return [];
        }
    }
}

/// <summary>A Bicep file taken apart as far as its checks need: declarations, the members of objects, and the names that are used.</summary>
internal sealed class BicepFile
{
    private static readonly string[] Keywords = ["param", "var", "resource", "module", "output", "type", "import", "using", "targetScope", "func"];

    public BicepFile(string path, string source)
    {
        Path = path;
        Declarations = [.. Declare(BicepToken.Read(source))];
    }

    /// <summary>The path below <c>infra</c>, with forward slashes.</summary>
    public string Path { get; }

    public IReadOnlyList<BicepDeclaration> Declarations { get; }

    public IEnumerable<BicepDeclaration> Of(string keyword) => Declarations.Where(declaration => declaration.Keyword == keyword);

    /// <summary>The path of a file that this one names.</summary>
    public string Resolve(string target) =>
        System.IO.Path.GetRelativePath("/", System.IO.Path.GetFullPath(target, "/" + System.IO.Path.GetDirectoryName(Path))).Replace('\\', '/');

    /// <summary>+1 where something opens, -1 where it closes.</summary>
    public static int Step(BicepToken token) => token.Kind != BicepTokenKind.Sign ? 0 : token.Value is "{" or "[" or "(" ? 1 : token.Value is "}" or "]" or ")" ? -1 : 0;

    /// <summary>The tokens outside every bracket.</summary>
    public static IEnumerable<BicepToken> AtTopLevel(IEnumerable<BicepToken> tokens)
    {
        var depth = 0;
        foreach (var token in tokens)
        {
            var step = Step(token);
            if (depth == 0 && step == 0)
                yield return token;
            depth += step;
        }
    }

    /// <summary>The members of the first object among the tokens: names with their values. Names in quotes are the same as without.</summary>
    public static IEnumerable<(string Name, IReadOnlyList<BicepToken> Value)> Members(IReadOnlyList<BicepToken> tokens)
    {
        var depth = 0;
        var name = "";
        var value = new List<BicepToken>();
        for (var index = 0; index < tokens.Count; index++)
        {
            depth += Step(tokens[index]);
            var starts = depth == 1 && IsKey(tokens, index);
            var ends = depth == 0 && tokens[index].Is("}");
            if ((starts || ends) && name.Length > 0)
                yield return (name, [.. value]);
            if (ends)
                yield break;
            if (starts)
            {
                name = tokens[index++].Value;
                value.Clear();
            }
            else if (depth > 0)
            {
                value.Add(tokens[index]);
            }
        }
    }

    /// <summary>The name of a member: before a colon, other than in <c>a ? b : c</c>, in <c>a.b : c</c> and in <c>for a in b: c</c>.</summary>
    public static bool IsKey(IReadOnlyList<BicepToken> tokens, int index) =>
        tokens[index].Kind is BicepTokenKind.Word or BicepTokenKind.Text
        && index > 0 && index + 1 < tokens.Count && tokens[index + 1].Is(":")
        && !tokens[index - 1].Is("?") && !tokens[index - 1].Is(".") && !tokens[index - 1].IsWord("in");

    private static IEnumerable<BicepDeclaration> Declare(IReadOnlyList<BicepToken> tokens)
    {
        for (var index = 0; index < tokens.Count; index++)
        {
            if (tokens[index].Kind == BicepTokenKind.NewLine)
                continue;
            var end = EndOf(tokens, index);
            if (!tokens[index].Is("@"))
                yield return Declare(tokens[index], [.. tokens.Skip(index + 1).Take(end - index - 1).Where(token => token.Kind != BicepTokenKind.NewLine)]);
            index = end;
        }
    }

    private static BicepDeclaration Declare(BicepToken keyword, IReadOnlyList<BicepToken> rest)
    {
        if (!Keywords.Contains(keyword.Value))
            throw new FormatException($"Line {keyword.Line}: {keyword.Value} is no declaration.");
        var isNamed = rest.Count > 0 && rest[0].Kind == BicepTokenKind.Word;
        return new(keyword.Value, isNamed ? rest[0].Value : "", keyword.Line, [.. rest.Skip(isNamed ? 1 : 0)]);
    }

    /// <summary>Where the line ends that begins here, with all that is in brackets.</summary>
    private static int EndOf(IReadOnlyList<BicepToken> tokens, int index)
    {
        for (var depth = 0; index < tokens.Count; index++)
        {
            depth += Step(tokens[index]);
            if (depth < 0)
                throw new FormatException($"Line {tokens[index].Line}: {tokens[index].Value} closes nothing.");
            if (depth == 0 && tokens[index].Kind == BicepTokenKind.NewLine)
                return index;
        }
        return index;
    }
}
