using System.Text.Json.Nodes;
using ValueChainHub.Heads.Tests.Support;

namespace ValueChainHub.Heads.Tests;

/// <summary><c>connect</c> as a new user calls it: in its own process, against vendors faked at the wire.</summary>
public sealed class ConnectCommandTests : IDisposable
{
    private const string Secret = "connect-secret-of-nobody-31415";
    private const string Address = "https://hub.example.com/api/webhooks/";
    private const string Scopes = "read_orders,read_customers,read_customer_merge,write_fulfillments,read_returns,read_products,read_inventory,read_shopify_payments_disputes";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Shopify_webhooks_are_shown_then_made_and_then_left_alone()
    {
        var shop = new Shop(Scopes);
        shop.Subscribe("ORDERS_CREATE", Address + "shopify");
        shop.Subscribe("PRODUCTS_UPDATE", "https://other.example/hooks?key=theirs");
        await using var api = await FakeVendorApi.StartAsync(shop.Answer);

        var look = await RunAsync(api, "shopify");
        var made = await RunAsync(api, "shopify", "--create");
        var again = await RunAsync(api, "shopify", "--create");

        look.Code.ShouldBe(3);
        look.Output.ShouldContain("the token is accepted by demo.myshopify.com");
        look.Output.ShouldContain("all scopes are granted");
        look.Output.ShouldContain("call it again with --create");
        look.Output.ShouldContain("products/update to https://other.example");
        look.Output.ShouldNotContain("theirs");
        made.Code.ShouldBe(0, made.Output);
        made.Output.ShouldContain("All in order.");
        shop.Created.ShouldContain(("CUSTOMERS_EMAIL_MARKETING_CONSENT_UPDATE", Address + "shopify"));
        shop.Created.ShouldContain(("CUSTOMER_TAGS_ADDED", Address + "shopify"));
        shop.Created.ShouldNotContain(one => one.Topic == "ORDERS_CREATE" || one.Topic.Contains("REDACT", StringComparison.Ordinal));
        shop.Created.Count.ShouldBe(shop.Created.Distinct().Count());
        again.Code.ShouldBe(0);
        api.Asked.ShouldAllBe(call => call.Headers["X-Shopify-Access-Token"] == Secret);
    }

