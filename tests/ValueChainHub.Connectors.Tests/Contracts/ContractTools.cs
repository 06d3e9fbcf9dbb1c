using System.Diagnostics;
using ValueChainHub.Testing;

namespace ValueChainHub.Connectors.Tests.Contracts;

/// <summary>The node packages of <c>eng/contracts</c>.</summary>
internal static class ContractTools
{
    public static string Validator => InTools("validate-graphql.mjs");

    public static string Prism => InTools("node_modules", "@stoplight", "prism-cli", "dist", "index.js");

    /// <summary>Ends the test as skipped where they are not installed, or where there is no node.</summary>
    public static void OrSkip(string package)
    {
        Assert.SkipUnless(Path.Exists(InTools("node_modules", package)), $"{package} is not installed: npm ci in eng/contracts");
        Assert.SkipUnless(HasNode.Value, "there is no node here");
    }

    public static Process Start(params IReadOnlyList<string> arguments) => Process.Start(new ProcessStartInfo("node", arguments)
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static readonly Lazy<bool> HasNode = new(() =>
    {
        try
        {
            using var node = Start("--version");
            node.WaitForExit();
            return node.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    private static string InTools(params IReadOnlyList<string> parts) => Path.Combine([SharedFiles.RepositoryRoot() ?? "", "eng", "contracts", .. parts]);
}
