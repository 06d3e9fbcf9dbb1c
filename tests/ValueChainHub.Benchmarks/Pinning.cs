using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace ValueChainHub.Benchmarks;

/// <summary>The server on one core, the generator on another, so that neither takes the other's time.</summary>
/// <param name="ServerCore">The server's core; null when nothing is pinned.</param>
/// <param name="Says">One line for the report.</param>
public sealed record Pinning(int? ServerCore, string Says)
{
    public static Pinning None { get; } = new(null, "not pinned: asked not to");

    /// <summary>Moves this process to the second allowed core, when <c>taskset</c> is here and there are two.</summary>
    public static Pinning Create()
    {
        var cores = AllowedCores();
        if (cores.Count < 2)
            return new Pinning(null, "not pinned: fewer than two cores, or the system does not say");
        if (!TryRun("taskset", "-a", "-c", "-p", cores[1].ToString(CultureInfo.InvariantCulture), Environment.ProcessId.ToString(CultureInfo.InvariantCulture)))
            return new Pinning(null, "not pinned: taskset is not available");
        return new Pinning(cores[0], $"server on core {cores[0]}, generator on core {cores[1]}");
    }

    private static List<int> AllowedCores()
    {
        const string Label = "Cpus_allowed_list:";
        if (!File.Exists("/proc/self/status"))
            return [];
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Label, StringComparison.Ordinal));
        var cores = new List<int>();
        foreach (var part in line?[Label.Length..].Split(',', StringSplitOptions.TrimEntries) ?? [])
        {
            var ends = part.Split('-');
            var first = int.Parse(ends[0], CultureInfo.InvariantCulture);
            cores.AddRange(Enumerable.Range(first, int.Parse(ends[^1], CultureInfo.InvariantCulture) - first + 1));
        }
        return cores;
    }

    private static bool TryRun(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true });
            return process is not null && process.WaitForExit(TimeSpan.FromSeconds(5)) && process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
