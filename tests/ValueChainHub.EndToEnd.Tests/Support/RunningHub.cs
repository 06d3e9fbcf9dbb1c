using Microsoft.AspNetCore.Builder;
using ValueChainHub.Hosting;
using ValueChainHub.Server;

namespace ValueChainHub.EndToEnd.Tests.Support;

/// <summary>The server head as it is, on a free loopback port, with a folder and a store of its own.</summary>
internal sealed class RunningHub : IHub
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vch-e2e-");
    private WebApplication? _app;

    /// <summary>Where it keeps its record.</summary>
    public StoreUnderTest Store { get; init; } = new();

    /// <summary>Settings beside those of every hub, such as API credentials.</summary>
    public Dictionary<string, string> Settings { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What it is plugged into.</summary>
    public HubPlugs Plugs { get; set; } = LocalPlugs.Plugs;

    /// <summary>Its clock.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    public HubClient Client { get; private set; } = null!;

    public async Task StartAsync()
    {
        string[] args = ["--urls=http://127.0.0.1:0", .. HubSecrets.Settings(_folder.FullName).Concat(await Store.SettingsAsync()).Concat(Settings).Select(setting => $"--{setting.Key}={setting.Value}")];
        _app = HubServer.Build(args, Plugs, Time);
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Client = new(new(_app.Urls.First()));
    }

    /// <summary>An orderly end and a new start on the same data.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public async Task StopAsync()
    {
        if (_app is null)
            return;
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _app = null;
    }
}

/// <summary>A hub under test. Disposing ends it and removes what it kept.</summary>
internal interface IHub : IAsyncDisposable
{
    HubClient Client { get; }

    Task StartAsync();
}
