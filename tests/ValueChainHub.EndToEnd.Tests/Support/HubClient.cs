using System.Net.Http.Json;
using System.Text.Json;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Intake;

namespace ValueChainHub.EndToEnd.Tests.Support;

/// <summary>What users of the hub do, over HTTP.</summary>
internal sealed class HubClient(Uri baseAddress) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = baseAddress, Timeout = TimeSpan.FromSeconds(30) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Uri Address => baseAddress;

    public async Task<HubAnswer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await _http.SendAsync(request, Token);
            return new((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType ?? "", await response.Content.ReadAsStringAsync(Token));
        }
    }

    public Task<HubAnswer> GetAsync(string path, string? key = HubSecrets.ReaderKey) => SendAsync(WithKey(new(HttpMethod.Get, "/api/" + path), key));

    public Task<HubAnswer> PostAsync(string path, object? body, string? key = HubSecrets.AdminKey) =>
        SendAsync(WithKey(new(HttpMethod.Post, "/api/" + path) { Content = body switch { null => null, string text => new StringContent(text), _ => JsonContent.Create(body) } }, key));

    public Task<HubAnswer> PutAsync(string path, object body, string? key = HubSecrets.AdminKey) => SendAsync(WithKey(new(HttpMethod.Put, "/api/" + path) { Content = JsonContent.Create(body) }, key));

    /// <summary>Sends a webhook with the right signature.</summary>
    public Task<HubAnswer> DeliverAsync(Webhook webhook) => SendAsync(webhook.Request(HubSecrets.WebhookSecret));

    /// <summary>Sends webhooks one after the other; each must be taken.</summary>
    public async Task DeliverAsync(params IEnumerable<Webhook> webhooks)
    {
        foreach (var webhook in webhooks)
            (await DeliverAsync(webhook)).As<JsonElement>().GetProperty("status").GetString().ShouldBeOneOf("accepted", "duplicate");
    }

    /// <summary>Sends webhooks over several connections at once and answers how many had each status.</summary>
    public async Task<IReadOnlyDictionary<string, int>> DeliverInParallelAsync(IReadOnlyCollection<Webhook> webhooks, int connections = 16)
    {
        var statuses = new System.Collections.Concurrent.ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(webhooks, new ParallelOptions { MaxDegreeOfParallelism = connections, CancellationToken = Token }, async (webhook, _) =>
        {
            var answer = await DeliverAsync(webhook);
            answer.Status.ShouldBe(200, $"{webhook.Topic}: {answer.Text}");
            statuses.AddOrUpdate(answer.Word, 1, (_, count) => count + 1);
        });
        return statuses;
    }

    public async Task<IReadOnlyList<CustomerRecord>> SearchAsync(object query) =>
        (await PostAsync("customers/search", query, HubSecrets.ReaderKey)).As<ItemsOf<CustomerRecord>>().Items;

    /// <summary>The one customer that the query finds.</summary>
    public async Task<CustomerRecord> FindAsync(object query) => (await SearchAsync(query)).ShouldHaveSingleItem();

    public async Task<CustomerRecord> CustomerAsync(string id) => (await GetAsync("customers/" + id)).As<CustomerRecord>();

    public async Task<CustomerProfiles> ProfilesAsync(string id) => (await GetAsync($"customers/{id}/profiles")).As<CustomerProfiles>();

    /// <summary>All orders of a customer, over as many pages as it takes.</summary>
    public Task<List<OrderSummary>> OrdersAsync(string id, int limit = 50) => AllAsync<OrderSummary>($"customers/{id}/orders?limit={limit}", "cursor");

    public Task<List<JsonElement>> TimelineAsync(string id, int limit = 50) => AllAsync<JsonElement>($"customers/{id}/timeline?limit={limit}", "cursor");

    /// <summary>Every chain event there is, in the order of the feed.</summary>
    public async Task<List<JsonElement>> EventsAsync(int limit = 1000)
    {
        var events = new List<JsonElement>();
        for (var after = ""; ;)
        {
            var page = (await GetAsync($"events?limit={limit}{(after.Length == 0 ? "" : "&after=" + Uri.EscapeDataString(after))}")).As<ItemsOf<JsonElement>>();
            if (page.Items.Count == 0)
                return events;
            events.AddRange(page.Items);
            after = page.Cursor.ShouldNotBeNull();
        }
    }

    /// <summary>Ids of the events that deliveries gave rise to; notices about identity tell of the order of arrival and are left out.</summary>
    public async Task<SortedSet<string>> EventIdsAsync()
    {
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var one in (await EventsAsync()).Where(one => !IsIdentityNotice(one)))
            ids.Add(one.GetProperty("id").GetString()!).ShouldBeTrue("an event was emitted twice");
        return ids;
    }

    public static bool IsIdentityNotice(JsonElement one) => one.GetProperty("type").GetString()!.StartsWith("valuechain.identity.customer.", StringComparison.Ordinal);

    public async Task<DeliveryDetails> DeliveryAsync(string id) => (await GetAsync("deliveries/" + Uri.EscapeDataString(id))).As<DeliveryDetails>();

    public Task<List<DeliveryDetails>> DeliveriesAsync(string filter) => AllAsync<DeliveryDetails>("deliveries?" + filter, "cursor");

    public async Task<Ledger> LedgerAsync() => (await GetAsync("operations/ledger")).As<Ledger>();

    /// <summary>Waits until nothing is pending: no delivery, no event inside one, nothing in the outbox.</summary>
    public async Task SettleAsync()
    {
        for (var waited = System.Diagnostics.Stopwatch.StartNew(); !(await LedgerAsync()).IsSettled;)
        {
            waited.Elapsed.ShouldBeLessThan(Patience, "the hub did not settle");
            await Task.Delay(25, Token);
        }
    }

    /// <summary>Settles, and demands that every delivery is accounted for, by the ledger and by its recount.</summary>
    public async Task LedgerShouldBalanceAsync()
    {
        await SettleAsync();
        (await LedgerAsync()).ShouldBalance();
        var verdict = (await PostAsync("operations/ledger/verify", null, HubSecrets.ReaderKey)).Json;
        verdict.GetProperty("agrees").GetBoolean().ShouldBeTrue(verdict.ToString());
    }

    public void Dispose() => _http.Dispose();

    private async Task<List<T>> AllAsync<T>(string path, string cursorName)
    {
        var all = new List<T>();
        for (string? cursor = null; ;)
        {
            var page = (await GetAsync(cursor is null ? path : $"{path}&{cursorName}={Uri.EscapeDataString(cursor)}")).As<ItemsOf<T>>();
            all.AddRange(page.Items);
            if (page.Cursor is null)
                return all;
            cursor = page.Cursor;
        }
    }

    private static HttpRequestMessage WithKey(HttpRequestMessage request, string? key)
    {
        if (key is not null)
            request.Headers.Add("x-functions-key", key);
        return request;
    }

    private sealed record ItemsOf<T>(IReadOnlyList<T> Items, string? Cursor);
}
