using System.CommandLine;
using ValueChainHub.Hosting;
using ValueChainHub.Hosting.Checks;

namespace ValueChainHub.Server.Commands;

/// <summary><c>check &lt;folder&gt;</c>: what a brand's own saved webhook bodies say, offline.</summary>
internal static class CheckCommand
{
    private const string Description = """
        Read saved webhook bodies and report customers, shared phones, unlinked parcels, consent conflicts and money that does not add up.

        Needs no settings and no network, and writes nothing. Vendor and topic are told by the path (shopify/orders-create.json,
        shopify/orders/create/0001.json), by the body where it names them itself (not Shopify's), or by headers
        beside it (0001.json with 0001.headers) or around it ({"headers": {...}, "body": {...}}).
        Ends with 0 when there is nothing to see to, with 3 when there is, with 1 when the folder cannot be read.
        """;

    public static Command Create(HubPlugs plugs)
    {
        var folder = new Argument<string>("folder") { Description = "The folder; folders inside it are read too." };
        var json = new Option<bool>("--json") { Description = "Print JSON for machines." };
        var personal = new Option<bool>("--show-personal") { Description = "Print addresses and numbers in full; they are covered otherwise." };
        var all = new Option<bool>("--all") { Description = "Print every line; long lists are cut otherwise (never in JSON)." };
        var command = new Command("check", Description) { folder, json, personal, all };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(
            Run(plugs, parsed.GetRequiredValue(folder), new(parsed.GetValue(json), parsed.GetValue(personal), parsed.GetValue(all)), cancellationToken)));
        return command;
    }

    private static int Run(HubPlugs plugs, string folder, CheckStyle style, CancellationToken cancellationToken)
    {
        if (Refusal(folder) is { } refusal)
        {
            Console.Error.WriteLine(refusal);
            return ExitCodes.Failed;
        }
        var found = new CheckFolder(plugs.Vendors).Run(folder, cancellationToken);
        var shown = style.ShowPersonal ? found : Masked.Of(found);
        if (style.Json)
            Console.Out.WriteLine(CheckFolder.Json(shown));
        else
            new CheckText(Console.Out, style.All).Write(shown);
        return found.Files.NotUnderstood + found.Report.Findings > 0 ? ExitCodes.Findings : ExitCodes.Done;
    }

    private static string? Refusal(string folder)
    {
        if (File.Exists(folder))
            return $"'{folder}' is a file. Name the folder that it is in.";
        return Directory.Exists(folder) ? null : $"There is no folder '{folder}'. Name a folder with saved webhook bodies, such as one with shopify/orders-create.json in it.";
    }
}

/// <summary>How a check is printed.</summary>
internal sealed record CheckStyle(bool Json, bool ShowPersonal, bool All);
