using System.Net;
using System.Text;
using System.Text.Json;
using ValueChainHub.Core.Runs;
using ValueChainHub.Heads.Tests.Support;

namespace ValueChainHub.Heads.Tests;

/// <summary>The operations' answers as the contract words them, over the running server and a vendor made for tests.</summary>
public sealed class OperationsTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_webhook_is_accepted_once_and_a_double_says_so()
    {
        await using var server = await RunningServer.StartAsync();

        var first = await ReadAsync(await WebhookAsync(server, RunningServer.WebhookSecret, "d-1"), HttpStatusCode.OK);
        var second = await ReadAsync(await WebhookAsync(server, RunningServer.WebhookSecret, "d-1"), HttpStatusCode.OK);

        first.GetProperty("status").GetString().ShouldBe("accepted");
        second.GetProperty("status").GetString().ShouldBe("duplicate");
        second.GetProperty("deliveryId").GetString().ShouldBe(first.GetProperty("deliveryId").GetString());
    }

    [Fact]
    public async Task A_webhook_that_is_not_proved_is_refused_and_counted()
    {
        await using var server = await RunningServer.StartAsync();

        await (await WebhookAsync(server, "wrong-secret-of-somebody", "d-1")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        await (await WebhookAsync(server, RunningServer.WebhookSecret, "d-1", TableServer.Bytes(1024 * 1024 + 1))).ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge);

        var rejected = (await server.JsonAsync("/api/operations/ledger", key: TableServer.ReaderKey)).GetProperty("connectors").GetProperty("shopify").GetProperty("rejected");
        rejected.GetProperty("signature").GetInt64().ShouldBe(1);
        rejected.GetProperty("size").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_webhook_for_a_connector_without_settings_finds_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        using var post = await server.Client.PostAsync("/api/webhooks/klaviyo", new StringContent("{}"), Cancellation);
        using var get = await server.Client.GetAsync("/api/webhooks/klaviyo", Cancellation);

        await post.ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await get.ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_webhook_that_cannot_be_kept_is_asked_for_again()
    {
        await using var server = await RunningServer.StartAsync();
        server.Store.IsOff = true;

        using var response = await WebhookAsync(server, RunningServer.WebhookSecret, "d-1");

        await response.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task The_handshake_answers_the_vendors_challenge()
    {
        await using var server = await RunningServer.StartAsync();

        (await server.Client.GetStringAsync("/api/webhooks/shopify?challenge=1", Cancellation)).ShouldBe("challenge-answer");
        (await server.Client.GetAsync("/api/webhooks/shopify", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_delivery_shows_its_body_to_operators_only()
    {
        await using var server = await RunningServer.StartAsync();
        var id = (await ReadAsync(await WebhookAsync(server, RunningServer.WebhookSecret, "d-1"), HttpStatusCode.OK)).GetProperty("deliveryId").GetString();

        var forReader = await server.JsonAsync("/api/deliveries/" + id, key: TableServer.ReaderKey);
        var forOperator = await server.JsonAsync("/api/deliveries/" + id, key: TableServer.OperatorKey);
        var list = await server.JsonAsync("/api/deliveries?state=suppressed&connector=shopify", key: TableServer.ReaderKey);

        forReader.GetProperty("state").GetString().ShouldBe("suppressed");
        forReader.TryGetProperty("body", out _).ShouldBeFalse();
        forOperator.GetProperty("body").GetString().ShouldBe("{}");
        list.GetProperty("items")[0].GetProperty("id").GetString().ShouldBe(id);
        list.GetProperty("cursor").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Unknown_things_are_not_found_and_wrong_words_are_explained()
    {
        await using var server = await RunningServer.StartAsync();

        foreach (var path in (string[])["customers/x", "customers/x/orders", "customers/x/profiles", "customers/x/timeline", "deliveries/x"])
            (await server.JsonAsync("/api/" + path, HttpStatusCode.NotFound, TableServer.ReaderKey)).GetProperty("type").GetString().ShouldEndWith("not-found");
        foreach (var path in (string[])["customers", "customers?kind=email", "customers?email=a@example.com&phone=1", "deliveries?state=lost", "deliveries?since=yesterday", "events?limit=none"])
            await server.JsonAsync("/api/" + path, HttpStatusCode.BadRequest, TableServer.ReaderKey);
    }

    [Fact]
    public async Task A_search_that_finds_nobody_answers_an_empty_list()
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/customers/search") { Content = new StringContent("{\"email\":\"nobody@example.com\"}", Encoding.UTF8, "application/json") };
        request.Headers.Add("x-functions-key", TableServer.ReaderKey);

        using var response = await server.Client.SendAsync(request, Cancellation);

        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldBe("{\"items\":[],\"cursor\":null}");
    }

    [Fact]
    public async Task The_ledger_balances_and_its_recount_agrees()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var id in (string[])["d-1", "d-2", "d-1"])
            (await WebhookAsync(server, RunningServer.WebhookSecret, id)).Dispose();

        var shopify = (await server.JsonAsync("/api/operations/ledger", key: TableServer.ReaderKey)).GetProperty("connectors").GetProperty("shopify");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/operations/ledger/verify");
        request.Headers.Add("x-functions-key", TableServer.ReaderKey);
        var verdict = await ReadAsync(await server.Client.SendAsync(request, Cancellation), HttpStatusCode.OK);

        shopify.GetProperty("received").GetInt64().ShouldBe(3);
        shopify.GetProperty("duplicate").GetInt64().ShouldBe(1);
        shopify.GetProperty("suppressed").GetInt64().ShouldBe(2);
        verdict.GetProperty("agrees").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Connectors_say_what_they_can_do()
    {
        await using var server = await RunningServer.StartAsync();

        var connector = (await server.JsonAsync("/api/connectors", key: TableServer.ReaderKey)).GetProperty("items")[0];

        connector.GetProperty("name").GetString().ShouldBe("shopify");
        connector.GetProperty("link").GetString().ShouldBe("storefront");
        connector.GetProperty("capabilities")[0].GetString().ShouldBe("webhooks");
    }

    [Fact]
    public async Task Routes_are_listed_and_set_apart_from_their_defaults()
    {
        await using var server = await RunningServer.StartAsync("--Connectors:shopify:ApiKey=api-key-of-these-tests", "--Hub:WriteBack=true");

        var route = (await server.JsonAsync("/api/operations/routes", key: TableServer.ReaderKey)).GetProperty("items")[0];
        var set = await ReadAsync(await SendAsync(server, HttpMethod.Put, "operations/routes", "{\"items\":[{\"name\":\"shopify/customers\",\"enabled\":false}]}"), HttpStatusCode.OK);

        route.GetProperty("name").GetString().ShouldBe("shopify/customers");
        route.GetProperty("enabled").GetBoolean().ShouldBeTrue();
        set.GetProperty("items")[0].GetProperty("enabled").GetBoolean().ShouldBeFalse();
        (await server.JsonAsync("/api/operations/routes", key: TableServer.ReaderKey)).GetProperty("items")[0].GetProperty("enabled").GetBoolean().ShouldBeFalse();
        await (await SendAsync(server, HttpMethod.Put, "operations/routes", "{\"items\":[{\"name\":\"nowhere/customers\"}]}")).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        await (await SendAsync(server, HttpMethod.Put, "operations/routes", "{}")).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Drift_is_counted_by_a_run_under_owners_that_everybody_may_read()
    {
        await using var server = await RunningServer.StartAsync("--Connectors:shopify:ApiKey=api-key-of-these-tests", "--Hub:WriteBack=true");

        using var started = await SendAsync(server, HttpMethod.Post, "operations/drift/shopify", "{}");
        var location = started.Headers.Location!.OriginalString;
        for (var waited = 0; (await server.JsonAsync(location, key: TableServer.ReaderKey)).GetProperty("state").GetString() != "done"; waited++)
        {
            waited.ShouldBeLessThan(200, "the run ends");
            await Task.Delay(100, Cancellation);
        }
        var run = await server.JsonAsync(location, key: TableServer.ReaderKey);
        var listed = (await server.JsonAsync("/api/operations/drift", key: TableServer.ReaderKey)).GetProperty("items")[0];
        var connector = (await server.JsonAsync("/api/connectors", key: TableServer.ReaderKey)).GetProperty("items")[0];

        started.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        run.GetProperty("request").GetProperty("plan").GetBoolean().ShouldBeTrue("nothing is written unless it is asked for");
        run.GetProperty("report").GetProperty("compared").GetInt64().ShouldBe(0);
        listed.GetProperty("fields").EnumerateArray().Select(field => field.GetProperty("field").GetString()).ShouldBe(["name", "email", "phone", "facts.vch*"]);
        connector.GetProperty("drift").GetProperty("run").GetString().ShouldBe(run.GetProperty("id").GetString());
        await (await SendAsync(server, HttpMethod.Post, "operations/drift/nowhere", "{}")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await SendAsync(server, HttpMethod.Post, "operations/drift/shopify", "{\"undo\":\"no-such-run\"}")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await SendAsync(server, HttpMethod.Post, "operations/drift/shopify", "{\"undo\":\"x\",\"plan\":true}")).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Nothing_goes_to_a_vendor_unless_the_hub_is_told_to_write_back()
    {
        await using var server = await RunningServer.StartAsync("--Connectors:shopify:ApiKey=api-key-of-these-tests");

        (await server.JsonAsync("/api/operations/routes", key: TableServer.ReaderKey)).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await server.JsonAsync("/api/operations/ledger", key: TableServer.ReaderKey)).GetProperty("deliveries").EnumerateObject().ShouldBeEmpty();
        var capabilities = (await server.JsonAsync("/api/connectors", key: TableServer.ReaderKey)).GetProperty("items")[0].GetProperty("capabilities");
        capabilities.EnumerateArray().Select(one => one.GetString()).ShouldNotContain("write");
    }

    [Fact]
    public async Task What_goes_to_a_vendor_is_counted_and_what_waits_for_a_person_listed()
    {
        await using var server = await RunningServer.StartAsync("--Connectors:shopify:ApiKey=api-key-of-these-tests", "--Hub:WriteBack=true");

        var counts = (await server.JsonAsync("/api/operations/ledger", key: TableServer.ReaderKey)).GetProperty("deliveries").GetProperty("shopify");
        foreach (var query in (string[])["", "?stage=intake", "?stage=delivery", "?connector=shopify"])
            (await server.JsonAsync("/api/operations/dead-letters" + query, key: TableServer.ReaderKey)).GetProperty("items").GetArrayLength().ShouldBe(0);

        (counts.GetProperty("pending").GetInt64(), counts.GetProperty("succeeded").GetInt64(), counts.GetProperty("deadLettered").GetInt64()).ShouldBe((0, 0, 0));
        foreach (var query in (string[])["?stage=both", "?cursor=x"])
            await server.JsonAsync("/api/operations/dead-letters" + query, HttpStatusCode.BadRequest, TableServer.ReaderKey);
        foreach (var act in (string[])["retry", "discard"])
            await (await SendAsync(server, HttpMethod.Post, $"operations/dead-letters/shopify.0123456789abcdef01234567/{act}", "")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_long_operation_is_read_stopped_and_resumed()
    {
        await using var server = await RunningServer.StartAsync();
        var run = await new RunRegister(server.Store, TimeProvider.System).StartAsync("gone", "shopify", JsonElement.Parse("{\"asked\":1}"), Cancellation);

        var read = await server.JsonAsync("/api/operations/runs/" + run.Id, key: TableServer.ReaderKey);
        var cancelled = await ReadAsync(await SendAsync(server, HttpMethod.Delete, "operations/runs/" + run.Id, ""), HttpStatusCode.OK);
        await (await SendAsync(server, HttpMethod.Delete, "operations/runs/" + run.Id, "")).ShouldBeProblemAsync(HttpStatusCode.Conflict);
        using var resumed = await SendAsync(server, HttpMethod.Post, "operations/runs/" + run.Id, "");
        var list = await server.JsonAsync("/api/operations/runs?kind=gone&connector=shopify", key: TableServer.ReaderKey);

        (read.GetProperty("id").GetString(), read.GetProperty("state").GetString(), read.GetProperty("request").GetProperty("asked").GetInt32()).ShouldBe((run.Id, "running", 1));
        cancelled.GetProperty("state").GetString().ShouldBe("cancelled");
        resumed.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        resumed.Headers.Location!.OriginalString.ShouldBe("/api/operations/runs/" + run.Id);
        list.GetProperty("items")[0].GetProperty("id").GetString().ShouldBe(run.Id);
        (await server.JsonAsync("/api/operations/runs?kind=other", key: TableServer.ReaderKey)).GetProperty("items").GetArrayLength().ShouldBe(0);
        await server.JsonAsync("/api/operations/runs/none", HttpStatusCode.NotFound, TableServer.ReaderKey);
    }

    [Fact]
    public async Task A_replay_is_a_run_and_a_bad_one_is_told_what_is_wrong()
    {
        await using var server = await RunningServer.StartAsync();

        using var started = await SendAsync(server, HttpMethod.Post, "operations/replay", "{\"filter\":{\"connector\":\"shopify\"},\"plan\":true}");
        started.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var run = await server.JsonAsync(started.Headers.Location!.OriginalString, key: TableServer.ReaderKey);
        for (var look = 0; look < 200 && run.GetProperty("state").GetString() == "running"; look++)
        {
            await Task.Delay(100, Cancellation);
            run = await server.JsonAsync(started.Headers.Location.OriginalString, key: TableServer.ReaderKey);
        }

        (run.GetProperty("kind").GetString(), run.GetProperty("state").GetString(), run.GetProperty("report").GetProperty("matched").GetInt64()).ShouldBe(("replay", "done", 0));
        foreach (var (body, fault) in new[] { ("{}", "plan"), ("{\"filter\":{\"conector\":\"shopify\"}}", "openapi.json"), ("{\"filter\":{\"connector\":\"nowhere\"}}", "filter.connector") })
        {
            using var refused = await SendAsync(server, HttpMethod.Post, "operations/replay", body);
            refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await refused.Content.ReadAsStringAsync(Cancellation)).ShouldContain(fault);
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(RunningServer server, HttpMethod method, string path, string body)
    {
        using var request = new HttpRequestMessage(method, "/api/" + path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("x-functions-key", TableServer.OperatorKey);
        return await server.Client.SendAsync(request, Cancellation);
    }

    private static async Task<HttpResponseMessage> WebhookAsync(RunningServer server, string secret, string id, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/webhooks/shopify") { Content = content ?? new StringContent("{}", Encoding.UTF8, "application/json") };
        request.Headers.Add("x-test-secret", secret);
        request.Headers.Add("x-test-id", id);
        return await server.Client.SendAsync(request, Cancellation);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        response.StatusCode.ShouldBe(status);
        return JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(Cancellation)).RootElement;
    }
}
