using System.Net;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Delivery;

namespace ValueChainHub.Connectors.Tests.Clients;

public sealed class RefusalTests : IDisposable
{
    private const string Shipengine = "3b7a0b5e-8f6c-4f1d-9f2a-5c1d2e3f4a5b";

    private static readonly Recipient Ada = new("c-1", "7", "ada.shopper@example.com", "+15005550100");

    private readonly ScriptedWire _wire = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _wire.Dispose();

    [Fact]
    public async Task Klaviyo_s_refusal_has_status_code_and_request_and_not_its_words()
    {
        _wire.Answer("""{"errors":[{"id":"3b7a0b5e-8f6c-4f1d-9f2a-5c1d2e3f4a5b","code":"duplicate_profile","title":"Conflict","detail":"ada.shopper@example.com is taken"}]}""", HttpStatusCode.Conflict);

        var failed = (await UpsertAsync()).ShouldBeOfType<WriteOutcome.Failed>();

        failed.ShouldBe(new WriteOutcome.Failed(FailureKind.Refused, "HTTP 409", null, new(409, "duplicate_profile", Shipengine)));
    }

    [Fact]
    public async Task What_stands_where_a_code_should_is_dropped_unless_it_looks_like_one()
    {
        _wire.Answer("""{"errors":[{"id":"+15005550100","code":"ada.shopper@example.com"}]}""", HttpStatusCode.BadRequest);

        (await UpsertAsync()).ShouldBe(new WriteOutcome.Failed(FailureKind.Refused, "HTTP 400", null, new(400, null, null)));
    }

