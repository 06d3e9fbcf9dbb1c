using ValueChainHub.Hosting;

namespace ValueChainHub.Server.Commands;

/// <summary>What a command line of the program means: settings or nothing start the server, all else is for <see cref="HubCommandLine"/>.</summary>
public static class HubProgram
{
    private static readonly string[] Questions = ["--help", "-h", "-?", "--version"];

    /// <summary>Runs what the arguments ask for, and answers one of <see cref="ExitCodes"/>.</summary>
    public static Task<int> RunAsync(string[] args, HubPlugs plugs) =>
        // The server does not wait for the commands to be put together: it starts as fast as if there were none.
        AreSettings(args) ? HubServer.RunAsync(args, plugs) : HubCommandLine.RunAsync(args, plugs);

    /// <summary>True for what configuration reads to its end: <c>--name=value</c>, <c>--name value</c>, <c>/name=value</c>, <c>/name value</c>, <c>name=value</c>.</summary>
    private static bool AreSettings(ReadOnlySpan<string> args)
    {
        for (var taken = 0; !args.IsEmpty; args = args[taken..])
        {
            taken = LengthOfSetting(args);
            if (taken == 0)
                return false;
        }
        return true;
    }

    private static int LengthOfSetting(ReadOnlySpan<string> args)
    {
        var isNamed = args[0].StartsWith("--", StringComparison.Ordinal) || args[0].StartsWith('/');
        if (args[0].Contains('=', StringComparison.Ordinal) && (isNamed || !args[0].StartsWith('-')))
            return 1;
        return isNamed && args.Length > 1 && !Questions.Contains(args[0], StringComparer.Ordinal) && !Questions.Contains(args[1], StringComparer.Ordinal) ? 2 : 0;
    }
}
