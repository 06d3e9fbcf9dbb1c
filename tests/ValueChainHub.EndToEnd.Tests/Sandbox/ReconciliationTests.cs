using System.Text.Json;
using ValueChainHub.Benchmarks.Kills;
using ValueChainHub.EndToEnd.Tests.Support;
using ValueChainHub.Sandbox.Vendors;
using ValueChainHub.Sandbox.Wire;
using Webhook = ValueChainHub.Sandbox.Wire.Webhook;

namespace ValueChainHub.EndToEnd.Tests.Sandbox;

/// <summary>What the shop's webhooks lose comes home by one reconciliation, and its number is the number of what was lost.</summary>
public sealed class ReconciliationTests
{
    private const string Shop = "shopify";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly DateTimeOffset BeforeTheStory = new(2025, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lost_webhooks_come_home_by_one_reconciliation_and_their_number_is_that_of_the_losses()
    {
        await using var hub = await StartAsync(Faults.None);
        var said = SayAll(hub);
        var lost = OrderVersions.LastOf(said, Shop).Take(12).ToHashSet();
        await DeliverAsync(hub, said.Where(one => !lost.Contains(OrderVersions.Of(one.Webhook))));
        await hub.AuditAsync();

        var report = await ReconcileAsync(hub, new { since = BeforeTheStory });

        var orders = report.GetProperty("streams").GetProperty("orders");
        orders.GetProperty("lost").GetInt64().ShouldBe(12, report.GetRawText());
        orders.GetProperty("repaired").GetInt64().ShouldBe(12);
        report.GetProperty("alert").GetBoolean().ShouldBeTrue();
        (await hub.AuditAsync()).Differences.ShouldBeEmpty();
        var again = await ReconcileAsync(hub, new { since = BeforeTheStory });
        again.GetProperty("lost").GetInt64().ShouldBe(0, again.GetRawText());
        again.GetProperty("different").GetInt64().ShouldBe(0);
        await hub.Client.LedgerShouldBalanceAsync();
    }

    [Fact]
    public async Task Where_nothing_was_lost_nothing_is_found()
    {
        await using var hub = await StartAsync(Faults.None);
        await DeliverAsync(hub, SayAll(hub));
        await hub.AuditAsync();

        var report = await ReconcileAsync(hub, new { since = BeforeTheStory });

        report.GetProperty("lost").GetInt64().ShouldBe(0, report.GetRawText());
        report.GetProperty("changes").GetInt64().ShouldBeGreaterThan(30);
    }

    [Theory]
    [InlineData("klaviyo", "profiles")]
    [InlineData("shipstation", "shipments")]
    [InlineData("gladly", "events")]
    public async Task Every_vendor_of_the_sandbox_is_walked_to_its_end_and_the_second_time_nothing_is_found(string vendor, string stream)
    {
        await using var hub = await StartAsync(Faults.None);
        await DeliverAsync(hub, SayAll(hub));
        await hub.AuditAsync();

        var first = await ReconcileAsync(hub, new { since = BeforeTheStory }, vendor);
        var report = await ReconcileAsync(hub, new { since = BeforeTheStory }, vendor);

        (await hub.AuditAsync()).Differences.ShouldBeEmpty();
        first.GetProperty("lost").GetInt64().ShouldBe(0, first.GetRawText());
        report.GetProperty("missing").GetInt64().ShouldBe(0, report.GetRawText());
        report.GetProperty("different").GetInt64().ShouldBe(0, report.GetRawText());
        report.GetProperty("streams").GetProperty(stream).GetProperty("stuck").GetInt64().ShouldBe(0, report.GetRawText());
    }

    /// <summary>The hub was connected when everything had happened already.</summary>
    [Fact]
    public async Task A_backfill_brings_everything_the_shop_has_and_agrees_with_its_count()
    {
        await using var hub = await StartAsync(Faults.None);
        var said = SayAll(hub);

        var report = await ReconcileAsync(hub, new { from = "beginning" });

        var orders = said.Where(one => one.Vendor.Name == Shop).Select(one => OrderVersions.Of(one.Webhook)).OfType<(long Id, string At)>().Select(version => version.Id).Distinct().Count();
        report.GetProperty("streams").GetProperty("orders").GetProperty("of").GetInt64().ShouldBe(orders);
        report.GetProperty("streams").GetProperty("orders").GetProperty("compared").GetInt64().ShouldBe(orders);
        var origins = (await hub.Client.EventsAsync()).Where(one => !HubClient.IsIdentityNotice(one)).Select(one => one.GetProperty("origin").GetString()).Distinct();
        origins.ShouldBe(["backfill"]);
        await hub.Client.LedgerShouldBalanceAsync();
    }

    [Fact]
    public async Task Webhooks_that_the_vendor_dropped_are_made_again()
    {
        await using var hub = await StartAsync(Faults.None);
        var webhooks = hub.Run.Vendor(Shop).Desk.Subscriptions;
        var before = (await ReconcileAsync(hub, new { since = BeforeTheStory })).GetProperty("subscriptions");
        webhooks.Drop("orders/create");

        var after = (await ReconcileAsync(hub, new { since = BeforeTheStory })).GetProperty("subscriptions");

        before.GetProperty("repaired").GetArrayLength().ShouldBe(0, before.GetRawText());
        after.GetProperty("repaired").EnumerateArray().Select(one => one.GetString()).ShouldBe(["orders/create"], after.GetRawText());
        webhooks.Wants("orders/create").ShouldBeTrue();
    }

    private static Task<SandboxHub> StartAsync(Faults faults) => SandboxHub.StartAsync(
        new() { Seed = 5, Shoppers = 30, Faults = faults },
        SandboxHub.FixedNow,
        ("Hub:ReconcileEveryMinutes", "0"),
        ("Hub:ReconcileGraceMinutes", "0"),
        ("Hub:PublicUrl", "https://hub.example"));

    private static List<(ISandboxVendor Vendor, Webhook Webhook)> SayAll(SandboxHub hub) => [.. hub.Run.Story.Acts.SelectMany(act => hub.Run.Do(act))];

    private static async Task DeliverAsync(SandboxHub hub, IEnumerable<(ISandboxVendor Vendor, Webhook Webhook)> said)
    {
        using var http = new HttpClient { BaseAddress = hub.Client.Address };
        foreach (var (vendor, webhook) in said)
        {
            var since = hub.Run.Books.Stamp();
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/webhooks/" + vendor.Name) { Content = new ByteArrayContent(webhook.Body) };
            request.Content.Headers.ContentType = new("application/json");
            vendor.Sign(request, webhook, SigningSecret.Present, DateTimeOffset.UtcNow);
            using var response = await http.SendAsync(request, Token);
            ((int)response.StatusCode).ShouldBe(200, webhook.Topic);
            hub.Run.Books.Told(vendor.Name, webhook.Tells, webhook.PointsAt, since);
        }
    }

    /// <summary>Asks for a run over HTTP and answers its report when it is done.</summary>
    private static async Task<JsonElement> ReconcileAsync(SandboxHub hub, object asked, string vendor = Shop)
    {
        var accepted = await hub.Client.PostAsync("reconciliations/" + vendor, asked);
        accepted.Status.ShouldBe(202, accepted.Text);
        var id = accepted.Json.GetProperty("id").GetString();
        for (var waited = System.Diagnostics.Stopwatch.StartNew(); waited.Elapsed < Patience; await Task.Delay(200, Token))
        {
            var run = (await hub.Client.GetAsync("operations/runs/" + id)).Json;
            if (run.GetProperty("state").GetString() == "running")
                continue;
            run.GetProperty("state").GetString().ShouldBe("done", run.GetRawText());
            (await hub.Client.GetAsync("reconciliations?kind=" + run.GetProperty("kind").GetString())).Text.ShouldContain(id!);
            await hub.Client.SettleAsync();
            return run.GetProperty("report").Clone();
        }
        throw new TimeoutException("The run has no end: " + (await hub.Client.GetAsync("operations/runs/" + id)).Text);
    }
}
