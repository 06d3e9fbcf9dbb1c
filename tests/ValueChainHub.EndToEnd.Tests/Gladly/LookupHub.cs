using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using ValueChainHub.Connectors.Gladly;
using ValueChainHub.Connectors.Shopify;
using ValueChainHub.EndToEnd.Tests.Support;
using ValueChainHub.Hosting;
using ValueChainHub.Server;

namespace ValueChainHub.EndToEnd.Tests.Gladly;

/// <summary>A hub on a store of its own with a shop and a support desk, asked and told over HTTP as the vendors do it.</summary>
internal sealed class LookupHub : IAsyncDisposable
{
    private const string ReaderKey = "reader-key-of-these-tests";
    private const string ShopSecret = "secret-of-the-shop";
    private const string DeskPassword = "password-of-the-desk";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly WebApplication _app;
    private readonly string _folder;
    private readonly StoreUnderTest _store;
    private readonly HttpClient _client;
    private int _deliveries;

    private LookupHub(WebApplication app, string folder, StoreUnderTest store) => (_app, _folder, _store, _client) = (app, folder, store, new() { BaseAddress = new(app.Urls.First()) });

    public static string SigningKey => "signing-key-of-these-tests";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<LookupHub> StartAsync(Func<string, (HttpStatusCode Status, string Body)>? desk = null, bool answersLookups = true)
    {
        var folder = Path.Combine(Path.GetTempPath(), "valuechainhub-" + Guid.NewGuid().ToString("N"));
        List<string> args =
        [
            "--urls=http://127.0.0.1:0",
            "--Hub:DataDirectory=" + folder,
            "--Hub:AdminKey=" + HubSecrets.AdminKey,
            "--Hub:IdKey=" + HubSecrets.IdKey,
            "--Hub:ReaderKey=" + ReaderKey,
            "--Connectors:shopify:WebhookSecret=" + ShopSecret,
            "--Connectors:gladly:WebhookUser=hub",
            "--Connectors:gladly:WebhookPassword=" + DeskPassword,
        ];
        if (answersLookups)
            args.Add("--Connectors:gladly:LookupSigningKey=" + SigningKey);
        if (desk is not null)
            args.AddRange(["--Connectors:gladly:ApiUser=agent@example.com", "--Connectors:gladly:ApiKey=api-token", "--Connectors:gladly:BaseUrl=https://brand.gladly.com"]);
        var store = new StoreUnderTest();
        args.AddRange((await store.SettingsAsync()).Select(setting => $"--{setting.Key}={setting.Value}"));
        var time = TimeProvider.System;
        var plugs = new HubPlugs([new ShopifyVendor(time), new GladlyVendor(time, () => new Desk(desk ?? (_ => default)))], LocalPlugs.Plugs.OpenStorage);
        var app = HubServer.Build([.. args], plugs);
        await app.StartAsync(Token);
        return new(app, folder, store);
    }

    public Task ShopSaysAsync(string topic, string body) =>
        WebhookAsync(
            "shopify", body,
            ("X-Shopify-Topic", topic),
            ("X-Shopify-Webhook-Id", "d-" + _deliveries++.ToString(CultureInfo.InvariantCulture)),
            ("X-Shopify-Hmac-Sha256", Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(ShopSecret), Encoding.UTF8.GetBytes(body)))));

    public Task DeskSaysAsync(string type, string time, string content) =>
        WebhookAsync(
            "gladly", $$"""{"id":"evt-{{_deliveries++}}","type":"{{type}}","timestamp":"{{time}}","content":{{content}}}""",
            ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("hub:" + DeskPassword))));

    /// <summary>A lookup as Gladly signs it, with the clock and the key that the test says.</summary>
    public async Task<HttpResponseMessage> SendLookupAsync(string body, DateTimeOffset? time = null, string? key = null, string? sent = null)
    {
        var stamp = (time ?? DateTimeOffset.UtcNow).UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/lookup/gladly") { Content = new StringContent(sent ?? body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Gladly-Time", stamp);
        request.Headers.TryAddWithoutValidation("Gladly-Correlation-Id", "correlation-1");
        var normalized = $"POST\n/api/lookup/gladly\n\ngladly-correlation-id:correlation-1\ngladly-time:{stamp}\n\ngladly-correlation-id;gladly-time\n{Hash(body)}";
        var day = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key ?? SigningKey), Encoding.UTF8.GetBytes(stamp[..8]));
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(day, Encoding.UTF8.GetBytes($"hmac-sha256\n{stamp}\n{Hash(normalized)}")));
        request.Headers.TryAddWithoutValidation("Gladly-Authorization", $"SigningAlgorithm=hmac-sha256, SignedHeaders=gladly-correlation-id;gladly-time, Signature={signature}");
        return await _client.SendAsync(request, Token);

        static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>The results of a lookup.</summary>
    public async Task<JsonElement> LookupAsync(string level, string query, bool unique = false)
    {
        using var response = await SendLookupAsync($$"""{"lookupLevel":"{{level}}","query":{{query}},"uniqueMatchRequired":{{(unique ? "true" : "false")}}}""");
        var text = await response.Content.ReadAsStringAsync(Token);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        return JsonDocument.Parse(text).RootElement.GetProperty("results");
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("x-functions-key", ReaderKey);
        using var response = await _client.SendAsync(request, Token);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement;
    }

    /// <summary>What a look at the hub gives once it satisfies; the last look when it never does.</summary>
    public static async Task<JsonElement> EventuallyAsync(Func<Task<JsonElement>> look, Func<JsonElement, bool> satisfies)
    {
        var until = DateTimeOffset.UtcNow + Patience;
        while (true)
        {
            var seen = await look();
            if (satisfies(seen) || DateTimeOffset.UtcNow > until)
                return seen;
            await Task.Delay(50, Token);
        }
    }

    /// <summary>Waits until every delivery is applied.</summary>
    public async Task SettleAsync()
    {
        var ledger = await EventuallyAsync(() => GetAsync("/api/operations/ledger"), seen => seen.GetProperty("connectors").EnumerateObject().All(one => one.Value.GetProperty("pending").GetInt64() == 0));
        foreach (var connector in ledger.GetProperty("connectors").EnumerateObject())
        {
            foreach (var state in (string[])["pending", "quarantined", "deadLettered"])
                connector.Value.GetProperty(state).GetInt64().ShouldBe(0, $"{connector.Name} {state}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task WebhookAsync(string connector, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/webhooks/" + connector) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _client.SendAsync(request, Token);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Gladly's API at the wire, by path.</summary>
    private sealed class Desk(Func<string, (HttpStatusCode Status, string Body)> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var (status, body) = answer(request.RequestUri!.AbsolutePath);
            return Task.FromResult(new HttpResponseMessage(status == default ? HttpStatusCode.ServiceUnavailable : status) { Content = new StringContent(body ?? "", Encoding.UTF8, "application/json") });
        }
    }
}
