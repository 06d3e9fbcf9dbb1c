using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ValueChainHub.EndToEnd.Tests.Support;

namespace ValueChainHub.EndToEnd.Tests;

/// <summary>A vendor in trouble costs the others nothing: what they get in the same time, counted at the wire, with the real connectors.</summary>
public sealed class FairnessTests(ITestOutputHelper output)
{
    private const int Pairs = 5;
    private const int Orders = 250;
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(12);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>By the clock, some five minutes; a run of all tests leaves it out.</summary>
    [Theory(Explicit = true)]
    [InlineData(Outage.Hangs)]
    [InlineData(Outage.Breaks)]
    public async Task At_five_paired_runs_a_vendor_that_is_down_changes_what_the_others_get_by_less_than_a_tenth(Outage outage)
    {
        var ratios = new List<double>();
        for (var pair = 0; pair < Pairs; pair++)
        {
            // Each goes first in turn, so that whatever warms up is nobody's gain.
            var first = await RunAsync(pair % 2 == 0 ? null : outage);
            var second = await RunAsync(pair % 2 == 0 ? outage : null);
            var (well, ill) = pair % 2 == 0 ? (first, second) : (second, first);
            output.WriteLine($"{outage}: the others got {well} while all was well, {ill} while one was down");
            ratios.Add((double)ill / well);
        }

        var median = ratios.Order().ElementAt(Pairs / 2);
        output.WriteLine($"{outage}: median {median:0.000}");
        median.ShouldBeInRange(0.9, 1.1);
    }

    /// <summary>How many writes the other vendors took within the span, while more waited than they take in it.</summary>
    private static async Task<int> RunAsync(Outage? outage)
    {
        await using var vendors = await WrittenVendors.StartAsync(outage);
        await using var hub = new RunningHub();
        foreach (var (name, value) in vendors.Settings)
            hub.Settings[name] = value;
        await hub.StartAsync();
        await CreateAtGladlyAsync(hub.Client);

        await hub.Client.DeliverInParallelAsync(
            [.. Enumerable.Range(1, Orders).Select(i => new Webhook("orders/create", Shopify.Order(i, "10.00", Shopify.Customer(i, $"shopper-{i}@shop.test"))))]);
        await vendors.AnsweredAsync();
        var before = vendors.Taken;
        await Task.Delay(Span, Token);
        var taken = vendors.Taken - before;

        (await hub.Client.LedgerAsync()).ShouldBalance();
        vendors.Asked.ShouldBeGreaterThan(0, "the vendor in trouble was written to");
        return taken;
    }

    private static async Task CreateAtGladlyAsync(HubClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/operations/routes") { Content = new StringContent("""{"items":[{"name":"gladly/customers","creates":true}]}""") };
        request.Headers.Add("x-functions-key", HubSecrets.AdminKey);
        (await client.SendAsync(request)).Status.ShouldBe(200);
    }

    /// <summary>Three vendors at the wire that take what is written to them; of Gladly only the trouble, if it has any.</summary>
    private sealed class WrittenVendors : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly Outage? _outage;
        private int _taken;
        private int _asked;

        private WrittenVendors(WebApplication app, Outage? outage) => (_app, _outage) = (app, outage);

        /// <summary>Writes that Shopify and Klaviyo have taken.</summary>
        public int Taken => Volatile.Read(ref _taken);

        /// <summary>Requests to Gladly.</summary>
        public int Asked => Volatile.Read(ref _asked);

        public Dictionary<string, string> Settings => new()
        {
            ["Hub:AllowLoopbackVendors"] = "true",
            ["Hub:WriteBack"] = "true",
            [$"Connectors:{Webhook.Shop}:ApiKey"] = "canary-access-token",
            [$"Connectors:{Webhook.Shop}:BaseUrl"] = _app.Urls.First(),
            ["Connectors:klaviyo:ApiKey"] = "canary-klaviyo-key",
            ["Connectors:klaviyo:BaseUrl"] = _app.Urls.First(),
            ["Connectors:gladly:WebhookUser"] = "hub",
            ["Connectors:gladly:WebhookPassword"] = "canary-desk-password",
            ["Connectors:gladly:ApiUser"] = "agent@example.com",
            ["Connectors:gladly:ApiKey"] = "canary-api-token",
            ["Connectors:gladly:BaseUrl"] = _app.Urls.First(),
        };

        public static async Task<WrittenVendors> StartAsync(Outage? outage)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var vendors = new WrittenVendors(builder.Build(), outage);
            vendors._app.MapPost("/admin/api/{version}/graphql.json", (HttpContext context) => vendors.TakeAsync(context, Tagged));
            vendors._app.MapPost("/api/profile-import", (HttpContext context) => vendors.TakeAsync(context, """{"data":{"type":"profile","id":"01"}}"""));
            vendors._app.MapGet("/api/{list}", (string list) => Results.Json(new { data = Array.Empty<string>(), links = new { next = (string?)null } }));
            vendors._app.Map("/api/v1/{**path}", vendors.GladlyAsync);
            await vendors._app.StartAsync(Token);
            return vendors;
        }

        /// <summary>Until both are being written to.</summary>
        public async Task AnsweredAsync()
        {
            for (var waited = System.Diagnostics.Stopwatch.StartNew(); Taken < 5 || Asked == 0;)
            {
                waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30), "the vendors are written to");
                await Task.Delay(20, Token);
            }
        }

        public async ValueTask DisposeAsync() => await _app.DisposeAsync();

        private static string Tagged { get; } = new JsonObject
        {
            ["data"] = new JsonObject
            {
                ["tagsAdd"] = new JsonObject { ["userErrors"] = new JsonArray() },
                ["tagsRemove"] = new JsonObject { ["userErrors"] = new JsonArray() },
            },
        }.ToJsonString();

        private Task TakeAsync(HttpContext context, string answer)
        {
            Interlocked.Increment(ref _taken);
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(answer, context.RequestAborted);
        }

        private async Task GladlyAsync(HttpContext context)
        {
            Interlocked.Increment(ref _asked);
            if (_outage == Outage.Hangs)
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            context.Response.StatusCode = _outage is null ? 200 : 500;
            await context.Response.WriteAsync(HttpMethods.IsGet(context.Request.Method) ? "[]" : "{}", CancellationToken.None);
        }
    }
}
