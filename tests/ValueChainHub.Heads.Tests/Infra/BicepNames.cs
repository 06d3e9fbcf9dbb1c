namespace ValueChainHub.Heads.Tests.Infra;

/// <summary>The names that a declaration uses, and those it makes for itself: variables of loops and lambdas, nested resources.</summary>
internal static class BicepNames
{
    private static readonly HashSet<string> Words =
        ["true", "false", "null", "if", "for", "in", "existing", "resource", "string", "int", "bool", "object", "array", "az", "sys"];

    /// <summary>Bicep's own, as far as used. Those that read keys (<c>listKeys</c> and its kin) are left out on purpose.</summary>
    private static readonly HashSet<string> Functions =
    [
        "concat", "contains", "empty", "environment", "filter", "flatten", "guid", "items", "join", "length", "loadJsonContent", "map", "range", "readEnvironmentVariable", "replace",
        "split", "string", "subscription", "subscriptionResourceId", "tenant", "toLower", "toObject", "union", "uniqueString", "utcNow",
    ];

    /// <summary>Names that are used and made by nobody inside the declaration, with the line.</summary>
    public static IEnumerable<(string Name, int Line)> UsedBy(BicepDeclaration declaration)
    {
        var (tokens, own) = (declaration.Body, OwnOf(declaration.Body).ToHashSet());
        for (var index = 0; index < tokens.Count; index++)
        {
            if (IsName(tokens, index) && !own.Contains(tokens[index].Value))
                yield return (tokens[index].Value, tokens[index].Line);
        }
    }

    /// <summary>The variables of <c>for</c>, with what they run over.</summary>
    public static IEnumerable<(string Variable, IReadOnlyList<BicepToken> Source)> Loops(IReadOnlyList<BicepToken> tokens)
    {
        for (var index = 0; index < tokens.Count; index++)
        {
            if (!tokens[index].IsWord("for"))
                continue;
            var start = index;
            while (!tokens[start].IsWord("in"))
                start++;
            yield return (tokens[index + 1].Is("(") ? tokens[index + 2].Value : tokens[index + 1].Value, [.. tokens.Skip(start + 1).TakeWhile(token => !token.Is(":"))]);
        }
    }

    private static bool IsName(IReadOnlyList<BicepToken> tokens, int index)
    {
        var token = tokens[index];
        if (token.Kind != BicepTokenKind.Word || char.IsAsciiDigit(token.Value[0]) || Words.Contains(token.Value) || BicepFile.IsKey(tokens, index))
            return false;
        if (index > 0 && tokens[index - 1] is { Kind: BicepTokenKind.Sign, Value: "." or ".?" or "::" or "@" })
            return false;
        return !(index + 1 < tokens.Count && tokens[index + 1].Is("(") && Functions.Contains(token.Value));
    }

    private static IEnumerable<string> OwnOf(IReadOnlyList<BicepToken> tokens)
    {
        for (var index = 1; index < tokens.Count; index++)
        {
            if (tokens[index].Is("=>"))
                yield return tokens[index - 1].Value;
            else if (tokens[index - 1].IsWord("resource"))
                yield return tokens[index].Value;
            else if (tokens[index - 1].IsWord("for"))
            {
                foreach (var variable in tokens.Skip(index).TakeWhile(token => !token.IsWord("in")).Where(token => token.Kind == BicepTokenKind.Word))
                    yield return variable.Value;
            }
        }
    }
}
