using System.Net;
using System.Net.Sockets;

namespace ValueChainHub.Benchmarks.Kills;

/// <summary>The hub as a process of its own, killed and started again on the same data and at the same address. Whoever calls it there outlives it.</summary>
public sealed class MortalHub(string? dll, string directory, Pinning pinning, IReadOnlyDictionary<string, string> settings) : IDisposable
{
    private const string Ready = "/api/health/ready";

    /// <summary>Below the ports that systems give to outgoing connections: one of those could take ours while the hub is down.</summary>
    private const int FirstPort = 20_000, LastPort = 32_000;

    private static readonly TimeSpan PatienceForStart = TimeSpan.FromMinutes(3);

    private readonly ServerProgram program = ServerProgram.Hub(dll);
    private readonly IPEndPoint endPoint = new(IPAddress.Loopback, QuietPort());
    private readonly List<DateTimeOffset> killedAt = [];
    private ServerProcess? process;

    public Uri Address => new($"http://{endPoint}/");

    /// <summary>When it was killed, by the clock of the vendors.</summary>
    public IReadOnlyList<DateTimeOffset> KilledAt => killedAt;

    /// <summary>From the start of the process to ready; the last, and the longest.</summary>
    public TimeSpan LastRecovery { get; private set; }

    public TimeSpan LongestRecovery { get; private set; }

    public void Start() => process = ServerProcess.Start(program, directory, pinning, settings, endPoint);

    public async Task ReadyAsync()
    {
        LastRecovery = await Task.Run(() => process!.WaitFor(Ready, PatienceForStart));
        LongestRecovery = LastRecovery > LongestRecovery ? LastRecovery : LongestRecovery;
    }

    /// <summary>kill -9, at once.</summary>
    public void Kill()
    {
        process?.Dispose();
        process = null;
        killedAt.Add(DateTimeOffset.UtcNow);
    }

    public void Dispose() => process?.Dispose();

    private static int QuietPort()
    {
        while (true)
        {
            var port = Random.Shared.Next(FirstPort, LastPort);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody else's; another one.
            }
        }
    }
}
