using System.Globalization;
using ValueChainHub.Sandbox;
using ValueChainHub.Sandbox.Audit;

namespace ValueChainHub.Server.Commands.Demo;

/// <summary>How far the story is: one line that is written over on a terminal, now and then a line where the output goes elsewhere.</summary>
internal static class DemoProgress
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(3);

    /// <summary>Returns when the work is done, and throws what it threw.</summary>
    public static async Task WatchAsync(SandboxRun sandbox, HubReader hub, Task work, CancellationToken cancellationToken)
    {
        var (pause, isTerminal) = (Console.IsOutputRedirected ? Elsewhere : OnTerminal, !Console.IsOutputRedirected);
        while (await Task.WhenAny(work, Task.Delay(pause, TimeProvider.System, cancellationToken)) != work)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var line = Line(sandbox, (await hub.LedgerAsync(cancellationToken)).Sum());
            Console.Write(isTerminal ? "\r" + line.PadRight(110) : line + Environment.NewLine);
        }
        if (isTerminal)
            Console.Write("\r" + new string(' ', 110) + "\r");
        await work;
    }

    private static string Line(SandboxRun sandbox, HubLedgerLine hub)
    {
        var (sent, lost) = (sandbox.Counts.Values.Sum(counts => counts.Sent), sandbox.Counts.Values.Sum(counts => counts.Lost));
        var day = sandbox.Done == 0 ? sandbox.Story.Acts[0].At : sandbox.Story.Acts[sandbox.Done - 1].At;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{day:yyyy-MM-dd}  {sandbox.Done}/{sandbox.Story.Acts.Count} acts  sent {sent:N0}  lost {lost:N0}  applied {hub.Applied:N0}  doubles {hub.Duplicate:N0}  waiting {hub.Pending:N0}");
    }
}
