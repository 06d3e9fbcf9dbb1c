using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ValueChainHub.Benchmarks;

/// <summary>What is started: the hub's server, a floor, or the stand-in that proves the demands can fail.</summary>
/// <param name="Arguments">For <c>dotnet</c>: the path of a dll and its arguments.</param>
public sealed record ServerProgram(string Name, params string[] Arguments)
{
    /// <summary>One of the floors, or the stand-in: this very program.</summary>
    public static ServerProgram Own(params string[] arguments) => new(string.Join(' ', arguments), ["exec", typeof(ServerProgram).Assembly.Location, .. arguments]);

    /// <summary>The server's own build output, beside ours in the artifacts folder.</summary>
    public static ServerProgram Hub(string? given)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var path = given ?? Path.Combine(here.Parent!.Parent!.FullName, "ValueChainHub.Server", here.Name, "ValueChainHub.Server.dll");
        if (!File.Exists(path))
            throw new FileNotFoundException("The server is not built: build src/ValueChainHub.Server in the same configuration, or name its dll with --server.", path);
        return new ServerProgram("hub", "exec", path);
    }
}

/// <summary>A server as a process of its own, with its data directory, its secrets and a free port. Disposing kills it.</summary>
public sealed class ServerProcess : IDisposable
{
    public const string WebhookSecret = "load-test-webhook-secret-not-for-use-0001";
    public const string ReaderKey = "load-test-reader-key-not-for-use-00000002";
    public const string AdminKey = "load-test-admin-key-not-for-use-000000003";

    private const string IdKey = "load-test-identity-key-not-for-use-000004";
    private const int LinesKept = 40;
    private static readonly ConcurrentDictionary<int, Process> Running = new();

    private readonly Process process;
    private readonly ConcurrentQueue<string> lastLines = new();

    static ServerProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();

    private ServerProcess(Process process, IPEndPoint endPoint)
    {
        this.process = process;
        EndPoint = endPoint;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    public IPEndPoint EndPoint { get; }

    public Uri BaseAddress => new($"http://{EndPoint}/");

    /// <summary>From the start of the process to its first 200 of the path that was waited for.</summary>
    public TimeSpan StartUp { get; private set; }

    /// <summary>The server's last lines of output, for whoever must find out why it failed.</summary>
    public string LastLines => string.Join(Environment.NewLine, lastLines);

    /// <param name="program">What to start.</param>
    /// <param name="dataDirectory">Where it keeps its data.</param>
    /// <param name="pinning">Which core it runs on.</param>
    /// <param name="settings">Settings beside those of every run.</param>
    /// <param name="at">Where it listens; a free port when null.</param>
    public static ServerProcess Start(ServerProgram program, string dataDirectory, Pinning pinning, IReadOnlyDictionary<string, string>? settings = null, IPEndPoint? at = null)
    {
        var endPoint = at ?? new IPEndPoint(IPAddress.Loopback, FreePort());
        var start = pinning.ServerCore is { } core
            ? new ProcessStartInfo("taskset", ["-c", core.ToString(CultureInfo.InvariantCulture), "dotnet", .. program.Arguments])
            : new ProcessStartInfo("dotnet", program.Arguments);
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        start.WorkingDirectory = dataDirectory;
        foreach (var (name, value) in Settings(dataDirectory, endPoint).Concat(settings ?? new Dictionary<string, string>()))
            start.Environment[name] = value;
        var started = Stopwatch.GetTimestamp();
        var child = Process.Start(start) ?? throw new InvalidOperationException("The server did not start.");
        Running[child.Id] = child;
        var server = new ServerProcess(child, endPoint) { Started = started };
        child.BeginOutputReadLine();
        child.BeginErrorReadLine();
        return server;
    }

    /// <summary>Waits for the first 200 of a health path, and says how long the start took.</summary>
    public TimeSpan WaitFor(string path, TimeSpan patience)
    {
        while (Stopwatch.GetElapsedTime(Started) < patience)
        {
            if (process.HasExited)
                throw new InvalidOperationException("The server ended during its start:" + Environment.NewLine + LastLines);
            if (Probe.Answers200(EndPoint, path))
                return StartUp = Stopwatch.GetElapsedTime(Started);
            Thread.Sleep(2);
        }
        throw new TimeoutException($"No 200 from {path} within {patience.TotalSeconds:0} s:" + Environment.NewLine + LastLines);
    }

    /// <summary>kill -9: no handler of the server runs.</summary>
    public void Kill()
    {
        Running.TryRemove(process.Id, out _);
        if (process.HasExited)
            return;
        process.Kill();
        process.WaitForExit(TimeSpan.FromSeconds(10));
    }

    /// <summary>Processor time so far, user and system; zero where the system does not say.</summary>
    public TimeSpan CpuTime() => process.HasExited ? TimeSpan.Zero : Refreshed().TotalProcessorTime;

    /// <summary>The most memory that was ever resident (VmHWM), in megabytes.</summary>
    public double PeakMegabytes() => process.HasExited ? 0 : PeakFromKernel() ?? Refreshed().PeakWorkingSet64 / 1048576.0;

    public void Dispose()
    {
        Kill();
        process.Dispose();
    }

    private long Started { get; init; }

    private static void KillAll()
    {
        foreach (var child in Running.Values)
        {
            try
            {
                child.Kill();
            }
            catch (InvalidOperationException)
            {
                // It had ended by itself.
            }
        }
    }

    private static Dictionary<string, string> Settings(string dataDirectory, IPEndPoint endPoint) => new()
    {
        ["Hub__DataDirectory"] = dataDirectory,
        ["Hub__AdminKey"] = AdminKey,
        ["Hub__ReaderKey"] = ReaderKey,
        ["Hub__IdKey"] = IdKey,
        ["Connectors__shopify__WebhookSecret"] = WebhookSecret,
        ["Connectors__shopify__ShopDomain"] = Generator.OrderRequests.ShopDomain,
        ["ASPNETCORE_URLS"] = $"http://{endPoint}",
        ["DOTNET_ENVIRONMENT"] = "Production",
        ["DOTNET_NOLOGO"] = "1",
    };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Process Refreshed()
    {
        process.Refresh();
        return process;
    }

    private double? PeakFromKernel()
    {
        var status = $"/proc/{process.Id.ToString(CultureInfo.InvariantCulture)}/status";
        if (!File.Exists(status))
            return null;
        var line = File.ReadLines(status).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null ? null : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Replace("VmHWM:", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lastLines.Enqueue(line);
        while (lastLines.Count > LinesKept)
            lastLines.TryDequeue(out _);
    }
}
