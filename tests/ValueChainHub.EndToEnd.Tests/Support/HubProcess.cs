using System.Collections.Concurrent;
using System.Diagnostics;

namespace ValueChainHub.EndToEnd.Tests.Support;

/// <summary>The server as a process of its own, as users start it; all it writes is kept.</summary>
internal sealed class HubProcess : IHub
{
    private const string ListensOn = "ValueChainHub listens on ";
    private static readonly TimeSpan PatienceForStart = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vch-e2e-");
    private readonly ConcurrentQueue<string> _output = new();
    private readonly StoreUnderTest _store = new();
    private Process? _process;
    private HubClient? _client;

    /// <summary>Outlives a kill, so that whoever is using it sees the connection break and nothing else.</summary>
    public HubClient Client => _client!;

    /// <summary>Everything that went to stdout and stderr, over all starts.</summary>
    public string Output => string.Join('\n', _output);

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(Server.HubServer).Assembly.Location])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.FullName,
        };
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (name, value) in HubSecrets.Settings(_folder.FullName).Concat(await _store.SettingsAsync()))
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new() { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Keep(line.Data, address);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data, address);
        _process.Exited += (_, _) => address.TrySetException(new InvalidOperationException("The hub ended during its start:\n" + Output));
        _process.Start().ShouldBeTrue();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _client?.Dispose();
        _client = new(await address.Task.WaitAsync(PatienceForStart, TestContext.Current.CancellationToken));
    }

    /// <summary>kill -9: no handler of the server runs.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process)
            return;
        _process = null;
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _client?.Dispose();
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private void Keep(string? line, TaskCompletionSource<Uri> address)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        if (line.StartsWith(ListensOn, StringComparison.Ordinal))
            address.TrySetResult(new(line[ListensOn.Length..].Split(',')[0]));
    }
}
