using System.Net.Http.Json;
using System.Text.Json;

namespace ValueChainHub.Benchmarks.Verification;

/// <summary>The account of one connector and the outbox, as the hub states it.</summary>
public sealed record Ledger(long Received, long Applied, long Duplicate, long Quarantined, long DeadLettered, long Suppressed, long Pending, long OutboxPending)
{
    /// <summary>Every delivery has its outcome and every event is published.</summary>
    public bool IsSettled => Pending == 0 && OutboxPending == 0;
}

/// <summary>One page of the published events: subject by subject, of one type.</summary>
public sealed record EventPage(IReadOnlyList<string> Subjects, int Count, string? Cursor);

/// <summary>What the hub says of a customer's orders.</summary>
public sealed record CustomerFigures(string Id, long Orders, IReadOnlyDictionary<string, decimal> LifetimeValue);

/// <summary>How far a backfill is in one list.</summary>
public sealed record StreamFigures(long Compared, long? Of, long Missing, long Repaired);

/// <summary>A backfill as the hub states it.</summary>
public sealed record BackfillRun(string State, string? Reason, IReadOnlyDictionary<string, StreamFigures> Streams)
{
    public long Compared => Streams.Values.Sum(stream => stream.Compared);
}

/// <summary>The few reads of the HTTP contract that the demands need.</summary>
public sealed class HubApi : IDisposable
{
    private readonly HttpClient client;

    /// <param name="baseAddress">The hub's.</param>
    /// <param name="key">Who asks; a reader unless said.</param>
    public HubApi(Uri baseAddress, string key = ServerProcess.ReaderKey)
    {
        client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 16, UseProxy = false }) { BaseAddress = baseAddress, Timeout = TimeSpan.FromMinutes(10) };
        client.DefaultRequestHeaders.Add("x-functions-key", key);
    }

    public async Task<Ledger> LedgerAsync(CancellationToken cancellationToken)
    {
        var root = await GetAsync("/api/operations/ledger", cancellationToken);
        return ReadLedger(root) ?? new Ledger(0, 0, 0, 0, 0, 0, 0, Number(root, "outbox", "pending"));
    }

    /// <summary>What a recount of the items finds wrong; null when it agrees.</summary>
    /// <remarks>The answer says <c>agrees</c>, or is the recount itself, which must then equal the ledger. Anything else is no agreement.</remarks>
    public async Task<string?> VerifyAsync(Ledger stated, CancellationToken cancellationToken)
    {
        using var response = await client.PostAsJsonAsync("/api/operations/ledger/verify", new { }, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
            return $"verify answered {(int)response.StatusCode}";
        using var document = JsonDocument.Parse(text);
        var agreed = document.RootElement.TryGetProperty("agrees", out var agrees) ? agrees.ValueKind == JsonValueKind.True : ReadLedger(document.RootElement) == stated;
        return agreed ? null : "verify does not agree: " + text[..Math.Min(text.Length, 400)];
    }

    public async Task<EventPage> EventsAsync(string type, string? after, int limit, CancellationToken cancellationToken)
    {
        var query = after is null ? "" : "&after=" + Uri.EscapeDataString(after);
        var root = await GetAsync($"/api/events?limit={limit}{query}", cancellationToken);
        var items = root.GetProperty("items");
        var subjects = items.EnumerateArray().Where(item => item.GetProperty("type").ValueEquals(type)).Select(item => item.GetProperty("subject").GetString()!);
        return new EventPage([.. subjects], items.GetArrayLength(), root.TryGetProperty("cursor", out var cursor) ? cursor.GetString() : null);
    }

    public async Task<IReadOnlyList<CustomerFigures>> SearchAsync(string email, CancellationToken cancellationToken)
    {
        using var response = await client.PostAsJsonAsync("/api/customers/search", new { email }, cancellationToken);
        response.EnsureSuccessStatusCode();
        using var document = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
        return [.. document.RootElement.GetProperty("items").EnumerateArray().Select(Figures)];
    }

    /// <summary>Starts a backfill, and answers the id of its run.</summary>
    public async Task<string> BackfillAsync(string connector, CancellationToken cancellationToken)
    {
        using var response = await client.PostAsJsonAsync("/api/reconciliations/" + connector, new { from = "beginning" }, cancellationToken);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("id").GetString()!;
    }

    public async Task<BackfillRun> RunAsync(string id, CancellationToken cancellationToken)
    {
        var run = await GetAsync("/api/operations/runs/" + id, cancellationToken);
        var streams = run.GetProperty("report").TryGetProperty("streams", out var known)
            ? known.EnumerateObject().ToDictionary(stream => stream.Name, stream => FiguresOf(stream.Value), StringComparer.Ordinal)
            : [];
        return new(run.GetProperty("state").GetString()!, run.TryGetProperty("reason", out var reason) ? reason.GetString() : null, streams);

        static StreamFigures FiguresOf(JsonElement stream) => new(
            Number(stream, "compared"), stream.TryGetProperty("of", out var of) && of.ValueKind == JsonValueKind.Number ? of.GetInt64() : null, Number(stream, "missing"), Number(stream, "repaired"));
    }

    public void Dispose() => client.Dispose();

    private async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) =>
        await client.GetFromJsonAsync<JsonElement>(path, cancellationToken);

    private static Ledger? ReadLedger(JsonElement root)
    {
        if (!root.TryGetProperty("connectors", out var connectors) || !connectors.TryGetProperty("shopify", out var shopify))
            return null;
        return new Ledger(
            Number(shopify, "received"), Number(shopify, "applied"), Number(shopify, "duplicate"), Number(shopify, "quarantined"),
            Number(shopify, "deadLettered"), Number(shopify, "suppressed"), Number(shopify, "pending"), Number(root, "outbox", "pending"));
    }

    private static CustomerFigures Figures(JsonElement record)
    {
        var values = new Dictionary<string, decimal>(StringComparer.Ordinal);
        if (!record.TryGetProperty("storefront", out var storefront) || storefront.ValueKind != JsonValueKind.Object)
            return new CustomerFigures(record.GetProperty("id").GetString()!, 0, values);
        if (storefront.TryGetProperty("lifetimeValue", out var lifetime) && lifetime.ValueKind == JsonValueKind.Array)
        {
            foreach (var value in lifetime.EnumerateArray())
                values[value.GetProperty("currency").GetString()!] = decimal.Parse(value.GetProperty("amount").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        }
        return new CustomerFigures(record.GetProperty("id").GetString()!, Number(storefront, "orders"), values);
    }

    /// <summary>Absent is an error of its own: a number that is not there must never pass for zero.</summary>
    private static long Number(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
            element = element.GetProperty(name);
        return element.GetInt64();
    }
}
