using ValueChainHub.Hosting;
using ValueChainHub.Hosting.Settings;
using ValueChainHub.Sandbox;
using ValueChainHub.Sandbox.Audit;

namespace ValueChainHub.Server.Commands.Demo;

/// <summary>One demonstration: vendors, hub, story, comparison, last screen.</summary>
/// <param name="plugs">What the hub is plugged into.</param>
/// <param name="options">The story and what goes wrong.</param>
/// <param name="data">Where the hub keeps its data; null for a directory that is removed at the end.</param>
/// <param name="stays">The hub stays up after the last screen until Ctrl+C.</param>
internal sealed class DemoRun(HubPlugs plugs, SandboxOptions options, string? data, bool stays)
{
    /// <summary>After the last delivery: time for the fetches that vendors refused to be tried again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var folder = data is null ? Directory.CreateTempSubdirectory("valuechainhub-demo-") : Directory.CreateDirectory(data);
        if (folder.EnumerateFileSystemInfos().Any())
            throw new HubSettingsException("--data names a directory with something in it. The demonstration compares all that the hub holds: give it an empty one.");
        try
        {
            await using var sandbox = await SandboxRun.StartAsync(options, TimeProvider.System.GetUtcNow(), cancellationToken);
            await using var hub = HubServer.Build(Settings(sandbox, folder.FullName), plugs);
            await hub.StartAsync(cancellationToken);
            try
            {
                return await RunAsync(sandbox, hub, cancellationToken);
            }
            finally
            {
                await hub.StopAsync(CancellationToken.None);
            }
        }
        finally
        {
            if (data is null)
                folder.Delete(recursive: true);
        }
    }

    private async Task<int> RunAsync(SandboxRun sandbox, WebApplication hub, CancellationToken cancellationToken)
    {
        var (address, key) = (new Uri(hub.Urls.First()), hub.Services.GetRequiredService<HubSettings>().AdminKey);
        using var reader = new HubReader(address, key);
        Console.WriteLine($"The hub listens on {address.GetLeftPart(UriPartial.Authority)}; {sandbox.Counts.Count} simulated accounts of 4 vendors send to it. Seed {options.Seed}, {options.Shoppers} shoppers.");

        await DemoProgress.WatchAsync(sandbox, reader, sandbox.PlayAsync(address, cancellationToken), cancellationToken);
        var settling = Settling.WaitAsync(reader, sandbox.Books, Patience, cancellationToken);
        await DemoProgress.WatchAsync(sandbox, reader, settling, cancellationToken);
        var report = await new HubAudit(reader, sandbox.Books).RunAsync(cancellationToken);
        var screen = new DemoScreen(sandbox, report, await reader.LedgerAsync(cancellationToken), await reader.VerifyAsync(cancellationToken), await settling);
        screen.Write(Console.Out);

        var repair = new DemoRepair(sandbox, reader, Patience);
        await DemoProgress.WatchAsync(sandbox, reader, repair.RunAsync(cancellationToken), cancellationToken);
        repair.Write(Console.Out);
        screen.Look(Console.Out, address, key, stays);
        if (stays)
            await StayAsync(hub, cancellationToken);
        return screen.AllAgrees && repair.AllAgrees ? ExitCodes.Done : ExitCodes.Findings;
    }

    /// <summary>Ctrl+C is the expected end of a demonstration that stays.</summary>
    private static async Task StayAsync(WebApplication hub, CancellationToken cancellationToken)
    {
        try
        {
            await hub.WaitForShutdownAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }
    }

    private static string[] Settings(SandboxRun sandbox, string folder) =>
    [
        "--urls=http://127.0.0.1:0",
        $"--Hub:DataDirectory={folder}",
        // Only when the demonstration asks for it, and at once.
        "--Hub:ReconcileEveryMinutes=0",
        "--Hub:ReconcileGraceMinutes=0",
        .. sandbox.HubSettings().Select(setting => $"--{setting.Key}={setting.Value}"),
    ];
}
