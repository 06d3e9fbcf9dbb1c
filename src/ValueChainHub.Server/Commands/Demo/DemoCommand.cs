using System.CommandLine;
using System.Globalization;
using ValueChainHub.Hosting;
using ValueChainHub.Sandbox;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Server.Commands.Demo;

/// <summary><c>demo</c>: the hub with simulated vendors that duplicate, reorder and lose deliveries, and at the end one screen that says whether anything else is missing.</summary>
internal static class DemoCommand
{
    private const int MostShoppers = 5_000;
    private const int MostSeconds = 3_600;

    public static Command Create(HubPlugs plugs)
    {
        var seed = new Option<int>("--seed") { Description = "Another seed, another story.", DefaultValueFactory = _ => 1 };
        var shoppers = Between("--shoppers", "How many shoppers.", 60, 1, MostShoppers);
        var seconds = Between("--seconds", "In how many seconds their two months are told.", 15, 1, MostSeconds);
        var faults = new Option<string>("--faults") { Description = $"What goes wrong: all, none, or some of {string.Join(",", Faults.Names.Keys)}.", DefaultValueFactory = _ => "all" };
        faults.Validators.Add(result =>
        {
            if (Faults.Parse(result.GetValue(faults) ?? "") is null)
                result.AddError($"--faults must be all, none, or some of {string.Join(",", Faults.Names.Keys)}.");
        });
        var data = new Option<string?>("--data") { Description = "A directory to keep the hub's data in; otherwise they are gone at the end." };
        var exit = new Option<bool>("--exit") { Description = "End after the last screen instead of keeping the hub running for you to look around." };

        var command = new Command("demo", "Shows the hub at work: simulated vendors, shoppers of two months in seconds, and a last screen of what was sent and what is held.")
        {
            seed, shoppers, seconds, faults, data, exit,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var options = new SandboxOptions
            {
                Seed = parsed.GetValue(seed),
                Shoppers = parsed.GetValue(shoppers),
                Duration = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                Faults = Faults.Parse(parsed.GetValue(faults)!)!,
            };
            var stays = !parsed.GetValue(exit) && !Console.IsOutputRedirected;
            return new DemoRun(plugs, options, parsed.GetValue(data), stays).RunAsync(cancellationToken);
        });
        return command;
    }

    private static Option<int> Between(string name, string description, int usual, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            // Its text, not its value: that of a word which is no number cannot be asked for.
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) || value < least || value > most))
                result.AddError($"{name} must be a number from {least} to {most}.");
        });
        return option;
    }
}
