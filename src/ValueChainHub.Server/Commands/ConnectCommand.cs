using System.CommandLine;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Hosting;
using ValueChainHub.Hosting.Connect;

namespace ValueChainHub.Server.Commands;

/// <summary><c>connect &lt;vendor&gt;</c>: whether an account is connected rightly, and its webhooks made.</summary>
internal static class ConnectCommand
{
    private const string Description = """
        Look at a vendor's account with the settings of its connector: credentials, scopes and webhooks; with --create, make the webhooks that are missing.

        Settings are the hub's own (Connectors__<name>__ApiKey ..., Hub__PublicUrl), from the environment or appsettings.json.
        Without --create nothing is changed. Called again it leaves what is right; webhooks that are not the hub's are shown and never touched.
        Ends with 0 when all is in order, with 3 when webhooks are missing or wrong, with 1 when the account cannot be used.
        """;

    public static Command Create(HubPlugs plugs)
    {
        var name = new Argument<string>("vendor") { Description = "The connector's name, such as shopify or shopify-eu." };
        var create = new Option<bool>("--create") { Description = "Make the webhooks that are missing." };
        var command = new Command("connect", Description) { name, create };
        command.SetAction((parsed, cancellationToken) => RunAsync(plugs, parsed.GetRequiredValue(name), parsed.GetValue(create), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(HubPlugs plugs, string name, bool create, CancellationToken cancellationToken)
    {
        var connection = VendorConnection.Read(new ConfigurationBuilder().AddHubSources([]).Build(), plugs, name);
        if (create && connection.Address is null)
        {
            Console.Error.WriteLine("Hub__PublicUrl is not set, so there is no address to send webhooks to. Set it to the hub's public address, such as https://hub.example.com.");
            return ExitCodes.Failed;
        }
        var report = await ConnectVendor.RunAsync(connection.Setup, connection.Address, create, cancellationToken);
        new ConnectText(Console.Out).Write(connection, report, create);
        return CodeOf(connection, report);
    }

    private static int CodeOf(VendorConnection connection, ConnectReport report)
    {
        var isBlind = report.Webhooks.All(line => line.State is WebhookState.Unknown or WebhookState.Barred);
        var hasFault = report.Notes.Any(note => note.State == SetupState.Fault);
        if (isBlind && hasFault)
            return ExitCodes.Failed;
        var isInOrder = !hasFault && connection.Address is not null
            && (isBlind || report.Webhooks.All(line => line.State is WebhookState.Present or WebhookState.Created or WebhookState.Barred));
        return isInOrder ? ExitCodes.Done : ExitCodes.Findings;
    }
}