    [Fact]
    public async Task A_missing_scope_names_it_and_what_waits_for_it()
    {
        var shop = new Shop(Scopes.Replace("read_returns,", "", StringComparison.Ordinal));
        await using var api = await FakeVendorApi.StartAsync(shop.Answer);

        var (code, output, _) = await RunAsync(api, "shopify", "--create");

        code.ShouldBe(3);
        output.ShouldContain("the app lacks the scopes read_returns.");
        output.ShouldContain("needs the scope read_returns");
        shop.Created.ShouldContain(one => one.Topic == "ORDERS_CREATE");
        shop.Created.ShouldNotContain(one => one.Topic.StartsWith("RETURNS", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"errors":[{"message":"no","extensions":{"code":"ACCESS_DENIED"}}]}""", "does not allow the shop's webhooks with this token (ACCESS_DENIED)")]
    [InlineData("""{"errors":[{"message":"slow","extensions":{"code":"THROTTLED"}}]}""", "Shopify asks to wait")]
    [InlineData("""{"errors":"rubbish"}""", "Shopify refuses the shop's webhooks")]
    [InlineData("""{"data":{"shop":null}}""", "is not what its schema")]
    [InlineData("[]", "is not a GraphQL answer")]
    public async Task Shopify_s_errors_inside_an_answer_are_one_sentence(string body, string expected)
    {
        await using var api = await FakeVendorApi.StartAsync(_ => new(200, body));

        var (code, output, errors) = await RunAsync(api, "shopify");

        code.ShouldBe(1);
        (output + errors).ShouldContain(expected);
    }

    [Fact]
    public async Task A_Klaviyo_account_without_webhooks_is_in_order_and_is_told_of_the_poller()
    {
        await using var api = await FakeVendorApi.StartAsync(call => call.Path.Contains("webhook", StringComparison.Ordinal) ? new(403, "{}") : new(200, """{"data":[]}"""));

        var (code, output, _) = await RunAsync(api, "klaviyo", "--create");

        code.ShouldBe(0, output);
        output.ShouldContain("The hub polls the events instead");
        output.ShouldContain("the scope events:read is granted");
        api.Asked.ShouldAllBe(call => call.Method == "GET" && call.Headers["revision"] == "2026-07-15" && call.Headers["Authorization"] == "Klaviyo-API-Key " + Secret);
    }

    [Fact]
    public async Task A_Klaviyo_account_with_webhooks_gets_one_of_the_topics_it_offers()
    {
        var hooks = new JsonArray();
        await using var api = await FakeVendorApi.StartAsync(call => (call.Method, call.Path) switch
        {
            (_, "/api/webhook-topics") => new(200, """{"data":[{"type":"webhook-topic","id":"event:klaviyo.opened_email"},{"type":"webhook-topic","id":"event:klaviyo.clicked_email"}]}"""),
            ("POST", "/api/webhooks") => Keep(call),
            (_, "/api/webhooks") => new(200, new JsonObject { ["data"] = hooks.DeepClone() }.ToJsonString()),
            _ => new(200, """{"data":[]}"""),
        });

        var made = await RunAsync(api, "klaviyo", "--create");
        var again = await RunAsync(api, "klaviyo", "--create");

        var posted = api.Asked.Single(call => call.Method == "POST").Json["data"]!;
        posted["attributes"]!["endpoint_url"]!.GetValue<string>().ShouldBe(Address + "klaviyo");
        posted["attributes"]!["secret_key"]!.GetValue<string>().ShouldBe("webhook-" + Secret);
        posted["relationships"]!["webhook-topics"]!["data"]!.AsArray().Select(topic => topic!["id"]!.GetValue<string>()).ShouldBe(["event:klaviyo.clicked_email", "event:klaviyo.opened_email"]);
        made.Output.ShouldContain("created");
        (made.Code, again.Code).ShouldBe((0, 0));
        again.Output.ShouldContain("present");
        again.Output.ShouldContain("the account does not offer it");

        VendorAnswer Keep(VendorCall call)
        {
            var hook = call.Json["data"]!.DeepClone();
            hook["id"] = "hook1";
            hooks.Add(hook);
            return new(201, new JsonObject { ["data"] = hook.DeepClone() }.ToJsonString());
        }
    }

    [Fact]
    public async Task Klaviyo_s_missing_scope_is_a_fault_because_nothing_would_be_polled()
    {
        await using var api = await FakeVendorApi.StartAsync(call => call.Path == "/api/events" || call.Path.Contains("webhook", StringComparison.Ordinal) ? new(403, "{}") : new(200, """{"data":[]}"""));

        var (code, output, _) = await RunAsync(api, "klaviyo");

        code.ShouldBe(1);
        output.ShouldContain("the key lacks the scope events:read");
    }

    [Fact]
    public async Task Gladly_gets_one_webhook_with_its_credential_and_a_second_call_only_adds_types()
    {
        var hooks = new JsonArray();
        await using var api = await FakeVendorApi.StartAsync(call => Gladly(call, hooks));

        var made = await RunAsync(api, "gladly", "--create");
        hooks[0]!["events"]!.AsArray().RemoveAt(0);
        var mended = await RunAsync(api, "gladly", "--create");
        var again = await RunAsync(api, "gladly", "--create");

        (made.Code, mended.Code, again.Code).ShouldBe((0, 0, 0), made.Output);
        made.Output.ShouldContain("Gladly sends a PING");
        var posted = api.Asked.Single(call => call.Method == "POST").Json;
        posted["url"]!.GetValue<string>().ShouldBe(Address + "gladly");
        posted["enabled"]!.GetValue<bool>().ShouldBeTrue();
        posted["credentials"]!["password"]!.GetValue<string>().ShouldBe("webhook-" + Secret);
        api.Asked.Count(call => call.Method == "PATCH").ShouldBe(1);
        hooks.Count.ShouldBe(1);
        hooks[0]!["events"]!.AsArray().Select(type => type!.GetValue<string>()).ShouldContain("CONVERSATION/CREATED");
    }

    [Fact]
    public async Task A_webhook_that_Gladly_switched_off_is_shown_and_not_made_again()
    {
        var hooks = new JsonArray();
        await using var api = await FakeVendorApi.StartAsync(call => Gladly(call, hooks));
        await RunAsync(api, "gladly", "--create");
        hooks[0]!["enabled"] = false;
        hooks[0]!["disabledAtDueToRetryLimit"] = "2026-02-01T00:00:00Z";

        var (code, output, _) = await RunAsync(api, "gladly", "--create");

        code.ShouldBe(3);
        output.ShouldContain("was switched off by Gladly because it was not answered");
        api.Asked.Count(call => call.Method == "POST").ShouldBe(1);
    }

    [Theory]
    [InlineData("shipstation", "/v2/environment/webhooks", "track_event_v2", 5)]
    [InlineData("shipengine", "/v1/environment/webhooks", "track", 2)]
    public async Task ShipStation_gets_a_webhook_for_each_event(string vendor, string path, string topic, int events)
    {
        var hooks = new JsonArray();
        await using var api = await FakeVendorApi.StartAsync(call =>
        {
            if (call.Path != path)
                return new(404, "{}");
            if (call.Method != "POST")
                return new(200, hooks.ToJsonString());
            hooks.Add(call.Json);
            return new(200, call.Body);
        });

        var made = await RunAsync(api, vendor, "--create");
        var again = await RunAsync(api, vendor);

        (made.Code, again.Code).ShouldBe((0, 0), made.Output);
        hooks.Count.ShouldBe(events);
        hooks.ShouldContain(hook => hook!["event"]!.GetValue<string>() == topic && hook["url"]!.GetValue<string>() == Address + vendor);
        api.Asked.ShouldAllBe(call => call.Headers["api-key"] == Secret);
    }

    public static TheoryData<string, int, string> Refusals
    {
        get
        {
            var data = new TheoryData<string, int, string>();
            foreach (var vendor in new[] { "shopify", "klaviyo", "gladly", "shipstation" })
            {
                data.Add(vendor, 401, "refuses the credentials (HTTP 401)");
                data.Add(vendor, 429, "asks to wait 17 seconds (HTTP 429)");
                data.Add(vendor, 503, "has trouble of its own (HTTP 503)");
                data.Add(vendor, 302, "answers with a redirect (HTTP 302)");
                data.Add(vendor, 200, "something that is not the API's: a web page, perhaps");
            }
            data.Add("gladly", 403, "with these credentials (HTTP 403)");
            data.Add("shopify", 404, "(HTTP 404). Check Connectors__shopify__BaseUrl");
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Whatever_goes_wrong_is_one_sentence_that_says_what_to_do(string vendor, int status, string expected)
    {
        await using var api = await FakeVendorApi.StartAsync(call => status switch
        {
            302 => new(302, "", "Location", "https://elsewhere.example/?token=" + Secret),
            429 => new(429, "{}", "Retry-After", "17"),
            // A vendor that quotes what it was sent must not be quoted.
            _ => new(status, $"<html><body>{string.Join(' ', call.Headers.Values)}</body></html>"),
        });

        var (code, output, errors) = await RunAsync(api, vendor, "--create");

        code.ShouldBe(1);
        (output + errors).ShouldContain(expected);
        output.Split('\n').Count(line => line.Contains("FAULT", StringComparison.Ordinal)).ShouldBe(1, output);
    }

    [Fact]
    public async Task A_vendor_that_hangs_is_given_ten_seconds()
    {
        await using var api = await FakeVendorApi.StartAsync(_ => null);

        var (code, output, _) = await RunAsync(api, "gladly");

        code.ShouldBe(1);
        output.ShouldContain("did not answer within 10 seconds");
    }

    [Fact]
    public async Task A_vendor_that_is_not_there_says_which_setting_to_check()
    {
        var api = await FakeVendorApi.StartAsync(_ => null);
        var gone = api.Url;
        await api.DisposeAsync();

        var (code, output, _) = await RunAsync(gone, "shopify");

        code.ShouldBe(1);
        output.ShouldContain("cannot be reached at 127.0.0.1");
        output.ShouldContain("Check Connectors__shopify__BaseUrl");
    }

    [Fact]
    public async Task Without_settings_it_says_which_to_set_and_makes_nothing()
    {
        using var nothing = ServerProcess.Run(_folder.Path, ["connect", "shopify"]);
        using var unknown = ServerProcess.Run(_folder.Path, ["connect", "nowhere"]);
        using var other = ServerProcess.Run(_folder.Path, ["connect", "klaviyo"], ("Connectors__shopify__WebhookSecret", Secret));
        using var noKey = ServerProcess.Run(_folder.Path, ["connect", "shopify"], ("Connectors__shopify__WebhookSecret", Secret));
        using var noAddress = ServerProcess.Run(_folder.Path, ["connect", "shopify", "--create"], ("Connectors__shopify__WebhookSecret", Secret));
        using var plain = ServerProcess.Run(_folder.Path, ["connect", "shopify"], ("Connectors__shopify__WebhookSecret", Secret), ("Hub__PublicUrl", "http://hub.example.com"));

        var all = new[] { await nothing.EndAsync(), await unknown.EndAsync(), await other.EndAsync(), await noKey.EndAsync(), await noAddress.EndAsync(), await plain.EndAsync() };

        all.ShouldAllBe(end => end.Code == 1);
        all[0].Errors.ShouldContain("Set Connectors__shopify__ApiKey");
        all[1].Errors.ShouldContain("'nowhere' is no vendor that the hub knows");
        all[2].Errors.ShouldContain("No connector is named 'klaviyo'. Configured are: shopify.");
        noKey.Output.ShouldContain("Connectors__shopify__ApiKey is not set");
        noKey.Output.ShouldContain("orders/create");
        all[4].Errors.ShouldContain("Hub__PublicUrl is not set");
        all[5].Errors.ShouldContain("Hub__PublicUrl is not https");
        Directory.EnumerateFileSystemEntries(_folder.Path).ShouldBeEmpty();
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(FakeVendorApi api, string vendor, params string[] options) => RunAsync(api.Url, vendor, options);

    /// <summary>No run may show a secret or a stack.</summary>
    private async Task<(int Code, string Output, string Errors)> RunAsync(string url, string vendor, params string[] options)
    {
        (string, string)[] settings =
        [
            ("Hub__PublicUrl", "https://hub.example.com/"), ("Hub__AllowLoopbackVendors", "true"), ($"Connectors__{vendor}__BaseUrl", url), ($"Connectors__{vendor}__ApiKey", Secret),
            ($"Connectors__{vendor}__ApiUser", "agent@example.com"), ($"Connectors__{vendor}__WebhookSecret", "webhook-" + Secret),
            ($"Connectors__{vendor}__WebhookUser", "hub"), ($"Connectors__{vendor}__WebhookPassword", "webhook-" + Secret),
        ];
        using var program = ServerProcess.Run(_folder.Path, ["connect", vendor, .. options], settings);
        var (code, errors) = await program.EndAsync();
        (program.Output + errors).ShouldNotContain(Secret);
        (program.Output + errors).ShouldNotContain("   at ");
        return (code, program.Output, errors);
    }

    private static VendorAnswer Gladly(VendorCall call, JsonArray hooks)
    {
        switch (call.Method)
        {
            case "POST":
                var hook = call.Json;
                hook["id"] = "hook1";
                hook.Remove("credentials");
                hooks.Add(hook);
                return new(201, "");
            case "PATCH":
                hooks[0]!["events"] = call.Json["events"]!.DeepClone();
                return new(204, "");
            default:
                return new(200, hooks.ToJsonString());
        }
    }

    /// <summary>A shop's GraphQL, as far as it is asked.</summary>
    private sealed class Shop(string scopes)
    {
        private readonly List<(string Topic, string Uri)> _subscriptions = [];

        public List<(string Topic, string Uri)> Created { get; } = [];

        public void Subscribe(string topic, string uri) => _subscriptions.Add((topic, uri));

        public VendorAnswer Answer(VendorCall call)
        {
            var variables = call.Json["variables"]!;
            if (call.Json["query"]!.GetValue<string>().Contains("mutation", StringComparison.Ordinal))
            {
                var made = (variables["topic"]!.GetValue<string>(), variables["uri"]!.GetValue<string>());
                Created.Add(made);
                _subscriptions.Add(made);
                return new(200, """{"data":{"webhookSubscriptionCreate":{"webhookSubscription":{"id":"gid://shopify/WebhookSubscription/1"},"userErrors":[]}}}""");
            }
            // Two pages, so that a client which reads one sees too few.
            var first = variables["after"] is null;
            var half = _subscriptions.Count / 2;
            var page = first ? _subscriptions.Take(half) : _subscriptions.Skip(half);
            return new(200, new JsonObject
            {
                ["data"] = new JsonObject
                {
                    ["shop"] = new JsonObject { ["myshopifyDomain"] = "demo.myshopify.com" },
                    ["currentAppInstallation"] = new JsonObject { ["accessScopes"] = new JsonArray([.. scopes.Split(',').Select(scope => new JsonObject { ["handle"] = scope })]) },
                    ["webhookSubscriptions"] = new JsonObject
                    {
                        ["nodes"] = new JsonArray([.. page.Select(one => new JsonObject
                        {
                            ["id"] = "gid://shopify/WebhookSubscription/9", ["topic"] = one.Topic, ["uri"] = one.Uri, ["apiVersion"] = new JsonObject { ["handle"] = "2026-07" },
                        })]),
                        ["pageInfo"] = new JsonObject { ["hasNextPage"] = first, ["endCursor"] = "half" },
                    },
                },
            }.ToJsonString());
        }
    }
}
