using System.CommandLine;
using ValueChainHub.Hosting;
using ValueChainHub.Hosting.Settings;
using ValueChainHub.Server.Commands.Demo;

namespace ValueChainHub.Server.Commands;

/// <summary>The commands of the program, one file for each beside this one.</summary>
internal static class HubCommandLine
{
    private const string Description = """
        One record of each customer across marketing, storefront, fulfillment and service.

        Called without a command it runs the hub. Settings come from the environment (Hub__DataDirectory=.hub),
        from appsettings.json, or as arguments (--Hub:DataDirectory=.hub). Stop it with Ctrl+C.
        """;

    /// <summary>Reads the arguments and runs the command they name.</summary>
    public static async Task<int> RunAsync(string[] args, HubPlugs plugs)
    {
        var parsed = Root(plugs).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
            return RefuseUse(parsed);
        try
        {
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
        }
        catch (HubSettingsException fault)
        {
            return Refuse(fault.Message);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Stopped;
        }
    }

    /// <summary>The list of commands. A new one is a line here.</summary>
    private static IEnumerable<Command> Commands(HubPlugs plugs) =>
    [
        CheckCommand.Create(plugs),
        ConnectCommand.Create(plugs),
        DemoCommand.Create(plugs),
    ];

    private static RootCommand Root(HubPlugs plugs)
    {
        var root = new RootCommand(Description);
        foreach (var command in Commands(plugs))
            root.Subcommands.Add(command);
        root.SetAction(_ => HubServer.RunAsync([], plugs));
        return root;
    }

    private static int RefuseUse(ParseResult parsed)
    {
        // The first says it; the others are what it made of the words after.
        Console.Error.WriteLine(parsed.Errors[0].Message);
        Console.Error.WriteLine("Call it with --help to see the commands and their options.");
        return ExitCodes.WrongUse;
    }

    private static int Refuse(string why)
    {
        Console.Error.WriteLine(why);
        return ExitCodes.Failed;
    }
}