    [Theory]
    [InlineData("not_found", "not_found")]
    [InlineData("MAX_COST_EXCEEDED", "MAX_COST_EXCEEDED")]
    [InlineData("error-code404", "error-code404")]
    [InlineData("ada@example.com", null)]
    [InlineData("+15005550100", null)]
    [InlineData("15005550100", null)]
    [InlineData("a sentence", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_code_is_a_word(string? text, string? expected) => RefusalFormat.Code(text).ShouldBe(expected);

    [Fact]
    public async Task A_vendor_that_asks_to_wait_is_not_asked_before()
    {
        _wire.Answer("{}", HttpStatusCode.TooManyRequests, ("Retry-After", "30"));
        var klaviyo = Made.Klaviyo(_wire);

        var first = (await UpsertAsync(klaviyo)).ShouldBeOfType<WriteOutcome.Failed>();
        var second = (await UpsertAsync(klaviyo)).ShouldBeOfType<WriteOutcome.Failed>();

        first.ShouldBe(new WriteOutcome.Failed(FailureKind.Throttled, "HTTP 429", Made.Now.AddSeconds(30), new(429, null, null)));
        (second.Kind, second.NotBefore, second.Answer).ShouldBe((FailureKind.Throttled, Made.Now.AddSeconds(30), null));
        _wire.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Shopify_s_points_hold_writes_like_reads()
    {
        _wire.Answer("""{"errors":[{"extensions":{"code":"THROTTLED"}}],"extensions":{"cost":{"requestedQueryCost":110,"throttleStatus":{"currentlyAvailable":10,"restoreRate":50.0}}}}""",
            HttpStatusCode.OK, ("X-Request-Id", Shipengine));
        var shopify = Made.Shopify(_wire);

        var failed = (await shopify.SetTagsAsync(new(Ada, ["a"], []), Token)).ShouldBeOfType<WriteOutcome.Failed>();
        _ = await shopify.SetTagsAsync(new(Ada, ["a"], []), Token);

        failed.ShouldBe(new WriteOutcome.Failed(FailureKind.Throttled, "THROTTLED", Made.Now.AddSeconds(2), new(200, "THROTTLED", Shipengine)));
        _wire.Calls.Count.ShouldBe(1);
    }

    /// <summary>Each client against an answer that is none: a redirect, rubbish, another shape, a broken connection.</summary>
    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Whatever_is_answered_is_a_failure_that_names_nobody(string client)
    {
        string[] rubbish = ["<html>ada.shopper@example.com</html>", "", "null", "7", """{"data":7}""", """{"data":[7]}""", """[7]""", """{"shipments":{}}""", "{\"data\":{\"orders\":", "[{\"id\":{}}]"];
        foreach (var body in rubbish.Where(body => body.Length > 0 || client != "gladly events")) // No lines are no events.
            await FailsAsync(client, new ScriptedWire().Answer(body));
        await FailsAsync(client, new ScriptedWire().Break());
        await FailsAsync(client, new ScriptedWire().Answer("ada.shopper@example.com", HttpStatusCode.InternalServerError));
        var redirected = new ScriptedWire().Answer("", HttpStatusCode.Found, ("Location", "https://elsewhere.example/?email=ada.shopper@example.com"));
        await FailsAsync(client, redirected);
        redirected.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task No_client_waits_for_a_vendor_that_hangs()
    {
        var failures = await Task.WhenAll(Clients.Select(async client => await CallAsync(client.Data, new ScriptedWire().Hang())));

        failures.ShouldAllBe(failure => failure!.Value.Kind == FailureKind.Timeout);
    }

    public static TheoryData<string> Clients => ["shopify orders", "shopify customers", "shopify subscriptions", "klaviyo profiles", "klaviyo import", "klaviyo subscriptions", "shipstation shipments",
        "shipstation labels", "shipstation webhooks", "gladly find", "gladly events", "gladly customer", "gladly webhooks"];

    private static async Task FailsAsync(string client, ScriptedWire wire)
    {
        using (wire)
        {
            var failure = (await CallAsync(client, wire)).ShouldNotBeNull(client);
            failure.ToString().ShouldSatisfyAllConditions(text => text.ShouldNotContain("ada", Case.Insensitive), text => text.ShouldNotContain("shpat"), text => text.ShouldNotContain("pk-private"));
        }
    }

    private static async Task<CallFailure?> CallAsync(string client, ScriptedWire wire) => client switch
    {
        "shopify orders" => (await Made.ShopifyAdmin(wire).OrdersAsync(Made.Now, null, Token)).Failure,
        "shopify customers" => (await Made.ShopifyAdmin(wire).CustomersAsync(Made.Now, null, Token)).Failure,
        "shopify subscriptions" => (await Made.ShopifyAdmin(wire).SubscriptionsAsync(null, Token)).Failure,
        "klaviyo profiles" => (await Made.KlaviyoAccess(wire).ProfilesAsync(Made.Now, null, Token)).Failure,
        "klaviyo import" => (await Made.KlaviyoAccess(wire).ImportProfileAsync(null, new(), Token)).Failure,
        "klaviyo subscriptions" => (await Made.KlaviyoAccess(wire).SubscriptionsAsync(Token)).Failure,
        "shipstation shipments" => (await Made.ShipStation(wire).ShipmentsAsync(Made.Now, null, Token)).Failure,
        "shipstation labels" => (await Made.ShipStation(wire).LabelsAsync(Made.Now, null, Token)).Failure,
        "shipstation webhooks" => (await Made.ShipStation(wire).SubscriptionsAsync(Token)).Failure,
        "gladly find" => (await Made.GladlyApi(wire).FindCustomersAsync("ada.shopper@example.com", null, Token)).Failure,
        "gladly events" => (await Made.GladlyApi(wire).EventsAsync(Made.Now, Made.Now, ["TASK"], Token)).Failure,
        "gladly customer" => (await Made.GladlyApi(wire).CustomerAsync("7", Token)).Failure,
        "gladly webhooks" => (await Made.GladlyApi(wire).SubscriptionsAsync(Token)).Failure,
        _ => throw new ArgumentException("not a client", nameof(client)),
    };

    private Task<WriteOutcome> UpsertAsync(ITakesCustomers? to = null) => (to ?? Made.Klaviyo(_wire)).UpsertAsync(new(Ada, null, null, null, null, null), Token);
}
