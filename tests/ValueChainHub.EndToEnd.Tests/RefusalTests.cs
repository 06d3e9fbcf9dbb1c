using System.Text;
using System.Text.Json;
using ValueChainHub.EndToEnd.Tests.Support;
using static ValueChainHub.EndToEnd.Tests.Support.Shopify;

namespace ValueChainHub.EndToEnd.Tests;

/// <summary>What the hub does not take, and what it says then.</summary>
public sealed class RefusalTests : EndToEndTest
{
    private static readonly Webhook Sample = new("orders/create", Order(1001, customer: Customer(7001, "refused@example.com")));

    [Theory]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("not base64 at all")]
    public async Task A_webhook_without_the_right_signature_is_refused_and_counted(string signature)
    {
        var answer = await Client.SendAsync(Sample.Request(HubSecrets.WebhookSecret, signature));

        answer.ShouldBeProblem(401).ShouldContain("X-Shopify-Hmac-Sha256");
        await ShouldCountAsync("signature", 1);
        (await Client.SearchAsync(new { email = "refused@example.com" })).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_signature_of_another_body_or_by_another_secret_is_refused()
    {
        var ofAnother = Webhook.Sign(Encoding.UTF8.GetBytes("{}"), HubSecrets.WebhookSecret);

        (await Client.SendAsync(Sample.Request(HubSecrets.WebhookSecret, ofAnother))).ShouldBeProblem(401);
        (await Client.SendAsync(Sample.Request("some-other-secret"))).ShouldBeProblem(401);
        await ShouldCountAsync("signature", 2);
    }

    [Theory]
    [InlineData("customers/data_request")]
    [InlineData("customers/redact")]
    [InlineData("shop/redact")]
    public async Task A_privacy_topic_is_refused_with_401_when_its_signature_is_bad_and_kept_when_it_is_good(string topic)
    {
        var webhook = new Webhook(topic, JsonSerializer.SerializeToNode(new { shop_id = 1, customer = new { id = 7001, email = "privacy@example.com" }, orders_to_redact = new[] { 1 } })!);

        (await Client.SendAsync(webhook.Request("some-other-secret"))).ShouldBeProblem(401);
        await DeliverAsync(webhook);

        (await Client.EventsAsync()).ShouldContain(told => told.GetProperty("type").GetString() == "valuechain.identity.privacy.requested");
    }

    [Fact]
    public async Task The_secret_of_before_a_rotation_is_still_good()
    {
        (await Client.SendAsync(Sample.Request(HubSecrets.PreviousWebhookSecret))).Word.ShouldBe("accepted");
        await Client.SettleAsync();

        (await Client.FindAsync(new { email = "refused@example.com" })).Storefront.Orders.ShouldBe(1);
    }

    [Theory]
    [InlineData("rubbish", "{\"id\": 1, ")]
    [InlineData("a list", "[1,2,3]")]
    [InlineData("nothing", "")]
    [InlineData("no id", "{\"total_price\":\"1.00\"}")]
    [InlineData("a wrong total", "{\"id\":5,\"currency\":\"USD\",\"total_price\":\"canary-amount\"}")]
    public async Task A_genuine_body_that_cannot_be_read_is_quarantined_until_a_person_discards_it(string what, string body)
    {
        var answer = await Client.DeliverAsync(new Webhook("orders/create", Encoding.UTF8.GetBytes(body), "unreadable"));
        (answer.Status, answer.Word).ShouldBe((200, "quarantined"), what);

        var listed = (await Client.DeliveriesAsync("state=quarantined&limit=10")).ShouldHaveSingleItem();
        listed.Id.ShouldBe(answer.DeliveryId);
        listed.Reason.ShouldNotBeNullOrWhiteSpace();
        listed.Reason.ShouldNotContain("canary");
        (await Client.PostAsync($"deliveries/{listed.Id}/retry", null, HubSecrets.OperatorKey)).Json.GetProperty("state").GetString().ShouldBe("quarantined");
        (await Client.DeliveryAsync(listed.Id)).State.ShouldBe("quarantined");
        (await Client.LedgerAsync()).Of(Webhook.Shop).Quarantined.ShouldBe(1);

        (await Client.PostAsync($"deliveries/{listed.Id}/discard", new { reason = "the shop's app is broken" }, HubSecrets.OperatorKey)).Json.GetProperty("state").GetString().ShouldBe("suppressed");

        await Client.SettleAsync();
        var line = (await Client.LedgerAsync()).Of(Webhook.Shop);
        (line.Received, line.Quarantined, line.Suppressed).ShouldBe((1, 0, 1));
        var discarded = await Client.DeliveryAsync(listed.Id);
        (discarded.State, discarded.Reason).ShouldBe(("suppressed", "Discarded: the shop's app is broken"));
        (await Client.PostAsync($"deliveries/{listed.Id}/discard", null, HubSecrets.OperatorKey)).ShouldBeProblem(409).ShouldContain("suppressed");
    }

    [Fact]
    public async Task A_twin_of_a_quarantined_delivery_is_a_duplicate()
    {
        var webhook = new Webhook("orders/create", "{"u8.ToArray(), "unreadable-twice");
        await Client.DeliverAsync(webhook);

        (await Client.DeliverAsync(webhook)).Word.ShouldBe("duplicate");
    }

    [Fact]
    public async Task An_applied_delivery_can_be_neither_retried_nor_discarded()
    {
        await DeliverAsync(Sample);

        (await Client.PostAsync($"deliveries/{Sample.Id}/retry", null, HubSecrets.OperatorKey)).ShouldBeProblem(409).ShouldContain("applied");
        (await Client.PostAsync($"deliveries/{Sample.Id}/discard", null, HubSecrets.OperatorKey)).ShouldBeProblem(409).ShouldContain("applied");
    }

    [Fact]
    public async Task A_topic_that_nobody_handles_is_kept_as_suppressed_with_the_reason()
    {
        await DeliverAsync(new Webhook("bulk_operations/finish", new System.Text.Json.Nodes.JsonObject { ["id"] = 1 }));

        var delivery = (await Client.DeliveriesAsync("state=suppressed&limit=10")).ShouldHaveSingleItem();
        (delivery.Topic, delivery.Reason).ShouldBe(("bulk_operations/finish", "a topic that the hub does not handle"));
        (await Client.LedgerAsync()).Of(Webhook.Shop).Suppressed.ShouldBe(1);
    }

    [Fact]
    public async Task A_body_over_one_mebibyte_is_too_large_and_one_of_exactly_that_is_not()
    {
        var most = Encoding.UTF8.GetBytes(Order(1001, customer: Customer(7001, "large@example.com")).With("note", "").ToJsonString());
        var padded = new byte[1_048_576];
        most.AsSpan(0, most.Length - 1).CopyTo(padded);
        padded.AsSpan(most.Length - 1).Fill((byte)' ');
        padded[^1] = (byte)'}';

        (await Client.DeliverAsync(new Webhook("orders/create", padded, "large-enough"))).Word.ShouldBe("accepted");
        (await Client.DeliverAsync(new Webhook("orders/create", [.. padded, (byte)' '], "too-large"))).ShouldBeProblem(413).ShouldContain("1 MiB");

        await ShouldCountAsync("size", 1);
        await Client.SettleAsync();
        (await Client.FindAsync(new { email = "large@example.com" })).Storefront.Orders.ShouldBe(1);
    }

    [Fact]
    public async Task A_webhook_without_its_topic_is_malformed()
    {
        var request = Sample.Request(HubSecrets.WebhookSecret);
        request.Headers.Remove("X-Shopify-Topic");

        (await Client.SendAsync(request)).ShouldBeProblem(400).ShouldContain("X-Shopify-Topic");
        await ShouldCountAsync("malformed", 1);
    }

    [Fact]
    public async Task What_does_not_exist_is_not_found_and_the_detail_says_what_to_do()
    {
        (await Client.DeliverAsync(Sample with { Connector = "shopfy" })).ShouldBeProblem(404).ShouldContain("Connectors__");
        (await Client.GetAsync("customers/0123456789abcdef0123456789abcdef")).ShouldBeProblem(404).ShouldContain("/api/customers/search");
        (await Client.GetAsync("customers/none/orders")).ShouldBeProblem(404);
        (await Client.GetAsync("customers/none/timeline")).ShouldBeProblem(404);
        (await Client.GetAsync("customers/none/profiles")).ShouldBeProblem(404);
        (await Client.GetAsync("deliveries/none")).ShouldBeProblem(404);
        (await Client.PostAsync("deliveries/none/retry", null)).ShouldBeProblem(404);
        (await Client.PostAsync("customers/merge", new { ids = new[] { "one", "other" }, reason = "same person" })).ShouldBeProblem(404);
        (await Client.PostAsync("customers/none/split", new { profile = "other", reason = "another person" })).ShouldBeProblem(404);
        (await Client.GetAsync("nothing-here")).ShouldBeProblem(404).ShouldContain("/api/openapi.json");
    }

    [Fact]
    public async Task Keys_decide_what_a_caller_may_do()
    {
        (await Client.GetAsync("operations/ledger", key: null)).ShouldBeProblem(401);
        (await Client.GetAsync("operations/ledger", "not-one-of-the-hubs-keys")).ShouldBeProblem(401);
        (await Client.GetAsync("operations/ledger?code=" + HubSecrets.ReaderKey, key: null)).Status.ShouldBe(200);
        (await Client.GetAsync("operations/ledger?code=" + HubSecrets.AdminKey, key: null)).ShouldBeProblem(401);
        (await Client.PostAsync("customers/merge", new { ids = new[] { "a", "b" }, reason = "x" }, HubSecrets.ReaderKey)).ShouldBeProblem(403).ShouldContain("operator");
        (await Client.PostAsync("deliveries/x/discard", null, HubSecrets.ReaderKey)).ShouldBeProblem(403);
        (await Client.GetAsync("openapi.json", key: null)).Status.ShouldBe(200);
        (await Client.GetAsync("health/ready", key: null)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Only_operators_see_the_body_of_a_delivery()
    {
        await DeliverAsync(Sample);

        (await Client.GetAsync("deliveries/" + Sample.Id)).Json.TryGetProperty("body", out _).ShouldBeFalse();
        (await Client.GetAsync("deliveries/" + Sample.Id, HubSecrets.OperatorKey)).Json.GetProperty("body").GetString().ShouldBe(Encoding.UTF8.GetString(Sample.Body));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    [InlineData("{\"email\":5}")]
    [InlineData("{\"email\":\"a@example.com\",\"phone\":\"+15550001000\"}")]
    [InlineData("{\"kind\":\"email\"}")]
    [InlineData("{\"value\":\"a@example.com\"}")]
    public async Task A_search_that_cannot_be_understood_is_answered_with_what_would_be(string body)
    {
        var detail = (await Client.PostAsync("customers/search", body, HubSecrets.ReaderKey)).ShouldBeProblem(400);

        detail.ShouldNotContain("example.com");
        (detail.Contains("email, phone, kind with value, order, or tracking", StringComparison.Ordinal) || detail.Contains("openapi.json", StringComparison.Ordinal) || detail.Contains("JSON object", StringComparison.Ordinal))
            .ShouldBeTrue(detail);
    }

    [Theory]
    [InlineData("email", "nobody@example.com")]
    [InlineData("email", "not an address")]
    [InlineData("phone", "+15559999999")]
    [InlineData("phone", "0800 CALL NOW")]
    [InlineData("order", "#999999")]
    [InlineData("order", "")]
    [InlineData("tracking", "1ZNOBODY")]
    [InlineData("tracking", "   ")]
    public async Task A_search_for_what_nobody_has_finds_nobody(string name, string value) =>
        (await Client.SearchAsync(new Dictionary<string, string> { [name] = value })).ShouldBeEmpty();

    [Theory]
    [InlineData("events?after=")]
    [InlineData("deliveries?cursor=")]
    public async Task A_cursor_of_another_hub_is_gone(string list)
    {
        var other = await StartAsync<RunningHub>();
        await other.Client.DeliverAsync(Enumerable.Range(1, 5).Select(id => new Webhook("orders/create", Order(id, customer: Customer(7001)))));
        await other.Client.SettleAsync();
        var page = (await other.Client.GetAsync(list.Split('?')[0] + "?limit=2")).Json;
        var cursor = page.GetProperty("cursor").GetString()!;
        (await other.Client.GetAsync(list + Uri.EscapeDataString(cursor))).Status.ShouldBe(200);

        (await Client.GetAsync(list + Uri.EscapeDataString(cursor))).ShouldBeProblem(410).ShouldContain("without a cursor");
        (await Client.GetAsync(list + "made-up")).ShouldBeProblem(410);
    }

    [Theory]
    [InlineData("events?limit=0")]
    [InlineData("events?limit=many")]
    [InlineData("deliveries?state=lost")]
    [InlineData("deliveries?since=yesterday")]
    public async Task A_parameter_that_means_nothing_is_named(string list)
    {
        var name = list.Split('?')[1].Split('=')[0];

        (await Client.GetAsync(list)).ShouldBeProblem(400).ShouldContain(name);
    }

    private async Task ShouldCountAsync(string reason, long count)
    {
        (await Client.LedgerAsync()).Of(Webhook.Shop).Rejected.ShouldNotBeNull().GetValueOrDefault(reason).ShouldBe(count);
        var connector = (await Client.GetAsync("connectors")).Json.GetProperty("items").EnumerateArray().Single(one => one.GetProperty("name").GetString() == Webhook.Shop);
        var rejected = connector.GetProperty("rejected").GetProperty(reason);
        rejected.GetProperty("count").GetInt64().ShouldBe(count);
        rejected.GetProperty("lastAt").GetDateTimeOffset().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
    }
}
