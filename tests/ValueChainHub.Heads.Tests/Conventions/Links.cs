using System.Text.RegularExpressions;

namespace ValueChainHub.Heads.Tests.Conventions;

/// <summary>Links of a Markdown file to other files of the repository.</summary>
internal static partial class Links
{
    /// <summary>Those that lead nowhere.</summary>
    public static IEnumerable<string> Dead(string file, string text, Func<string, bool> exists) =>
        from Match link in Link().Matches(text)
        let target = link.Groups["target"].Value.Split('#')[0]
        where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
        where !exists(Path.Combine(Path.GetDirectoryName(file) ?? "", target))
        select $"{file}: {target}";

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Link();
}
