using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ValueChainHub.Sandbox.Audit;

/// <summary>The hub as its users see it: over HTTP, with a key, and nothing known of its code.</summary>
public sealed class HubReader(Uri hub, string key) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http = new() { BaseAddress = hub, DefaultRequestHeaders = { { "x-functions-key", key } } };

    /// <summary>The customers that somebody with this identifier finds.</summary>
    public async Task<IReadOnlyList<JsonNode>> SearchAsync(string kind, string value, CancellationToken cancellationToken)
    {
        object question = kind == "email" ? new { email = value } : new { kind, value };
        using var response = await _http.PostAsJsonAsync("/api/customers/search", question, cancellationToken);
        return Items(await ReadAsync(response, cancellationToken));
    }

    /// <summary>The customer that has this id now; null when there is none.</summary>
    public async Task<JsonNode?> CustomerAsync(string id, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync("/api/customers/" + id, cancellationToken);
        return response.StatusCode == System.Net.HttpStatusCode.NotFound ? null : await ReadAsync(response, cancellationToken);
    }

    /// <summary>All orders of a customer.</summary>
    public async Task<IReadOnlyList<JsonNode>> OrdersAsync(string id, CancellationToken cancellationToken)
    {
        var orders = new List<JsonNode>();
        for (string? cursor = null; ;)
        {
            var page = await GetAsync($"/api/customers/{id}/orders?limit=100{(cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}", cancellationToken);
            orders.AddRange(Items(page));
            cursor = page["cursor"]?.GetValue<string>();
            if (cursor is null)
                return orders;
        }
    }

    /// <summary>All chain events.</summary>
    public async Task<IReadOnlyList<JsonNode>> EventsAsync(CancellationToken cancellationToken)
    {
        var events = new List<JsonNode>();
        for (string? after = null; ;)
        {
            var page = await GetAsync($"/api/events?limit=1000{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}", cancellationToken);
            var items = Items(page);
            if (items.Count == 0)
                return events;
            events.AddRange(items);
            after = page["cursor"]!.GetValue<string>();
        }
    }

    public async Task<HubLedger> LedgerAsync(CancellationToken cancellationToken) =>
        (await GetAsync("/api/operations/ledger", cancellationToken)).Deserialize<HubLedger>(JsonSerializerOptions.Web)!;

    /// <summary>Things that the hub was pointed at and has still to fetch, over all vendors.</summary>
    public async Task<int> WaitingFetchesAsync(CancellationToken cancellationToken) =>
        Items(await GetAsync("/api/connectors", cancellationToken)).Sum(one => one["fetches"]?["pending"]?.GetValue<int>() ?? 0);

    /// <summary>One reconciliation with what changed at the vendor since then: the run when it has ended, well or not, or as it is when the patience has.</summary>
    public async Task<JsonNode> ReconcileAsync(string connector, DateTimeOffset since, TimeSpan patience, CancellationToken cancellationToken)
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        using var response = await _http.PostAsJsonAsync("/api/reconciliations/" + connector, new { since }, cancellationToken);
        var run = await ReadAsync(response, cancellationToken);
        while (run["state"]!.GetValue<string>() == "running" && waited.Elapsed < patience)
        {
            await Task.Delay(Pause, cancellationToken);
            run = await GetAsync("/api/operations/runs/" + run["id"]!.GetValue<string>(), cancellationToken);
        }
        return run;
    }

    /// <summary>Whether a recount of every delivery agrees with the ledger.</summary>
    public async Task<bool> VerifyAsync(CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsync("/api/operations/ledger/verify", null, cancellationToken);
        return (await ReadAsync(response, cancellationToken))["agrees"]!.GetValue<bool>();
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(path, cancellationToken);
        return await ReadAsync(response, cancellationToken);
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!;
    }

    private static IReadOnlyList<JsonNode> Items(JsonNode page) => [.. page["items"]!.AsArray().Select(item => item!)];
}

/// <summary>Where the deliveries are.</summary>
public sealed record HubLedger(IReadOnlyDictionary<string, HubLedgerLine> Connectors, IReadOnlyDictionary<string, HubLedgerLine> Items, HubOutbox Outbox)
{
    public bool IsSettled => Outbox.Pending == 0 && Connectors.Values.Concat(Items.Values).All(line => line.Pending == 0);

    public HubLedgerLine Sum() => Connectors.Values.Aggregate(new HubLedgerLine(), (sum, line) => sum + line);

    /// <summary>Every line adds up.</summary>
    public bool Balances => Connectors.Values.Concat(Items.Values).All(line => line.Balances);
}

/// <summary>One connector's deliveries by what became of them.</summary>
public sealed record HubLedgerLine(
    long Received = 0, long Applied = 0, long Duplicate = 0, long Quarantined = 0, long DeadLettered = 0, long Suppressed = 0, long Pending = 0,
    IReadOnlyDictionary<string, long>? Rejected = null)
{
    public bool Balances => Received == Applied + Duplicate + Quarantined + DeadLettered + Suppressed + Pending;

    /// <summary>Turned away before they became deliveries.</summary>
    public long Refused => Rejected?.Values.Sum() ?? 0;

    public static HubLedgerLine operator +(HubLedgerLine one, HubLedgerLine other) => new(
        one.Received + other.Received, one.Applied + other.Applied, one.Duplicate + other.Duplicate, one.Quarantined + other.Quarantined,
        one.DeadLettered + other.DeadLettered, one.Suppressed + other.Suppressed, one.Pending + other.Pending,
        new Dictionary<string, long> { ["all"] = one.Refused + other.Refused });
}

public sealed record HubOutbox(long Pending);
