using System.Text.Json;
using ValueChainHub.Benchmarks.Verification;

namespace ValueChainHub.Benchmarks.Kills;

/// <summary>The long operations that were asked for, each of which must come to its end by itself.</summary>
public sealed class StartedRuns(OperatorApi api)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly List<string> ids = [];

    public int Count => ids.Count;

    /// <summary>The run that the hub made of it.</summary>
    public async Task<string> StartAsync(string path, object asked, CancellationToken cancellationToken)
    {
        var id = (await api.PostAsync(path, asked, cancellationToken)).GetProperty("id").GetString()!;
        ids.Add(id);
        return id;
    }

    public async Task<int> ActiveAsync(CancellationToken cancellationToken) => (await AllAsync(cancellationToken)).Count(run => StateOf(run) == "running");

    /// <summary>All of them, as they are now.</summary>
    public async Task<IReadOnlyList<JsonElement>> AllAsync(CancellationToken cancellationToken)
    {
        var runs = new List<JsonElement>();
        foreach (var id in ids)
            runs.Add(await api.GetAsync("operations/runs/" + id, cancellationToken));
        return runs;
    }

    /// <summary>Waits until none is running any more, and answers all; what is not done then is a finding.</summary>
    public async Task<IReadOnlyList<JsonElement>> DoneAsync(Findings findings, TimeSpan patience, CancellationToken cancellationToken)
    {
        for (var waited = System.Diagnostics.Stopwatch.StartNew(); waited.Elapsed < patience && await ActiveAsync(cancellationToken) > 0;)
            await Task.Delay(Pause, cancellationToken);
        var all = await AllAsync(cancellationToken);
        foreach (var run in all.Where(run => StateOf(run) != "done"))
            findings.Add($"the {run.GetProperty("kind")} {run.GetProperty("id")} is {StateOf(run)}: {(run.TryGetProperty("reason", out var reason) ? reason.GetString() : "no reason")}");
        return all;
    }

    private static string StateOf(JsonElement run) => run.GetProperty("state").GetString()!;
}
