using System.Text.Json.Nodes;
using ValueChainHub.Sandbox;
using ValueChainHub.Sandbox.Audit;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Server.Commands.Demo;

/// <summary>The vendors have recovered, and the hub reconciles itself with each of them once: what that brought home, and what it could not.</summary>
internal sealed class DemoRepair(SandboxRun sandbox, HubReader hub, TimeSpan patience)
{
    private readonly Dictionary<string, JsonNode> _runs = new(StringComparer.Ordinal);
    private AuditReport? _report;
    private bool _isSettled;

    /// <summary>Every reconciliation ended well, and afterwards the hub held what it had been told.</summary>
    public bool AllAgrees => _isSettled && _report is { Differences.Count: 0 } && _runs.Values.All(run => run["state"]!.GetValue<string>() == "done");

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var before = sandbox.Story.Acts[0].At.AddDays(-1);
        foreach (var vendor in sandbox.Counts.Keys)
        {
            sandbox.Switches(vendor).Restore();
            sandbox.Switches(vendor).Faults = Faults.None;
        }
        foreach (var vendor in sandbox.Counts.Keys)
            _runs[vendor] = await hub.ReconcileAsync(vendor, before, patience, cancellationToken);
        _isSettled = await Settling.WaitAsync(hub, sandbox.Books, patience, cancellationToken);
        _report = await new HubAudit(hub, sandbox.Books).RunAsync(cancellationToken);
    }

    public void Write(TextWriter console)
    {
        console.WriteLine();
        console.WriteLine("One reconciliation with each vendor, after they have recovered");
        DemoText.Row(console, "", "compared", "missing", "different", "repaired", "lost");
        foreach (var (vendor, run) in _runs)
        {
            if (run["state"]!.GetValue<string>() == "done")
                DemoText.Row(console, vendor, [.. ((string[])["compared", "missing", "different", "repaired", "lost"]).Select(name => DemoText.Number(run["report"]![name]!.GetValue<long>()))]);
            else
                console.WriteLine($"  {vendor}: IT DID NOT END: {run["reason"]?.GetValue<string>()}");
        }
        if (!_isSettled)
            console.WriteLine("  IT DID NOT COME TO REST");
        console.WriteLine($"Missing still, because no vendor lists it, or from before the hub's polls began: {DemoText.Sum(_report!.Missing)}.");
        if (_report.Differences.Count > 0)
            console.WriteLine($"DIFFERENT FROM WHAT WAS TOLD: {DemoText.Number(_report.Differences.Count)} places.");
        DemoText.List(console, _report.Differences);
        console.Flush();
    }
}
