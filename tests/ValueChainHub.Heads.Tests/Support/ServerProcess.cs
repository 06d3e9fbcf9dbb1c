using System.Diagnostics;

namespace ValueChainHub.Heads.Tests.Support;

/// <summary>The server as its own process, started in a folder of its own with nothing but the settings given.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly List<string> _lines = [];

    private ServerProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What it wrote so far.</summary>
    public string Output => string.Join('\n', _lines);

    public static ServerProcess Start(string folder, params (string Name, string Value)[] settings) => Run(folder, [], settings);

    /// <summary>The program called with arguments: settings for the server, or a command.</summary>
    public static ServerProcess Run(string folder, string[] arguments, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ValueChainHub.Server.dll"), .. arguments])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("Hub__", StringComparison.Ordinal) || name.StartsWith("Connectors__", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    /// <summary>The address it says it listens on.</summary>
    public async Task<Uri> ListensAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            _lines.Add(line);
            if (line.TrimStart().StartsWith("operations", StringComparison.Ordinal))
                return new(line[line.IndexOf("http", StringComparison.Ordinal)..]);
        }
        throw new InvalidOperationException("The server ended: " + await _errors);
    }

    /// <summary>Waits for its end.</summary>
    public async Task<(int Code, string Errors)> EndAsync()
    {
        _lines.AddRange((await _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n'));
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (_process.ExitCode, await _errors);
    }

    /// <summary>Asks it to stop, as a service manager does.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
